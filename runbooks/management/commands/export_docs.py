from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.core.ops.report import counted, report
from runbooks.files.exporter import Export


class Command(BaseCommand):
    help = "Write every published runbook and its images into the folders of the six sections."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--quiet", action="store_true", help="Only refused files and totals.")

    def handle(self, folder, quiet, **options):
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        totals = report(Export(folder), self.stdout, quiet=quiet)
        self.stdout.write(f"\nDone: {counted(totals)}.")
