"""How long it is known who did what. Asking ends then, too: nobody could tell who has finished."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

LONGEST = 36_500


def kept_since(at: datetime | None = None) -> datetime | None:
    """What was last seen before is nobody's any more; None if it is kept for ever."""
    days = min(settings.ANONYMISE_PROGRESS_DAYS, LONGEST)
    return (at or timezone.now()) - timedelta(days=days) if days > 0 else None
