from django.core.management.base import BaseCommand
from django.utils import timezone

from onboarding.forgetting import forget


class Command(BaseCommand):
    help = "Forget whose progress is that nobody touched for PORTAL_ANONYMISE_PROGRESS_DAYS."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would be forgotten.")

    def handle(self, *, dry_run, **options):
        found = forget(at=timezone.now(), dry_run=dry_run)
        if found is None:
            self.stdout.write("PORTAL_ANONYMISE_PROGRESS_DAYS is 0: everything is kept.")
            return
        verb = "Would forget" if dry_run else "Forgot"
        counts = ", ".join(f"{n} {name}" for name, n in found.items())
        self.stdout.write(f"{verb} whose they are: {counts}.")
