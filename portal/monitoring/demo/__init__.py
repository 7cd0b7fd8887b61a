"""What fires in the online shop, what fired in the last weeks, and jobs that report themselves."""

from datetime import timedelta

from portal.core.ops.demo import World
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert, Intake, IntakeKind, Received
from portal.monitoring.notices import OURS
from portal.notifications.models import Attempt, Delivery, DeliveryState

from . import quiet, repeats
from .heartbeats import make_heartbeats
from .stories import FIRING, PAST, QUIET, Story

DOING = "alerts, their intakes, and heartbeats"
NOISE = "SessionCacheEvictions"


def load(world: World) -> None:
    """The shop once: what visitors changed stays."""
    if not world.is_new:
        return
    intakes = _intakes(world)
    for story in PAST:
        intake = intakes[story.intake]
        began = world.now - timedelta(minutes=story.ago)
        _send(intake, story, began, began + timedelta(seconds=28))
        _send(intake, story, began, began + timedelta(minutes=story.minutes))
    repeats.load(world, lambda story, *times: _send(intakes[story.intake], story, *times))
    for story in (*FIRING, *QUIET):
        began = world.now - timedelta(minutes=story.ago)
        _send(intakes[story.intake], story, began, began + timedelta(seconds=31))
        _send(intakes[story.intake], story, began, world.now - timedelta(seconds=40))
    _lives(intakes, world)
    _said(world)
    for alert in Alert.objects.resolved().exclude(told=[]):
        _date_messages(alert)
    quiet.load(world)
    world.report("a silence, a snooze, planned maintenance, an alert that stands under another")
    firing = Alert.objects.firing().count()
    world.report(f"{firing} alerts that fire, {Alert.objects.count() - firing} that are over")
    make_heartbeats(world)


def _intakes(world: World) -> dict[str, Intake]:
    wanted = {
        "prometheus": ("Prometheus of the shop", IntakeKind.ALERTMANAGER),
        "grafana": ("Grafana", IntakeKind.GRAFANA),
        "jobs": ("Nightly jobs", IntakeKind.GENERIC),
    }
    made = {}
    for key, (name, kind) in wanted.items():
        made[key], _ = Intake.objects.make(
            name, kind, by=world.people["olga"], at=world.now - timedelta(days=70)
        )
    return made


def _send(intake: Intake, story: Story, began, at) -> None:
    """One delivery: it fires, or it is over once so many minutes have passed."""
    ended = story.minutes and at >= began + timedelta(minutes=story.minutes)
    labels = {"alertname": story.name, "severity": story.severity, **story.labels}
    report = Report(
        fingerprint=f"{story.name}-{'-'.join(story.labels.values())}",
        name=story.name,
        is_firing=not ended,
        starts_at=began,
        ends_at=at if ended else None,
        labels=labels,
        annotations={"summary": story.summary},
        severity=story.severity,
        generator_url="https://prometheus.example.org/graph",
    )
    body = f'{{"version": "4", "status": "{report.word}", "receiver": "ops-portal"}}'
    received = Received.objects.create(
        intake=intake,
        at=at,
        sender="https://alerts.example.org",
        size=940 + 7 * len(story.summary),
        body=body,
        answer=200,
        firing=report.is_firing,
        resolved=not report.is_firing,
    )
    take([report], source=intake.source, at=at, intake=intake, received=received)


def _lives(intakes: dict[str, Intake], world: World) -> None:
    """When each was heard of last."""
    for number, intake in enumerate(intakes.values()):
        at = world.now - timedelta(seconds=12 + 340 * number)
        Intake.objects.filter(pk=intake.pk).update(
            received_at=at, watchdog_at=at if number == 0 else None
        )


def _date_messages(alert: Alert) -> None:
    """They were written and sent when it began and ended."""
    ended = alert.ends_at or alert.starts_at
    for key in alert.told:
        at = ended if key.startswith(f"{OURS}end-") else alert.starts_at
        rows = Delivery.objects.filter(key=key)
        about = {"number": 1, "began_at": at, "seconds": 0.3, "answer": "250 OK"}
        Attempt.objects.bulk_create(Attempt(delivery=each, **about) for each in rows)
        times = {"created_at": at, "due_at": at, "sent_at": at + timedelta(seconds=2)}
        rows.update(state=DeliveryState.SENT, attempts=1, **times)


def _said(world: World) -> None:
    """Who took what in hand, and how alerts were rated."""
    people = world.people
    held = Alert.objects.firing().get(name="OrdersReplicationLag")
    held.acknowledge(by=people["rita"], at=held.starts_at + timedelta(minutes=4))
    for alert in Alert.objects.resolved().filter(name__in={story.name for story in PAST}):
        rater = people["rita"] if alert.pk % 2 else people["kenji"]
        alert.rate(by=rater, useful=alert.name != NOISE, at=alert.ends_at)
