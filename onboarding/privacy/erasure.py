"""Forget whose progress, reports and judgements are, once they are old enough; they still count."""

from datetime import datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import Q

from onboarding.models import (
    AskedQuestion,
    Assignment,
    Progress,
    PutAside,
    QuestionFeedback,
    StuckReport,
)
from onboarding.notices import OURS, REMINDERS
from portal.notifications.contacts import erasure as contacts
from portal.notifications.models import Delivery, DeliveryState

from .retention import kept_since

# How the trail calls what named somebody.
FORGOTTEN = {
    StuckReport: "A stuck report",
    AskedQuestion: "A question",
    Assignment: "An assignment",
    Delivery: "A message",
}


def forget(*, at: datetime, dry_run: bool = False) -> dict[str, int] | None:
    """How many rows of each noun became nobody's, or would; None if all are kept for ever."""
    before = kept_since(at)
    if before is None:
        return None
    with transaction.atomic():
        for noun in (StuckReport, AskedQuestion, Assignment):
            _trail(noun, timestamp__lt=before)
        found = {
            "progress": Progress.objects.anonymise(before=before),
            "stuck reports": StuckReport.objects.anonymise(before=before),
            "question feedback": QuestionFeedback.objects.anonymise(before=before),
            "asked questions": AskedQuestion.objects.anonymise(before=before),
            "assignments": Assignment.objects.forget(before=before),
            "messages": _messages(before),
        }
        PutAside.objects.filter(at__lt=before).delete()
        transaction.set_rollback(dry_run)
    return found


def forget_person(user, *, dry_run: bool = False) -> dict[str, int]:
    """The same of one person, at once and whatever its age; what teams are asked still stands.

    What they wrote stays, and so does their name as an author.
    """
    with transaction.atomic():
        reports = StuckReport.objects.filter(Q(user=user) | Q(answered_by=user))
        asked = AskedQuestion.objects.filter(user=user)
        naming = _delete(Delivery.objects.ended().filter(key__in=_keys_naming(user)))
        rows = {StuckReport: reports, AskedQuestion: asked}
        rows[Assignment] = Assignment.objects.about(user)
        for noun, found in rows.items():
            keys = [str(pk) for pk in found.values_list("pk", flat=True)]
            _trail(noun, object_pk__in=keys)
        _trail(AskedQuestion, actor=user)  # whose questions they answered or closed
        counts = {
            "progress": Progress.objects.of(user).update(user=None),
            "stuck reports": StuckReport.objects.forget_person(user),
            "question feedback": QuestionFeedback.objects.filter(user=user).update(user=None),
            "asked questions": AskedQuestion.objects.forget_person(user),
            "assignments": Assignment.objects.forget_person(user),
            "messages": naming + _messages_of(user),
            "contact methods": contacts.forget_person(user),
        }
        PutAside.objects.filter(user=user).delete()
        user.watched_guides.clear()
        transaction.set_rollback(dry_run)
    return counts


def _messages(before: datetime) -> int:
    """Mails name people in their words. Nobody is told again: asking ended as long ago."""
    return _delete(Delivery.objects.ended().filter(created_at__lt=before))


def _keys_naming(user) -> list[str]:
    """Of messages to others in which this person stands: as who asked, and as who answered."""
    reports, asked = StuckReport.objects, AskedQuestion.objects
    settled = LogEntry.objects.get_for_model(AskedQuestion).filter(actor=user)
    found = {
        "stuck": reports.filter(user=user).values_list("pk", flat=True),
        "answered": reports.filter(answered_by=user).values_list("pk", flat=True),
        "asked": asked.filter(user=user).values_list("pk", flat=True),
        "question-answered": settled.values_list("object_pk", flat=True).distinct().order_by(),
    }
    return [f"{OURS}{kind}-{pk}" for kind, keys in found.items() for pk in keys]


def _messages_of(user) -> int:
    """All but those about what still asks them: whose key is gone is sent again."""
    rows = Delivery.objects.of(user).exclude(state=DeliveryState.SENDING)
    for row in Assignment.objects.of(user):
        about = Q(key__startswith=f"{OURS}assigned-{row.pk}-") | Q(key=f"{OURS}assigned-{row.pk}")
        for kind in REMINDERS:
            about |= Q(key__startswith=f"{OURS}{kind}-{row.guide_id}-")
        rows = rows.exclude(about)
    return _delete(rows)


def _delete(rows) -> int:
    rows = rows.filter(key__startswith=OURS)
    _trail(Delivery, object_id__in=rows.order_by().values("pk"))
    return rows.delete()[1].get(Delivery._meta.label, 0)  # with their attempts


def _trail(noun, **which) -> None:
    """That something was done stays in the trail, but not by whom, from where and about whom."""
    rows = LogEntry.objects.get_for_model(noun).filter(**which)
    rows = rows.exclude(object_repr=FORGOTTEN[noun])
    who = {"actor": None, "actor_email": None, "remote_addr": None, "remote_port": None}
    rows.update(**who, cid=None, object_repr=FORGOTTEN[noun])
