"""What the engine does for this app, about once an hour: remind, tell who is new, forget."""

from datetime import datetime

from django.utils import timezone

from onboarding.guides.pdf import PRINTED
from onboarding.privacy.erasure import forget
from portal.core.ops import engine

from . import notices
from .models import Assignment, Guide

MORNING = 8  # nobody is reminded at night


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


engine.register("reminders of guides", engine.Hourly(remind))
engine.register("forgetting progress", engine.Hourly(anonymise))
engine.register("old PDFs of guides", engine.Hourly(PRINTED.sweep))
