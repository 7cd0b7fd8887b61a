from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from onboarding.files.exporter import Export
from onboarding.guides.pdf import NotPrinted, printed
from onboarding.models import Guide
from portal.core.ops.report import counted, report

in_turn = partial(printed, waits=True)


class Command(BaseCommand):
    help = "Write every guide with its pictures and films, and the questions, into a folder."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--guide", nargs="+", metavar="SLUG", help="Only these guides.")
        parser.add_argument("--pdf", action="store_true", help="Print each published one, too.")
        parser.add_argument("--quiet", action="store_true", help="Only refused files and totals.")

    def handle(self, folder, guide, pdf, quiet, **options):
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        slugs = guide or ()
        known = set(Guide.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        if unknown := sorted(set(slugs) - known):
            raise CommandError(f"There is no guide {', '.join(unknown)}.")
        try:
            work = Export(folder, printed=in_turn if pdf else None, slugs=slugs)
            totals = report(work, self.stdout, quiet=quiet)
        except NotPrinted as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"\nDone: {counted(totals)}.")
