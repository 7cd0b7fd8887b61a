"""On-call hours without anybody, for those who look after them; swaps that wait for an answer."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from portal.core.templatetags.look import duration
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .escalation import attention as escalation
from .models import Rotation, Swap
from .oncall.findings import Gap, gaps, with_gaps
from .oncall.status import NOBODY, SWAPS

CHANGE = "incidents.change_rotation"


def cards(user, at: datetime) -> Iterator[Card]:
    yield from escalation.cards(user, at)
    yield from _oncall_cards(user, at)


def _oncall_cards(user, at: datetime) -> Iterator[Card]:
    """Two queries for whom nothing waits here."""
    if not user.has_perm("incidents.view_rotation"):
        return
    if rows := [_swap_row(each) for each in _swaps(user, at)]:
        yield Card("Swaps to answer", rows, Priority.WAITING)
    if keys := with_gaps(at):
        mine = Rotation.objects.current().filter(pk__in=keys).looked_after_by(user).distinct()
        found = [_gap_row(each) for each in gaps(mine, at)[:SHOWN]]
        if found:
            more = ("Show all", reverse("oncall:today"))
            yield Card("Nobody on call", found, Priority.CARE, more)


def _swaps(user, at: datetime):
    rows = Swap.objects.waiting_for(user, at).select_related("rotation", "asker")
    return rows.order_by("starts_at", "pk")[:SHOWN]


def _swap_row(swap: Swap) -> Row:
    address = swap.get_absolute_url()
    line = f"{minute_of(swap.starts_at)} to {minute_of(swap.ends_at)}"
    title = f"{swap.asker} asks you: {swap.rotation}"
    act = Act("Answer", address, f": {title}")
    return Row(address, title, line, act, statuses=[SWAPS[swap.state]])


def _gap_row(gap: Gap) -> Row:
    address = gap.rotation.get_absolute_url()
    line = f"{minute_of(gap.shift.starts_at)} to {minute_of(gap.shift.ends_at)}"
    cover = reverse("oncall:new-override", args=[gap.rotation.slug])
    begin, end = (
        at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in (gap.shift.starts_at, gap.shift.ends_at)
    )
    act = Act("Cover", f"{cover}?since={begin}&until={end}", f": {gap.rotation}")
    return Row(
        address,
        f"{gap.rotation}: nobody for {duration(gap.shift.span)}",
        line,
        act,
        statuses=[NOBODY],
    )
