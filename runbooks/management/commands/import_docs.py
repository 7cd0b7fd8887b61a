from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import Team, User
from portal.core.ops.report import counted, report
from runbooks.files.importer import Import
from runbooks.models import Section


class Command(BaseCommand):
    help = (
        "Read a folder of Markdown files and images: of Hugo, of MkDocs, plain, or an export. "
        "It is safe to repeat; a file that changed on both sides becomes a draft."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--section",
            choices=Section.values,
            default="",
            help="Section of files that lie in no section folder; runbooks if not given.",
        )
        parser.add_argument(
            "--name",
            default="",
            help="Name of the tree in the portal; the name of the folder if not given.",
        )
        parser.add_argument(
            "--split",
            action="store_true",
            help="Split files above 128 kB: an index, and a part for each second-level heading.",
        )
        parser.add_argument("--owner", metavar="TEAM", help="Team of runbooks that name none.")
        parser.add_argument("--by", metavar="USER", help="User name of the author to record.")
        parser.add_argument("--dry-run", action="store_true", help="Report, but change nothing.")
        parser.add_argument("--quiet", action="store_true", help="Only refused files and totals.")

    def handle(self, folder, section, name, owner, by, dry_run, quiet, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        work = Import(
            folder,
            section=section,
            name=name,
            by=self._user(by),
            owner=self._team(owner),
            at=timezone.now(),
            split=options["split"],
            dry_run=dry_run,
        )
        totals = report(work, self.stdout, quiet=quiet)
        self._report_links(work)
        self._summarise(work, totals)

    def _user(self, name: str | None) -> User | None:
        found = User.objects.filter(username=name).first() if name else None
        if name and not found:
            raise CommandError(f"There is no user {name}.")
        return found

    def _team(self, name: str | None) -> Team | None:
        found = Team.objects.filter(Q(slug=name) | Q(name=name)).first() if name else None
        if name and not found:
            known = ", ".join(Team.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise CommandError(f"There is no team {name}. Teams are: {known or 'none yet'}.")
        return found

    def _report_links(self, work: Import) -> None:
        for title, is_new in (
            ("lead to files that were not taken", True),
            ("led nowhere before", False),
        ):
            broken = [link for link in work.broken if link.is_new == is_new]
            if broken:
                self.stdout.write(f"\n{len(broken)} internal links {title}:")
            for link in broken:
                self.stdout.write(f"  {link}")

    def _summarise(self, work: Import, totals: Counter) -> None:
        done = "Nothing was changed (dry run)" if work.dry_run else "Done"
        self.stdout.write(f"\n{done}: {counted(totals)}.")
