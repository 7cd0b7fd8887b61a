"""Forget whose progress, reports and judgements are, once they are old enough; they still count."""

from datetime import datetime

from django.db import transaction

from .keeping import kept_since
from .models import Progress, QuestionFeedback, StuckReport


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
        }
        transaction.set_rollback(dry_run)
    return found
