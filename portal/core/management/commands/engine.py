from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from portal.core.ops import data_folder, engine, release
from portal.core.ops.checks import SETTINGS


class Command(BaseCommand):
    help = "Do what is due as it becomes due, until it is told to end (SIGTERM)."
    requires_system_checks = (SETTINGS,)  # the rest is about pages: half a second

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")

    def handle(self, *, once, **options):
        data_folder.make_or_refuse()
        refuse_newer_database()
        if not once:
            if why := engine.run():
                raise CommandError(why)
        elif failed := engine.once():
            raise CommandError(f"It failed, see the log: {', '.join(failed)}.")


def refuse_newer_database() -> None:
    """Raises CommandError; while the database is away, the job of the same name asks again."""
    try:
        why = release.refusal()
    except OperationalError:
        return
    if why:
        raise CommandError(why)
