"""What Prometheus reads at /metrics: figures of all apps, asked of the database when it asks.

They do not depend on which process answers. Names and units follow the conventions of Prometheus
(https://prometheus.io/docs/practices/naming/); docs/architecture/metrics.md lists them.
"""

import hmac
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.multiprocess import MultiProcessCollector

from portal.core.data import clock
from portal.core.web import requests
from portal.monitoring.models import Alert, Heartbeat, HeartbeatState, Intake, Received
from portal.notifications.models import Beat, Delivery, DeliveryState
from runbooks.models import Run, Runbook

FAILED_FOR = timedelta(days=7)  # later it is history
# A target that fails keeps its messages waiting: its people see that, and it is no fault of ours.
NOT_FAILING = Q(channel=None) | Q(channel__failures=0)
NOT_FAILING &= Q(contact_method=None) | Q(contact_method__failures=0)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the processes of one machine count together
SCHEME = "Bearer "


@login_not_required
def metrics(request):
    """All figures as text. 404 without PORTAL_METRICS_TOKEN, 401 without showing it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _shows_token(request.headers.get("Authorization", "")):
        challenge = {"WWW-Authenticate": 'Bearer realm="metrics"'}
        words = "Send the token of PORTAL_METRICS_TOKEN as Authorization: Bearer.\n"
        return HttpResponse(words, "text/plain", status=401, headers=challenge)
    return HttpResponse(generate_latest(_registry()), CONTENT_TYPE_LATEST)


def _shows_token(header: str) -> bool:
    sent = header.removeprefix(SCHEME) if header.startswith(SCHEME) else ""
    return hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Figures(clock.now()))
    if FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(requests.REGISTRY)
    return registry


class Figures:
    """A collector: what the database says at one moment, in a bounded number of questions."""

    def __init__(self, at: datetime):
        self.at = at

    def collect(self) -> Iterator[Gauge]:
        yield from self.of_engines()
        yield from self.of_deliveries()
        yield from self.of_alerts()
        yield from self.of_heartbeats()
        yield from self.of_runbooks()

    def of_engines(self) -> Iterator[Gauge]:
        silence = Beat.objects.silence(self.at)
        about = "Seconds since an engine last showed that it lives; missing if none ever did."
        beat = Gauge("portal_engine_beat_age_seconds", about)
        if silence is not None:
            beat.add_metric((), silence.total_seconds())
        yield beat

    def of_deliveries(self) -> Iterator[Gauge]:
        due = Delivery.objects.due(self.at).filter(NOT_FAILING)
        waiting = due.aggregate(number=Count("pk"), since=Min("due_at"))
        late = (self.at - waiting["since"]).total_seconds() if waiting["since"] else 0
        rows = Delivery.objects.filter(state__in=(DeliveryState.WAITING, DeliveryState.SENDING))
        numbers = {DeliveryState.WAITING: 0, DeliveryState.SENDING: 0}
        numbers |= dict(rows.values_list("state").annotate(Count("pk")))
        numbers[DeliveryState.FAILED] = Delivery.objects.given_up(self.at - FAILED_FOR).count()
        about = "Messages on their way, and those that failed in the last seven days."
        yield _by("state", "portal_deliveries", about, numbers.items())
        yield Gauge("portal_deliveries_due", "Messages that should be sent now.", waiting["number"])
        about = "Seconds that the message waits which is due for longest; 0 without any."
        yield Gauge("portal_deliveries_oldest_due_seconds", about, late)

    def of_alerts(self) -> Iterator[Gauge]:
        taken = Count("acknowledged_at")
        calling = Alert.objects.calling().aggregate(all=Count("pk"), taken=taken)
        numbers = (("true", calling["taken"]), ("false", calling["all"] - calling["taken"]))
        about = "Alerts that fire and are not muted."
        yield _by("acknowledged", "portal_alerts_firing", about, numbers)
        muted = Alert.objects.muted().count()
        yield Gauge("portal_alerts_muted", "Alerts that fire and call nobody.", muted)
        about = "Seconds since something came into an intake; missing for those never used."
        used = Gauge("portal_intake_received_age_seconds", about, labels=("intake",))
        newest = Received.objects.filter(intake=OuterRef("pk")).order_by("-at").values("at")[:1]
        intakes = Intake.objects.usable().annotate(last=Subquery(newest))
        for name, at in intakes.values_list("name", "last"):
            if at is not None:
                used.add_metric((name,), max((self.at - at).total_seconds(), 0))
        yield used

    def of_heartbeats(self) -> Iterator[Gauge]:
        standing = Heartbeat.objects.standing(self.at).values_list("state")
        numbers = {state.value: 0 for state in HeartbeatState}
        numbers |= Counter(state for (state,) in standing)
        yield _by("state", "portal_heartbeats", "Heartbeats, by how they stand.", numbers.items())

    def of_runbooks(self) -> Iterator[Gauge]:
        running = Run.objects.running().count()
        yield Gauge("portal_runs_running", "Runs of runbooks that are not finished.", running)
        overdue = Runbook.objects.overdue(on=self.at.date()).count()
        yield Gauge("portal_runbooks_review_overdue", "Runbooks whose review is overdue.", overdue)


def _by(label: str, name: str, about: str, numbers) -> Gauge:
    gauge = Gauge(name, about, labels=(label,))
    for value, number in numbers:
        gauge.add_metric((value,), number)
    return gauge
