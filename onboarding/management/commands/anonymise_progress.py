from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from onboarding.privacy.erasure import forget, forget_person
from portal.accounts.models import User


class Command(BaseCommand):
    help = (
        "Forget whose progress is that nobody touched for PORTAL_ANONYMISE_PROGRESS_DAYS; "
        "or, at once, all that guides keep about one person."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would be forgotten.")
        parser.add_argument("--user", metavar="NAME", help="Forget this person, whatever its age.")

    def handle(self, *, dry_run, user, **options):
        found = self._of(user, dry_run) if user else forget(at=timezone.now(), dry_run=dry_run)
        if found is None:
            self.stdout.write("PORTAL_ANONYMISE_PROGRESS_DAYS is 0: nothing is erased.")
            return
        verb = "Would forget" if dry_run else "Forgot"
        counts = ", ".join(f"{n} {name}" for name, n in found.items())
        self.stdout.write(f"{verb} whose they are: {counts}.")

    def _of(self, name: str, dry_run: bool) -> dict[str, int]:
        person = User.objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"Nobody has the user name “{name}”.")
        return forget_person(person, dry_run=dry_run)
