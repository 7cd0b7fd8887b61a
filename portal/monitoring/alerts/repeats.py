"""What most deliveries say: that what fires still fires. It is counted in two statements.

They are put together once, and read no more of an alert than what is compared.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Cast, Greatest

from portal.core.data.queries import Prepared, PreparedUpdate
from portal.monitoring.models import Alert, Event, Received

from .reports import Report

MOST = 1024  # alerts of a delivery that are looked for so; more are taken one by one
EVENTS_KEPT = 30  # of one alert; later ones are kept if they changed something
SEEN = "Nothing new: it still fires"


class Known(NamedTuple):
    """What is known of an alert that fires; objects and lists as the database writes them."""

    pk: int
    fingerprint: str
    deliveries: int
    name: str
    severity: str
    generator_url: str
    labels: str
    annotations: str
    spans: str

    def is_repeated_by(self, report: Report) -> bool:
        """Whether a report says nothing new of it."""
        return (
            says_that_it_fires(report)
            and report.name == self.name
            and report.severity == self.severity
            and report.generator_url == self.generator_url
            and report.labels == orjson.loads(self.labels)
            and report.annotations == orjson.loads(self.annotations)
            and open_span(report) in orjson.loads(self.spans)
        )


def says_that_it_fires(report: Report) -> bool:
    return report.is_firing and not report.is_acknowledged and report.starts_at is not None


def open_span(report: Report) -> list:
    """How a start without an end stands in `Alert.spans`."""
    return [report.starts_at.isoformat() if report.starts_at else "", []]


def without_repeats(
    reports: Sequence[Report], *, source: str, at: datetime, received: Received | None
) -> list[Report]:
    """Count what repeats what fires; returns the reports of all other alerts."""
    grouped: dict[str, list[Report]] = {}
    for report in reports:
        grouped.setdefault(report.fingerprint, []).append(report)
    if len(grouped) > MOST or not any(map(says_that_it_fires, reports)):
        return [*reports]
    found = (Known(*row) for row in _firing(source=source, **_named(grouped)))
    repeated = [
        known
        for known in found
        if all(known.is_repeated_by(each) for each in grouped[known.fingerprint])
    ]
    if not repeated:
        return [*reports]
    _count(at=at, **_named(known.pk for known in repeated))
    _note([known for known in repeated if known.deliveries < EVENTS_KEPT], at, received)
    done = {known.fingerprint for known in repeated}
    return [report for report in reports if report.fingerprint not in done]


def _named(given: Iterable[Any]) -> dict[str, Any]:
    """As parameters of a query, of which there are few shapes: filled up to a power of two."""
    values = [*given]
    values += values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))
    return {f"v{number}": value for number, value in enumerate(values)}


def _note(repeated: Iterable[Known], at: datetime, received: Received | None) -> None:
    """Keep the first lines of what came."""
    rows = [
        Event(alert_id=known.pk, received=received, at=at, state="firing", change=SEEN)
        for known in repeated
    ]
    if rows:
        Event.objects.bulk_create(rows)


def _firing_of(*, source: str, **fingerprints: str) -> QuerySet:
    rows = Alert.objects.firing().filter(source=source, fingerprint__in=fingerprints.values())
    texts = (Cast(name, TextField()) for name in ("labels", "annotations", "spans"))
    # By key, as everything locks alerts.
    return rows.order_by("pk").values_list(*Known._fields[:6], *texts)


def _counted(*, at: datetime, **keys: int) -> tuple[QuerySet, dict[str, Any]]:
    newest = Greatest(F("received_at"), Value(at, output_field=DateTimeField()))
    changed = {"deliveries": F("deliveries") + 1, "received_at": newest}
    return Alert.objects.filter(pk__in=keys.values()), changed


_firing = Prepared(_firing_of, locks=Alert)
_count = PreparedUpdate(_counted)
