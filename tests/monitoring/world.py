"""An intake, and alerts that came by it."""

from datetime import timedelta

from django.utils import timezone

from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.models import Alert, Intake, Received


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
    return list(Alert.objects.filter(source=intake.source).order_by("pk"))
