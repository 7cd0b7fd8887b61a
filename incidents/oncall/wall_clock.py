"""Times as a clock on a wall shows them, and the moments that they mean."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.core.data.instants import offsets


@lru_cache(maxsize=16_384)
def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks of the zone show this time, in UTC.

    As cron has it: of a time that they show twice the first, and for one that they skip the moment
    in which they do. So a later time of the wall is never an earlier moment.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return offsets(zone, min(before, first), max(before, first))[-1][0].astimezone(UTC)


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of the zone show at this moment, without their zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def midnight(of: datetime, zone: ZoneInfo) -> datetime:
    """The moment in which the day of this time of the wall begins."""
    return moment(of.replace(hour=0, minute=0, second=0, microsecond=0), zone)


DAY = timedelta(days=1)
