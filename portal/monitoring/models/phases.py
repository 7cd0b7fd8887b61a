"""What has a beginning and an end is to come, under way, or over."""

from datetime import datetime

from django.db import models

from .choices import Phase


def phase_of(starts_at: datetime, ends_at: datetime, at: datetime) -> Phase:
    if ends_at <= at:
        return Phase.PAST
    return Phase.ACTIVE if starts_at <= at else Phase.UPCOMING


class PhasedQuerySet(models.QuerySet):
    """Rows with the questions `active(at)`, `upcoming(at)` and `past(at)`."""

    def in_phase(self, phase: str, at: datetime):
        return getattr(self, Phase(phase).value)(at)
