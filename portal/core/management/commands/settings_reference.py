from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.core.ops.reference import reference


class Command(BaseCommand):
    """Write the page about the settings anew: docs/architecture/settings.md."""

    help = __doc__

    def handle(self, **options):
        page = Path(settings.BASE_DIR) / "docs" / "architecture" / "settings.md"
        page.write_text(reference(Path(settings.BASE_DIR) / "portal" / "settings.py"))
        self.stdout.write(f"Wrote {page}")
