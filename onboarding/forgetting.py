"""Forget whose progress, reports and judgements are, once they are old enough; they still count."""

from datetime import datetime

from auditlog.models import LogEntry
from django.db import transaction

from portal.notifications.models import Delivery

from .keeping import kept_since
from .models import Assignment, Progress, QuestionFeedback, StuckReport
from .telling import OURS

# How the trail calls what named somebody.
FORGOTTEN = {StuckReport: "A stuck report", Assignment: "An assignment", Delivery: "A message"}


def forget(*, at: datetime, dry_run: bool = False) -> dict[str, int] | None:
    """How many rows of each noun became nobody's, or would; None if all are kept for ever."""
    before = kept_since(at)
    if before is None:
        return None
    with transaction.atomic():
        for noun in (StuckReport, Assignment):
            _trail(noun, timestamp__lt=before)
        found = {
            "progress": Progress.objects.anonymise(before=before),
            "stuck reports": StuckReport.objects.anonymise(before=before),
            "question feedback": QuestionFeedback.objects.anonymise(before=before),
            "assignments": Assignment.objects.forget(before=before),
            "messages": _messages(before),
        }
        transaction.set_rollback(dry_run)
    return found


def _messages(before: datetime) -> int:
    """Mails name people in their words. Nobody is told again: asking ended as long ago."""
    rows = Delivery.objects.ended().filter(key__startswith=OURS, created_at__lt=before)
    _trail(Delivery, object_id__in=rows.order_by().values("pk"))
    return rows.delete()[0]


def _trail(noun, **which) -> None:
    """That something was done stays in the trail, but not by whom, from where and about whom."""
    rows = LogEntry.objects.get_for_model(noun).filter(**which)
    rows = rows.exclude(object_repr=FORGOTTEN[noun])
    who = {"actor": None, "actor_email": None, "remote_addr": None, "remote_port": None}
    rows.update(**who, cid=None, object_repr=FORGOTTEN[noun])
