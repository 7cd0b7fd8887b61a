import os
import sys
from collections import Counter
from collections.abc import Iterable
from getpass import getpass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.data import clock
from portal.monitoring.heartbeats.exports import files, kuma
from portal.monitoring.heartbeats.exports.found import Duplicates, Found
from portal.monitoring.models import Heartbeat

CREATED, PAUSED, NOT_TAKEN = "created", "created, paused", "not taken"
MARIADB = ("mysql://", "mariadb://")
PASSWORD = "IMPORT_CHECKS_PASSWORD"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    help = (
        "Make heartbeats of what another tool watches: Uptime Kuma's kuma.db, its JSON backup or"
        " its MariaDB, what healthchecks answers to GET /api/v3/checks/. Of Prometheus the targets"
        " of a blackbox exporter are named: they are checks, and no jobs that report."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="SOURCE",
            help="a file, or mysql://user@host:3306/database; its password is read from "
            f"{PASSWORD}, or asked for",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say it, and make nothing.")

    def handle(self, *, sources, dry_run, **options):
        counts: Counter[str] = Counter()
        duplicates = Duplicates(Heartbeat.objects.values_list("name", flat=True))
        with transaction.atomic():
            for source in sources:
                counts += self.make(duplicates.named(read(source)))
            transaction.set_rollback(dry_run)
        made = counts[CREATED] + counts[PAUSED]
        would = "would be created" if dry_run else "created"
        self.stdout.write(f"{made} {would}, {counts[NOT_TAKEN]} not taken.")

    def make(self, found: Iterable[Found]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for each in found:
            state, why = one(each)
            counts[state] += 1
            self.stdout.write(f"{state}: {each.name}" + (f", because {why}" if why else ""))
        return counts


def read(source: str) -> list[Found]:
    try:
        if source.startswith(MARIADB):
            return kuma.in_mariadb(source, password)
        return files.read(Path(source))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def password() -> str:
    """Of the database; asked for where somebody can answer."""
    given = os.environ.get(PASSWORD)
    if given is None and sys.stdin.isatty():
        return getpass("Password of the database: ")
    return given or ""


def one(found: Found) -> tuple[str, str]:
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
