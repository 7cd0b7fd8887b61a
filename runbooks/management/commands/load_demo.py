import os
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import ROLES
from portal.architecture.files.tree import import_tree
from portal.core.web.outcomes import REFUSED
from runbooks import demo
from runbooks.files.importer import Import
from runbooks.models import Section


class Command(BaseCommand):
    help = "Fill a new portal with five people, one a role, and something to look at."

    def handle(self, **options):
        names = demo.PEOPLE
        people = User.objects.filter(username__in=names)
        if User.objects.exists() and people.count() < len(names):
            raise CommandError(
                f"{settings.DATA_DIR} holds a portal of real people. Choose another folder."
            )
        password = os.environ.get("PORTAL_DEMO_PASSWORD") or secrets.token_urlsafe(12)
        now = timezone.now()
        with transaction.atomic():
            people = demo.make_people(password)
            demo.tell_stories(people, now=now)
        self.load_library(now)
        self.show(people, password)

    def load_library(self, now):
        """Read the starter library; what was read before stays as it is."""
        library = settings.BASE_DIR / "docs"
        if not library.is_dir():
            return
        import_tree(library / "architecture" / "catalog")
        for outcome in Import(library, at=now - timedelta(days=30), section=Section.RUNBOOKS).run():
            if outcome.state == REFUSED:
                self.stderr.write(str(outcome))
        demo.own_library()

    def show(self, people, password):
        self.stdout.write(f"\n  {'signs in as':13}{'name':16}role")
        for role, username in zip(ROLES, people, strict=True):
            self.stdout.write(f"  {username:13}{people[username].name:16}{role}")
        self.stdout.write(f"\n  password of all five: {password}\n\n")
        self.stdout.flush()
