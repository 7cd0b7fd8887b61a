"""An intake, and alerts that came by it."""

from datetime import timedelta

from django.utils import timezone

from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import (
    Alert,
    Event,
    Intake,
    Maintenance,
    Muting,
    Received,
    Silence,
    Window,
)
from portal.monitoring.muting import verbs


def make_alerts(names=("DiskFillsUp", "NobodyKnows", "Ended"), *, intake=None) -> list[Alert]:
    """One alert for each name; the last one is over."""
    intake = intake or Intake.objects.make("Our Alertmanager", "alertmanager")[0]
    now = timezone.now()
    reports = [
        Report(
            fingerprint=name,
            name=name,
            is_firing=name != names[-1],
            starts_at=now - timedelta(hours=number + 1),
            labels={"alertname": name, "severity": "critical"},
            annotations={"summary": f"{name} fires"},
            severity="critical",
        )
        for number, name in enumerate(names)
    ]
    body = '{"version": "4"}'
    received = Received.objects.create(intake=intake, at=now, size=len(body), body=body, answer=200)
    Received.objects.create(intake=intake, at=now, size=1, body="x", answer=400, error="No JSON.")
    take(reports, source=intake.source, at=now, intake=intake, received=received)
    Intake.objects.note(pk=intake.pk, at=now)
    return list(Alert.objects.filter(source=intake.source).order_by("pk"))


def make_mutings(by) -> None:
    """A silence, planned maintenance, and its window."""
    at = timezone.now()
    column = [{"name": "alertname", "operator": "=", "value": "NobodyKnows"}]
    verbs.silence(column, by=by, at=at, ends_at=at + timedelta(hours=4), reason="Known")
    about = {"title": "Move", "starts_at": at + timedelta(days=1), "duration": timedelta(hours=1)}
    verbs.plan(by=by, at=at, services=[], is_for_all=True, **about)


def grow_mutings(count: int) -> None:
    """So many more silences and windows, alerts that they muted, and one that stands under."""
    now, later = timezone.now(), timezone.now() + timedelta(hours=1)
    column = [{"name": "team", "operator": "=", "value": "nobody"}]
    about = {"created_at": now, "starts_at": now, "ends_at": later, "reason": "Known"}
    silences = Silence.objects.bulk_create(Silence(matchers=column, **about) for _ in range(count))
    plans = Maintenance.objects.bulk_create(
        Maintenance(title="Move", starts_at=now, duration=later - now, created_at=now)
        for _ in range(count)
    )
    Window.objects.bulk_create(
        Window(maintenance=each, starts_at=now, ends_at=later) for each in plans
    )
    first = Window.objects.order_by("pk").first()
    Window.objects.bulk_create(
        Window(
            maintenance=first.maintenance,
            starts_at=first.starts_at + timedelta(days=number + 1),
            ends_at=first.ends_at + timedelta(days=number + 1),
        )
        for number in range(first.maintenance.windows.count(), count + 1)
    )
    alerts = list(Alert.objects.unattended().order_by("-pk")[: count // 2])
    Muting.objects.bulk_create(
        Muting(
            alert=each, by="silence", why="x", silence=silences[0], began_at=now, is_withheld=True
        )
        for each in alerts
    )
    Alert.objects.filter(pk__in=[each.pk for each in alerts]).update(muted_by="silence")


def grow_alerts(count: int) -> None:
    """So many more alerts, events of the first one, intakes, and deliveries that came in."""
    first = Alert.objects.order_by("pk").first() or make_alerts()[0]
    start, now = Alert.objects.count(), timezone.now()
    intakes = Intake.objects.bulk_create(
        Intake(name=f"Intake {n}", kind="generic", digest=f"x{n}", hint="x")
        for n in range(start, start + count)
    )
    alerts = Alert.objects.bulk_create(
        Alert(
            intake=intakes[number],
            source=first.source,
            fingerprint=first.fingerprint if number % 4 == 3 else f"grown{start + number}",
            name=first.name,
            state="resolved" if number % 4 == 3 else "firing",
            starts_at=now,
            ends_at=now if number % 4 == 3 else None,
            newest_at=now,
            first_received_at=now,
            received_at=now,
            acknowledged_at=now if number % 4 == 2 else None,
            labels={"alertname": first.name},
        )
        for number in range(count)
    )
    received = Received.objects.bulk_create(
        Received(intake=first.intake, at=now, size=1, answer=200) for _ in alerts
    )
    Event.objects.bulk_create(
        Event(alert=first, received=each, at=now, state="firing", change="x") for each in received
    )
