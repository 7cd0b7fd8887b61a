from collections import Counter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.data import clock
from portal.monitoring.heartbeats import exports
from portal.monitoring.models import Heartbeat

CREATED, PAUSED, NOT_TAKEN = "created", "created, paused", "not taken"


class Command(BaseCommand):
    help = (
        "Make heartbeats of what another tool watches: Uptime Kuma's kuma.db or its JSON backup,"
        " or what healthchecks answers to GET /api/v3/checks/."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Say it, and make nothing.")

    def handle(self, *, files, dry_run, **options):
        counts: Counter[str] = Counter()
        with transaction.atomic():
            for path in files:
                try:
                    found = exports.read(path)
                except ValidationError as error:
                    raise CommandError(" ".join(error.messages)) from error
                counts += self.make(found)
            transaction.set_rollback(dry_run)
        made = counts[CREATED] + counts[PAUSED]
        would = "would be created" if dry_run else "created"
        self.stdout.write(f"{made} {would}, {counts[NOT_TAKEN]} not taken.")

    def make(self, found: list[exports.Found]) -> Counter[str]:
        known = set(Heartbeat.objects.values_list("name", flat=True))
        counts: Counter[str] = Counter()
        for each in exports.repeated(found, known):
            state, why = one(each)
            counts[state] += 1
            self.stdout.write(f"{state}: {each.name}" + (f", because {why}" if why else ""))
        return counts


def one(found: exports.Found) -> tuple[str, str]:
    """What became of it, and why if nothing did."""
    if found.not_taken:
        return NOT_TAKEN, found.not_taken
    try:
        with transaction.atomic():
            heartbeat = Heartbeat.objects.make(found.name, **found.about)
    except ValidationError as error:
        return NOT_TAKEN, " ".join(error.messages)
    if not found.is_paused:
        return CREATED, ""
    heartbeat.pause(by=None, at=clock.now())
    return PAUSED, ""
