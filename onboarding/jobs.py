"""What the engine does for this app, about once an hour: remind, tell who is new, forget."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from onboarding.guides.pdf import PRINTED
from onboarding.privacy.erasure import forget
from portal.core.ops import engine

from . import notices
from .models import Assignment, Guide

EVERY = timedelta(hours=1)
MORNING = 8  # nobody is reminded at night


class Hourly:
    """A job that is done again an hour later; several engines may do it at once."""

    def __init__(self, act: Callable[[datetime], object]):
        self.act = act
        self.done_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        if self.done_at and self.done_at <= now < self.done_at + EVERY:
            return False
        self.act(now)
        self.done_at = now
        return True


def remind(now: datetime) -> int:
    """Tell those who were asked since, and remind those whose day comes; returns how many."""
    if timezone.localtime(now).hour < MORNING:
        return 0
    told = 0
    for assignment in Assignment.objects.of_groups().select_related("guide", "by"):
        told += notices.assigned(assignment)
    asked = Assignment.objects.standing().values("guide")
    for guide in Guide.objects.published().filter(pk__in=asked):
        told += notices.remind(guide, at=now)
    return told


def anonymise(now: datetime) -> None:
    forget(at=now)


engine.register("reminders of guides", Hourly(remind))
engine.register("forgetting progress", Hourly(anonymise))
engine.register("old PDFs of guides", Hourly(PRINTED.sweep))
