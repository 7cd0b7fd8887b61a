from django.core.management.base import BaseCommand, CommandError

from portal.core.ops import data_folder, engine
from portal.core.ops.checks import SETTINGS


class Command(BaseCommand):
    help = "Do what is due as it becomes due, until it is told to end (SIGTERM)."
    requires_system_checks = (SETTINGS,)  # the rest is about pages: half a second

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")

    def handle(self, *, once, **options):
        data_folder.make_or_refuse()
        if not once:
            engine.run()
        elif failed := engine.once():
            raise CommandError(f"It failed, see the log: {', '.join(failed)}.")
