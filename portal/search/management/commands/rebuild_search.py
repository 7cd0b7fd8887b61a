from django.core.management.base import BaseCommand

from portal.search import index, registry


class Command(BaseCommand):
    help = (
        "Index everything anew, of all kinds. The search works meanwhile. Needed only when the "
        "index and the rows disagree, as after rows were written by hand."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count, but change nothing.")

    def handle(self, dry_run, **options):
        done = "would be" if dry_run else "were"
        for kind in registry.kinds():
            count, gone = index.rebuild(kind, dry_run=dry_run)
            more = f"; {gone} of rows that are gone {done} removed" if gone else ""
            self.stdout.write(f"{kind.plural}: {count} entries {done} written{more}.")
        if not dry_run:
            self.stdout.write(
                f"Words that stand nowhere any more: {index.rebuild_words()} removed."
            )
