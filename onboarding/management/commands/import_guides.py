from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from onboarding.files.blocks import BadText
from onboarding.files.importer import Import
from portal.accounts.models import User
from portal.core.ops.report import counted, report
from portal.core.web.outcomes import REFUSED


class Command(BaseCommand):
    help = (
        "Read guides and questions from a folder of Markdown, or recordings of Chrome DevTools. "
        "It is safe to repeat; a guide that changed on both sides is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="A folder, or one file: Markdown or .json.")
        parser.add_argument("--dry-run", action="store_true", help="Report, but change nothing.")
        parser.add_argument("--publish", action="store_true", help="Publish what was read.")
        parser.add_argument("--force", action="store_true", help="The folder is right.")
        parser.add_argument("--by", metavar="USER", help="User name of the author to record.")
        parser.add_argument("--quiet", action="store_true", help="Only refused files and totals.")

    def handle(self, folder, by, quiet, **options):
        if not folder.exists():
            raise CommandError(f"There is no folder {folder}.")
        user = User.objects.filter(username=by).first() if by else None
        if by and not user:
            raise CommandError(f"There is no user {by}.")
        chosen = {name: options[name] for name in ("dry_run", "publish", "force")}
        try:
            work = Import(folder, by=user, at=timezone.now(), **chosen)
        except BadText as error:
            raise CommandError(error.detail) from error
        totals = report(work, self.stdout, quiet=quiet)
        done = "Nothing was changed (dry run)" if work.dry_run else "Done"
        self.stdout.write(f"\n{done}: {counted(totals)}.")
        if totals[REFUSED]:
            raise CommandError(f"{totals[REFUSED]} refused.")
