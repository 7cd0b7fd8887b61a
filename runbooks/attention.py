"""What waits for a person: runs, reviews, drafts, what goes stale, alerts without a runbook."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from portal.accounts.people.prepared import Waiting
from portal.core.web.attention import Card

from .alerts import cards as alerts
from .documents import cards as documents
from .models import Gap, Run, Runbook, Version, WorkingCopy
from .runs import cards as runs

EMPTY = "No review waits for you, and none of your runbooks is stale."
CARDS = {
    "held": runs.held,
    "confirmations": runs.confirmations,
    "unled": runs.unled,
    "reviews": documents.reviews,
    "approved": documents.approved,
    "copies": documents.copies,
    "drafts": documents.drafts,
    "authorless": documents.authorless,
    "stale": documents.stale,
    "unowned": documents.unowned,
    "gaps": alerts.gaps,
}


def questions(user, *, today) -> dict[str, QuerySet]:
    """What may wait, by the name of its card."""
    may_fill = user.has_perm("runbooks.add_runbook")
    return {
        "held": Run.objects.held_by(user),
        "confirmations": Run.objects.waiting_for(user),
        "unled": Run.objects.unled_for(user),
        "reviews": Version.objects.reviewable_by(user),
        "approved": Version.objects.publishable_by(user),
        "copies": WorkingCopy.objects.filter(user=user),
        "drafts": Version.objects.unfinished_by(user),
        "authorless": Version.objects.authorless_for(user),
        "stale": Runbook.objects.visible(user).stale_teams(user, on=today),
        "unowned": Runbook.objects.unowned_for(user, on=today),
        "gaps": Gap.objects.open() if may_fill else Gap.objects.none(),
    }


waiting = Waiting(CARDS, questions)


def cards(user, at: datetime) -> Iterator[Card]:
    """One for each kind of what waits: one prepared query, and one for each that has rows."""
    today = localdate(at)
    found = waiting(user, today=today)
    for name, card in CARDS.items():
        if name in found:
            yield card(user, today)
