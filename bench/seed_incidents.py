"""Incidents: very many that are over, and a few that are open, in whose rooms much goes on."""

from datetime import timedelta

from django.utils import timezone

from bench.counts import OPEN_INCIDENTS
from bench.words import WORDS
from incidents.models import AffectedService, Entry, EntryKind, Incident, Severity
from portal.accounts.models import User
from portal.architecture.models import Service
from portal.monitoring.models import Alert
from runbooks.models import Run

ENTRIES = 4  # of each that is over
NOTES, TASKS, SERVICES, ALERTS = 40, 6, 3, 3  # of each that is open
OPEN_LEVEL = 3  # no line above every other page
AGO = timedelta(days=1)


def incidents(count: int, keeper: User) -> None:
    """So many in all; the open ones are the first."""
    for n in range(1, OPEN_INCIDENTS + 1):
        _work_on(_opened(n, keeper), n, keeper)
    numbers = range(OPEN_INCIDENTS + 1, count + 1)
    terms, now = Severity.objects.of(OPEN_LEVEL).terms(), timezone.now()
    Incident.objects.bulk_create(_over(n, terms, now) for n in numbers)
    services = list(Service.objects.order_by("pk"))
    AffectedService.objects.bulk_create(
        AffectedService(incident_id=n, service=services[n % len(services)], added_at=now)
        for n in numbers
    )
    Entry.objects.bulk_create(
        Entry(incident_id=n, kind=EntryKind.NOTE, at=now - AGO, by_name="Bench", text=f"Note {k}")
        for n in numbers
        for k in range(ENTRIES)
    )


def _opened(n: int, keeper: User) -> Incident:
    services = Service.objects.order_by("pk")[n * SERVICES : (n + 1) * SERVICES]
    about = {"title": f"{_named(n)} is open", "severity": Severity.objects.of(OPEN_LEVEL)}
    made: Incident = Incident.objects.declare(**about, by=keeper, services=services, number=n)
    return made


def _work_on(incident: Incident, n: int, keeper: User) -> None:
    incident.acknowledge(by=keeper)
    for number in range(NOTES):
        incident.note(f"Note **{number}**: the queue is `{number}` long.", by=keeper)
    for number in range(TASKS):
        incident.add_task(f"Task {number}", by=keeper)
    incident.add_link("https://meet.example.org/call", "Call", by=keeper)
    incident.join_run(Run.objects.get(pk=n), by=keeper)
    incident.join_alerts(Alert.objects.order_by("pk")[n * ALERTS : (n + 1) * ALERTS])


def _over(n: int, terms: dict, now) -> Incident:
    at = now - AGO - timedelta(minutes=n)
    over = {"state": "closed", "resolved_at": at + AGO / 2, "closed_at": at + AGO / 2}
    about = {"number": n, "title": _named(n), "terms": terms, "level": n % 5 + 1}
    return Incident(**about, **over, declared_at=at, active_at=at, outcome="It was mended.")


def _named(n: int) -> str:
    return f"{WORDS[n % 24].capitalize()} {WORDS[n % 23]} incident {n}"
