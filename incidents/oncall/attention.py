"""On-call hours without anybody, for those who look after them; swaps that wait for an answer."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Subquery
from django.urls import reverse

from incidents.models import Rotation, Swap, SwapState
from portal.accounts.models import User
from portal.accounts.people.prepared import PreparedFor
from portal.core.templatetags.look import duration
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import day_of, minute_of

from .findings import Ending, Findings, Gap, Unreachable, remembered
from .status import ENDS, NOBODY, SWAPS


def cards(user, at: datetime) -> Iterator[Card]:
    """One query for whom nothing waits here."""
    if not user.has_perm("incidents.view_rotation"):
        return
    ((has_swaps, changed_at),) = _waiting(user, at=at)
    if has_swaps:
        rows = [_swap_row(each) for each in _swaps(user, at)]
        yield Card("Swaps to answer", rows, Priority.WAITING)
    if changed_at:
        yield from _troubles(user, remembered(at, changed_at))


def _troubles(user, found: Findings) -> Iterator[Card]:
    """Of those that this person looks after."""
    if not (keys := found.rotations):
        return
    mine = Rotation.objects.current().filter(pk__in=keys).looked_after_by(user)
    found = found.of({*mine.values_list("pk", flat=True)})
    rows = [*map(_gap_row, found.gaps), *map(_person_row, found.unreachable)]
    if rows := [*rows, *map(_ending_row, found.endings)]:
        more = ("Show all", reverse("oncall:today"))
        yield Card("On-call to look after", rows[:SHOWN], Priority.CARE, more)


def _waiting_of(user, *, at: datetime):
    """Whether a swap waits for an answer, and when a rotation changed last."""
    newest = Rotation.objects.current().order_by("-changed_at").values("changed_at")[:1]
    swaps = Swap.objects.waiting_for(user, at).order_by()
    return User.objects.filter(pk=user.pk).order_by().values_list(Exists(swaps), Subquery(newest))


_waiting = PreparedFor(_waiting_of)


def _swaps(user, at: datetime):
    rows = Swap.objects.waiting_for(user, at).select_related("rotation", "asker")
    return rows.order_by("starts_at", "pk")[:SHOWN]


def _swap_row(swap: Swap) -> Row:
    address = swap.get_absolute_url()
    line = f"{minute_of(swap.starts_at)} to {minute_of(swap.ends_at)}"
    title = f"{swap.asker} asks you: {swap.rotation}"
    act = Act("Answer", address, f": {title}")
    return Row(address, title, line, act, statuses=[SWAPS[SwapState(swap.state)]])


def _gap_row(gap: Gap) -> Row:
    address = gap.rotation.get_absolute_url()
    line = f"{minute_of(gap.shift.starts_at)} to {minute_of(gap.shift.ends_at)}"
    title = f"{gap.rotation}: nobody for {duration(gap.shift.span)}"
    act = Act("Cover", gap.cover, f": {gap.rotation}")
    return Row(address, title, line, act, statuses=[NOBODY])


def _ending_row(each: Ending) -> Row:
    address = each.rotation.get_absolute_url()
    line = f"Its last layer ends on {minute_of(each.at)}"
    act = Act("Open", address, f": {each.rotation}")
    return Row(address, f"{each.rotation}: nobody after {day_of(each.at)}", line, act, [ENDS])


def _person_row(each: Unreachable) -> Row:
    address = each.rotation.get_absolute_url()
    line = f"On call from {minute_of(each.shift.starts_at)}. {each.reach.line}"
    act = Act("Open", address, f": {each.rotation}")
    return Row(address, f"{each.rotation}: {each.person}", line, act, statuses=[each.reach.status])
