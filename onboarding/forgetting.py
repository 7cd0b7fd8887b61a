"""Forget whose progress, reports and judgements are, once they are old enough; they still count."""

from datetime import datetime

from auditlog.models import LogEntry
from django.db import transaction

from portal.notifications.models import Delivery

from .keeping import kept_since
from .models import Progress, QuestionFeedback, StuckReport
from .telling import OURS

FORGOTTEN = "A stuck report"  # of somebody, in the trail


def forget(*, at: datetime, dry_run: bool = False) -> dict[str, int] | None:
    """How many rows of each noun became nobody's, or would; None if all are kept for ever."""
    before = kept_since(at)
    if before is None:
        return None
    with transaction.atomic():
        found = {
            "progress": Progress.objects.anonymise(before=before),
            "stuck reports": StuckReport.objects.anonymise(before=before),
            "question feedback": QuestionFeedback.objects.anonymise(before=before),
            "messages": _messages(before),
        }
        _trail(before)
        transaction.set_rollback(dry_run)
    return found


def _messages(before: datetime) -> int:
    """Mails name people in their words. Nobody is told again: asking ended as long ago."""
    rows = Delivery.objects.ended().filter(key__startswith=OURS, created_at__lt=before)
    return rows.delete()[0]


def _trail(before: datetime) -> None:
    """That something was reported stays in the trail, but not by whom and from where."""
    rows = LogEntry.objects.get_for_model(StuckReport).filter(timestamp__lt=before)
    rows = rows.exclude(object_repr=FORGOTTEN)
    who = {"actor": None, "actor_email": None, "remote_addr": None, "remote_port": None}
    rows.update(**who, cid=None, object_repr=FORGOTTEN)
