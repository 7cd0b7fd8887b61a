from pathlib import Path

from django.core.management.base import BaseCommand

from portal.architecture.files.tree import export_tree


class Command(BaseCommand):
    """Write the catalog as YAML: one file for each service, zone and integration."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--prune", action="store_true", help="Remove files of rows that are gone."
        )

    def handle(self, *, folder: Path, prune: bool, **options):
        written, removed = export_tree(folder, prune=prune)
        self.stdout.write(f"{written} files written, {removed} removed, in {folder}")
