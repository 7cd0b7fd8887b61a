"""What has a beginning and an end is to come, under way, or over."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Value

from .choices import Phase


def phase_of(starts_at: datetime, ends_at: datetime, at: datetime) -> Phase:
    if ends_at <= at:
        return Phase.PAST
    return Phase.ACTIVE if starts_at <= at else Phase.UPCOMING


class PhasedQuerySet(models.QuerySet):
    """Rows with the questions `active(at)`, `upcoming(at)` and `past(at)`."""

    def asked(self, at: datetime):
        """With this time as `asked_at`: all rows stand as they do then."""
        return self.annotate(asked_at=Value(at, output_field=models.DateTimeField()))

    def in_phases(self, phases: Iterable[str], at: datetime):
        """Those in any of them, by their words."""
        return reduce(or_, (getattr(self, phase)(at) for phase in phases))
