"""Alerts that fired again and again at the shop, so that the report of the noisiest has a reason
for each suggestion.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from portal.core.ops.demo import World
from portal.monitoring.models import Alert

from .stories import Story

Send = Callable[[Story, datetime, datetime], None]


class Repeat(NamedTuple):
    """One name, on which days ago it fired, at what time of the portal's clocks, and who acted."""

    story: Story
    days: tuple[int, ...]
    hour: int
    minute: int = 0
    taken_by: str = ""  # who acknowledged it each time
    rated: str = ""  # useful or noise, by two people in turn


REPEATS = (
    Repeat(  # urgent, and it waited until the morning each time, of what nobody deploys: lower
        Story(
            "CheckoutLatencyP99High",
            "p99 of the checkout is 2.3 s while the nightly report runs",
            0,
            25,
            "critical",
            {"service": "orders-database", "quantile": "0.99"},
        ),
        days=(3, 6, 10, 13, 17, 20, 24),
        hour=2,
        minute=40,
    ),
    Repeat(  # it may wait by its severity, and nobody lets it wait: raise
        Story(
            "RefundQueueStuck",
            "No refund was sent for 30 min",
            0,
            35,
            labels={"service": "refunds", "queue": "refunds"},
        ),
        days=(2, 7, 11, 16, 22),
        hour=11,
        taken_by="kenji",
        rated="useful",
    ),
    Repeat(  # the one always comes with the other: merge
        Story(
            "SearchShardUnassigned",
            "One shard of products has no node",
            0,
            14,
            labels={"service": "product-search", "index": "products"},
        ),
        days=(4, 8, 12, 18, 23),
        hour=14,
        minute=10,
    ),
    Repeat(
        Story(
            "SearchClusterYellow",
            "The cluster of the search is yellow",
            0,
            16,
            labels={"service": "product-search"},
        ),
        days=(4, 5, 8, 9, 12, 18, 19, 23, 26),
        hour=14,
        minute=12,
    ),
)


def load(world: World, send: Send) -> None:
    """`send(story, began, at)` is one delivery of the tool."""
    for repeat in REPEATS:
        for number, began in enumerate(_times(repeat, world.now)):
            ended = began + timedelta(minutes=repeat.story.minutes)
            send(repeat.story, began, began + timedelta(seconds=30))
            alert = Alert.objects.firing().get(name=repeat.story.name)
            if repeat.taken_by:
                by, at = world.people[repeat.taken_by], began + timedelta(minutes=6)
                alert.acknowledge(by=by, at=at)
            send(repeat.story, began, ended)
            if repeat.rated:
                rater = world.people["kenji" if number % 2 else "rita"]
                alert.rate(by=rater, useful=repeat.rated == "useful", at=ended)


def _times(repeat: Repeat, now: datetime) -> Iterator[datetime]:
    """The oldest first."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    at = today.replace(hour=repeat.hour, minute=repeat.minute, second=0, microsecond=0)
    for days in sorted(repeat.days, reverse=True):
        yield at - timedelta(days=days)
