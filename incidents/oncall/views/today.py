"""Who is on call: now, at any other time, and in pictures."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from incidents.models import Feed, Rotation, Swap
from incidents.oncall.feed import address_of
from incidents.oncall.findings import findings
from incidents.oncall.forms import EARLIEST, LATEST, MomentForm
from incidents.oncall.overview import Line, lines
from incidents.oncall.picture import SPANS, monday_of, picture
from incidents.oncall.shifts import Shift, shift_at, shifts
from incidents.oncall.status import status_of_swap
from incidents.oncall.swap_forms import value_of
from portal.architecture.models import Service
from portal.core.data import clock

may_read = permission_required("incidents.view_rotation", raise_exception=True)
MOST_GAPS, MOST_SHIFTS = 3, 8
MINE = timedelta(days=60)


@require_safe
@may_read
def today(request):
    """All rotations; with `?at=`, who is called at that time."""
    now, rows = clock.now(), Rotation.objects.visible(request.user).current()
    form = MomentForm(request.GET)
    at = (form.is_valid() and form.cleaned_data["at"]) or now
    found = lines(rows, at)
    wrong = findings(rows, now)
    context = {
        "form": form if form.errors else MomentForm(initial={"at": at}),
        "at": at,
        "is_now": at == now,
        "lines": found,
        "services": by_service(found),
        "gaps": wrong.gaps[:MOST_GAPS],
        "more_gaps": max(len(wrong.gaps) - MOST_GAPS, 0),
        "endings": wrong.endings,
        "unreachable": wrong.unreachable,
        "picture": picture_of(request, rows, now),
        "shifts": my_shifts(request.user, now),
        "swaps": my_swaps(request.user, now),
        "feed": feed_of(request.user),
    }
    return render(request, "oncall/today.html", context)


def by_service(found: list[Line]) -> list[tuple[list[Service], list[Line]]]:
    """Services with the rotations that answer for them; those with the same ones together."""
    answering: dict[Service, list[Line]] = {}
    for line in found:
        for service in line.rotation.services.all():
            answering.setdefault(service, []).append(line)
    groups: dict[tuple[int, ...], tuple[list[Service], list[Line]]] = {}
    for service in sorted(answering, key=lambda each: each.name.casefold()):
        of = answering[service]
        groups.setdefault(tuple(each.rotation.pk for each in of), ([], of))[0].append(service)
    return [*groups.values()]


def picture_of(request, rows, at: datetime):
    """A week or four, from the day that `?from=` names."""
    span = request.GET.get("span", "")
    span = span if span in SPANS else "week"
    return picture(rows, request.user, at, first=first_of(request, at), span=span)


def first_of(request, at: datetime) -> date:
    try:
        day = parse_date(request.GET.get("from", ""))
    except ValueError:
        day = None
    is_near = day and EARLIEST.year < day.year < LATEST.year - 1
    return day if day and is_near else monday_of(at)


def my_shifts(user, at: datetime):
    """(rotation, shift, whether it is under way, address of its swap) of the next weeks, the next
    one first.
    """
    rows = Rotation.objects.visible(user).current()
    plans = rows.plans(at, at + MINE)
    found = [
        (row, shift_at(plans[row.pk], each.starts_at) if is_cut(each, at) else each)
        for row in rows
        for each in shifts(plans[row.pk], at, at + MINE)
        if each.person == user.pk
    ]
    found.sort(key=lambda pair: pair[1].starts_at)
    return [
        (row, each, each.starts_at <= at, _swap_of(row, each, at))
        for row, each in found[:MOST_SHIFTS]
    ]


def is_cut(shift: Shift, at: datetime) -> bool:
    """It began before, or ends after the weeks that were looked at."""
    return shift.starts_at == at or shift.ends_at >= at + MINE


def _swap_of(row: Rotation, shift: Shift, at: datetime) -> str:
    """The form that asks for a swap of this shift; empty for those that it does not offer."""
    if shift.starts_at <= at or shift.ends_at >= at + MINE:
        return ""
    asked = urlencode({"shift": value_of(shift.starts_at, shift.ends_at)})
    return f"{reverse('oncall:new-swap', args=[row.slug])}?{asked}"


def my_swaps(user, at: datetime):
    """(swap, its status, whether the answer is awaited of this person) of those that are open."""
    rows = Swap.objects.of(user).open(at).select_related("rotation", "asker", "asked")
    return [(each, status_of_swap(each, at), each.asked == user) for each in rows]


def feed_of(user, rotation: Rotation | None = None) -> str:
    """The address of this person's calendar; empty: there is none."""
    found = Feed.objects.filter(person=user, rotation=rotation).select_related("person").first()
    return address_of(found) if found else ""
