"""The webhook of Alertmanager, version 4, and that of Grafana, which is made like it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.monitoring.alerts.reports import (
    LONGEST_ANNOTATION,
    LONGEST_VALUE,
    Report,
    Unreadable,
    text_of,
    texts_of,
    time_of,
)

from .deliveries import Delivery, fingerprint_of, list_of, object_of

VERSIONS = {"4", "1", ""}  # of Alertmanager, and of Grafana
RUNBOOK_LINKS = ("runbook_url", "runbook")
FIRING, RESOLVED = "firing", "resolved"


def read(data: Any, *, at: datetime) -> Delivery:
    """Each alert stands for itself: a group that “fires” may contain resolved ones.

    What the tool left out (`truncatedAlerts`) is no news of those alerts.
    """
    whole = object_of(data, "The body")
    if str(whole.get("version", "")) not in VERSIONS:
        raise Unreadable(
            f"Version {text_of(whole['version'], 20)} of the webhook is not known; 4 is."
        )
    found = Delivery(sender=text_of(whole.get("externalURL", ""), 200))
    found.truncated = _number(whole.get("truncatedAlerts"))
    for number, each in enumerate(list_of(whole.get("alerts"), "“alerts”")):
        try:
            found.reports.append(_report(each, at))
        except Unreadable as error:
            found.errors.append(f"Alert {number + 1}: {error}")
    if found.errors and not found.reports:
        raise Unreadable(found.errors[0])
    return found


def _report(given: Any, at: datetime) -> Report:
    alert: Mapping = object_of(given, "an alert")
    status = alert.get("status")
    if status not in (FIRING, RESOLVED):
        raise Unreadable("its status is neither firing nor resolved.")
    labels = texts_of(object_of(alert.get("labels"), "its “labels”"), LONGEST_VALUE)
    annotations = texts_of(alert.get("annotations"), LONGEST_ANNOTATION)
    name = labels.get("alertname", "")
    return Report(
        fingerprint=text_of(alert.get("fingerprint"), 300) or fingerprint_of(name, labels),
        name=name,
        is_firing=status == FIRING,
        starts_at=time_of(alert.get("startsAt"), at=at),
        ends_at=time_of(alert.get("endsAt"), at=at) if status == RESOLVED else None,
        labels=labels,
        annotations=annotations,
        severity=labels.get("severity", ""),
        generator_url=text_of(alert.get("generatorURL"), 2000),
        runbook_url=next(
            (annotations[each] for each in RUNBOOK_LINKS if annotations.get(each)), ""
        ),
    )


def _number(value: Any) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else 0
