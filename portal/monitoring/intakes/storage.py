"""How a delivery is stored: in slices, so that a large one keeps nobody else from writing for long.

Each slice is a transaction of its own. What fails in a later one is answered 503, and counts
nothing twice that is sent again: what is stored only repeats.
"""

import logging
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from portal.core.data import crash_points
from portal.core.data.queries import insert_row
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.heartbeats import watchdogs
from portal.monitoring.models import Intake, Received, severities
from portal.monitoring.models.received import LONGEST_ERROR, kept
from portal.monitoring.notices import Together

from .deliveries import Delivery

AT_ONCE = 1000  # alerts in one transaction
TRIES = 3  # when two deliveries open the same alert at the same moment
PAUSE = 0.12  # seconds; who waits for SQLite's lock looks for it every tenth of a second
HALF = "Not all of its alerts are stored: it was answered 503, and is to be sent again."

log = logging.getLogger(__name__)


@dataclass
class _Came:
    """One delivery on its way into the database."""

    intake: Intake
    delivery: Delivery
    body: bytes
    at: datetime
    answer: int
    received: Received | None = None
    lives: bool = False


def store(intake: Intake, delivery: Delivery, body: bytes, at: datetime, answer: int = 200) -> None:
    """All of it, or an error that is an outage or IntegrityError, after which it is sent again."""
    came = _Came(intake, delivery.bounded(), body, at, answer)
    alerts = came.delivery.without(intake.watchdog).reports
    came.lives = len(alerts) < len(came.delivery.reports)
    parts = [*slices(alerts)] or [[]]
    together = Together(is_part=len(parts) > 1)
    for number, reports in enumerate(parts, start=1):
        is_last = number == len(parts)
        together, came.received = _stored_at_last(came, reports, together, is_last=is_last)
        if not is_last:
            give_way()


def slices(reports: list[Report]) -> Iterator[list[Report]]:
    """At most AT_ONCE at a time, all of one alert together, and what is urgent first."""
    grouped: dict[str, list[Report]] = {}
    for each in reports:
        grouped.setdefault(each.fingerprint, []).append(each)
    part: list[Report] = []
    for group in _urgent_first([*grouped.values()], whole=len(reports) <= AT_ONCE):
        if part and len(part) + len(group) > AT_ONCE:
            yield part
            part = []
        part.extend(group)
    if part:
        yield part


def _urgent_first(groups: list[list[Report]], *, whole: bool) -> list[list[Report]]:
    """A team hears of the first slice with its alerts: as urgently as of all of them."""
    if whole:
        return groups

    def can_wait(group: list[Report]) -> bool:
        return not any(severities.is_urgent(each.severity) for each in group)

    return sorted(groups, key=can_wait)


def give_way() -> None:
    """Let others write: SQLite has one lock, and no queue of those who wait for it."""
    if connection.vendor == "sqlite":
        time.sleep(PAUSE)


def _stored_at_last(
    came: _Came, reports: list[Report], together: Together, *, is_last: bool
) -> tuple[Together, Received]:
    """Two that open the same alert at once: the second one looks again."""
    for _ in range(TRIES - 1):
        try:
            return _stored(came, reports, deepcopy(together), is_last)
        except IntegrityError:
            log.info("Two deliveries opened the same alert; the later one looks again.")
    return _stored(came, reports, deepcopy(together), is_last)


@transaction.atomic
def _stored(
    came: _Came, reports: list[Report], together: Together, is_last: bool
) -> tuple[Together, Received]:
    intake, at, received = came.intake, came.at, came.received
    # The first statement writes, so that deliveries of one intake wait for each other.
    Intake.objects.note(pk=intake.pk, at=at, lives=came.lives and is_last)
    if received is None:
        received = _received(came, is_whole=is_last)
        insert_row(received, keyed=True)
    elif is_last:
        Received.objects.filter(pk=received.pk).update(answer=came.answer, error=_errors(came))
    crash_points.reach("received")
    take(reports, source=intake.source, at=at, intake=intake, received=received, told=together)
    if came.lives and is_last:
        watchdogs.report(intake, came.delivery.reports, at=at)
    return together, received


def _received(came: _Came, *, is_whole: bool) -> Received:
    """What the page shows of the whole; until all is stored, that it is not."""
    delivery = came.delivery
    firing = sum(report.is_firing for report in delivery.reports)
    return Received(
        intake=came.intake,
        at=came.at,
        sender=delivery.sender,
        size=len(came.body),
        body=kept(came.body),
        answer=came.answer if is_whole else 503,
        firing=firing,
        resolved=len(delivery.reports) - firing,
        truncated=delivery.truncated,
        error=_errors(came) if is_whole else HALF,
    )


def _errors(came: _Came) -> str:
    return "; ".join(came.delivery.errors)[:LONGEST_ERROR]
