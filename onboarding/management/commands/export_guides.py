from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from onboarding.files.exporting import Export
from onboarding.printing import NotPrinted, printed
from runbooks.files.reporting import counted, report


class Command(BaseCommand):
    help = "Write every guide with its pictures and films, and the questions, into a folder."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--pdf", action="store_true", help="Print each published one, too.")
        parser.add_argument("--quiet", action="store_true", help="Only refused files and totals.")

    def handle(self, folder, pdf, quiet, **options):
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            work = Export(folder, printed=printed if pdf else None)
            totals = report(work, self.stdout, quiet=quiet)
        except NotPrinted as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"\nDone: {counted(totals)}.")
