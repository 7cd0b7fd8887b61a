"""How long something is muted, as programs say it: so many minutes, or until a time."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from rest_framework import serializers

from portal.core.api.refusals import refusals_of
from portal.core.problems import Refused
from portal.monitoring.models.silences import LONGEST

MOST_MINUTES = LONGEST // timedelta(minutes=1)


class ExpirySerializer(serializers.Serializer):
    """One of the two."""

    minutes = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_MINUTES, help_text="For how long; or `ends_at`."
    )
    ends_at = serializers.DateTimeField(
        required=False,
        help_text=f"Until when; or `minutes`. At most {LONGEST.days} days after it begins.",
    )


def end_of(given: dict[str, Any], begins: datetime) -> datetime:
    """When it ends. Raises Refused unless one of the two is said."""
    minutes, ends_at = given.get("minutes"), given.get("ends_at")
    if (minutes is None) == (ends_at is None):
        raise Refused("Say either for how many minutes, or until when.", pointer="/ends_at")
    return ends_at or begins + timedelta(minutes=minutes or 0)


def said_of(given: dict[str, Any]) -> AbstractContextManager[None]:
    """Within it, what is refused of an end is said of the member that was sent."""
    return refusals_of(**({"minutes": "ends_at"} if "minutes" in given else {}))
