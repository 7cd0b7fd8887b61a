from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.architecture.files.tree import import_tree


class Command(BaseCommand):
    """Read services, zones and integrations from YAML or Backstage files."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would change.")

    def handle(self, *, folder: Path, dry_run: bool, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        outcome = import_tree(folder, dry_run=dry_run)
        for line in (*outcome.warnings, *outcome.errors):
            self.stderr.write(line)
        for word, names in (("new", outcome.created), ("changed", outcome.changed)):
            for name in names:
                self.stdout.write(f"{word}: {name}")
        would = "would be " if dry_run else ""
        new, changed = len(outcome.created), len(outcome.changed)
        self.stdout.write(f"{new} {would}new, {changed} {would}changed, {outcome.same} the same")
        if outcome.errors:
            raise CommandError("Not all was taken: see the lines above.")
