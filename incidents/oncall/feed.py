"""Shifts as iCalendar (RFC 5545): those of one person, or all of a rotation."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from incidents.models import Feed, Rotation
from portal.accounts.models import User
from portal.core.data import clock
from portal.core.web.address import absolute

from .overview import people_of
from .shifts import FARTHEST, Shift, shifts

BACK, AHEAD = timedelta(days=30), timedelta(days=90)
REFRESH = timedelta(minutes=15)


def address_of(feed: Feed) -> str:
    return absolute(reverse("oncall:feed", args=[feed.key]))


@never_cache
@require_safe
def feed(request, key):
    found = Feed.objects.opened_by(key)
    if found is None:
        raise Http404
    body = calendar_of(found, clock.now())
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


feed.login_required = False  # type: ignore[attr-defined]  # the key is what opens it


def calendar_of(found: Feed, at: datetime) -> bytes:
    """From 30 days ago to 90 days ahead; a shift that an end of it cuts is whole."""
    rows = Rotation.objects.current().order_by("pk")
    rows = rows.filter(pk=found.rotation_id) if found.rotation_id else rows
    calendar = Calendar()
    calendar.add("prodid", "-//Ops Portal//On-call//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"On-call: {found.rotation or found.person}")
    calendar.add("refresh-interval", REFRESH)
    for rotation, person, shift in _shifts(rows, found, at):
        calendar.add_component(_event(rotation, person, shift, at, is_own=not found.rotation_id))
    content: bytes = calendar.to_ical()
    return content


def _shifts(rows, found: Feed, at: datetime) -> Iterable[tuple[Rotation, User | None, Shift]]:
    """Gaps are events, too, in the calendar of a rotation."""
    plans = rows.plans(at - FARTHEST, at + FARTHEST)
    of_rotation = [
        (row, each)
        for row in rows
        for each in shifts(plans[row.pk], at - FARTHEST, at + FARTHEST)
        if each.ends_at > at - BACK and each.starts_at < at + AHEAD and not each.is_off
    ]
    people = people_of(each for _, each in of_rotation)
    for row, each in of_rotation:
        if found.rotation_id or each.person == found.person_id:
            yield row, people.get(each.person), each


def _event(rotation: Rotation, person: User | None, shift: Shift, at: datetime, *, is_own: bool):
    """A key that stays while the shift begins at the same time: programs move what changed."""
    event = Event()
    host = absolute("/").split("/")[2]
    is_cut = shift.starts_at <= at - FARTHEST  # it goes on for months
    begin = "long" if is_cut else f"{shift.starts_at:%Y%m%dT%H%M%SZ}"
    event.add("uid", f"on-call-{rotation.pk}-{begin}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    summary = f"On call: {rotation}" if is_own else f"{person or 'Nobody'}: {rotation}"
    event.add("summary", summary)
    event.add("description", "Override" if shift.is_override else "")
    event.add("url", absolute(rotation.get_absolute_url()))
    return event
