"""Alerts without a runbook, as a card of the first page."""

from django.urls import reverse

from portal.core.web.attention import SHOWN, Act, Card, Row
from portal.core.web.days import day_of
from runbooks.models import Gap


def gaps(user, today) -> Card:
    rows = [_row(gap) for gap in Gap.objects.open()[:SHOWN]]
    return Card("Alerts without a runbook", rows, more=("Show all", reverse("runbooks:gaps")))


def _row(gap: Gap) -> Row:
    times = f"{gap.count} time{'' if gap.count == 1 else 's'}"
    line = f"looked up {times}, last on {day_of(gap.last_at)}"
    draft, about = reverse("runbooks:draft-alert"), f" a runbook for {gap.name}"
    act = Act("Draft", draft, about, is_post=True, fields=(("alert", gap.name),))
    return Row(reverse("alert", args=[gap.name]), gap.name, line, act, is_code=True)
