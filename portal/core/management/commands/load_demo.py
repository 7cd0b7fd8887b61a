import os
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.core.ops.demo import World, load
from portal.core.problems import DomainError


class Command(BaseCommand):
    """It stands in core, as `engine` does: it runs what apps offer and knows none of them."""

    help = "Fill a new portal with an online shop: its people, services, runbooks and runs."

    def handle(self, **options):
        library = settings.BASE_DIR / "docs"
        password = os.environ.get("PORTAL_DEMO_PASSWORD") or secrets.token_urlsafe(12)
        library = library if library.is_dir() else None
        world = World(timezone.now(), password, library, tell=self.tell)
        try:
            load(world)
        except DomainError as refusal:
            raise CommandError(refusal.detail) from refusal
        for line in world.refused:
            self.stderr.write(line)
        self.tell("\n".join(world.said))

    def tell(self, line: str) -> None:
        """Write a line at once, also into a file or a pipe."""
        self.stdout.write(line)
        self.stdout.flush()
