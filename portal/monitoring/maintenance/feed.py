"""The calendar of maintenance as iCalendar (RFC 5545), at an address that is each person's own.

Programs that show calendars cannot sign in, so the address has a key. It is made of the portal's
own key, of the person's password and of a mark that they renew: it is stored nowhere, and ends
with any of them.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.web.address import absolute
from portal.monitoring.models import Window

SALT = "portal.monitoring.maintenance.feed"
READ = "monitoring.view_maintenance"
BACK, MOST = timedelta(days=30), 1000
LONGEST_KEY = 300


def address_for(user: User) -> str:
    key = signing.Signer(salt=SALT).sign_object([user.pk, _mark(user)])
    return absolute(reverse("monitoring:maintenance-feed", args=[key]))


def _mark(user: User) -> str:
    """What changes with the password, and whenever the person asks for a new address."""
    return f"{user.get_session_auth_hash()[:32]}{user.calendar_mark}"


def reader_with(key: str) -> User | None:
    """Whom the key belongs to, if they may still read."""
    if len(key) > LONGEST_KEY:
        return None
    try:
        pk, mark = signing.Signer(salt=SALT).unsign_object(key)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_theirs = user is not None and constant_time_compare(mark, _mark(user))
    return user if user and is_theirs and user.has_perm(READ) else None


@never_cache
@require_safe
def feed(request, key):
    reader = reader_with(key)
    if reader is None:
        raise Http404
    at = clock.now()
    rows = Window.objects.visible(reader).kept().filter(ends_at__gt=at - BACK)
    rows = rows.select_related("maintenance").prefetch_related("maintenance__services")
    body = calendar_of(list(rows.order_by("starts_at", "pk")[:MOST]), at)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


feed.login_required = False  # type: ignore[attr-defined]  # the key is what opens it


def calendar_of(windows: list[Window], at: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Ops Portal//Maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Maintenance")
    for window in windows:
        calendar.add_component(_event(window, at))
    content: bytes = calendar.to_ical()
    return content


def _event(window: Window, at: datetime) -> Event:
    plan, event = window.maintenance, Event()
    services = "all" if plan.is_for_all else ", ".join(str(each) for each in plan.services.all())
    event.add("uid", f"maintenance-window-{window.pk}@{absolute('/').split('/')[2]}")
    event.add("dtstamp", at)
    event.add("dtstart", window.starts_at)
    event.add("dtend", window.ends_at)
    event.add("summary", plan.title)
    event.add("description", "\n".join(filter(None, [plan.note, f"Services: {services}"])))
    event.add("url", absolute(plan.get_absolute_url()))
    return event
