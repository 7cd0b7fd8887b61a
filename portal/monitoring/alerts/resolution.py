"""Ending an alert by hand: its muting ends, and who heard that it fires hears that it is over."""

from datetime import datetime

from django.db import transaction

from portal.core.data import clock
from portal.core.data.queries import update_rows
from portal.monitoring import notices
from portal.monitoring.models import Alert
from portal.monitoring.muting.settlement import unmute_resolved


@transaction.atomic
def resolve(alert: Alert, *, by, note: str, at: datetime | None = None) -> None:
    """As `Alert.resolve`, for pages and API."""
    at = at or clock.now()
    alert.resolve(by=by, note=note, at=at)
    unmute_resolved([alert], at)
    notices.ended([alert], intake=alert.intake, by=by)
    update_rows(Alert, [alert], ("told",))
