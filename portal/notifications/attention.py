"""What waits: channels that fail, messages that could not be sent, an engine that stands still,
people whom nothing reaches. For everybody: that nothing reaches them, or that one of their contact
methods fails.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, When
from django.urls import reverse

from portal.accounts.people.prepared import PreparedFor, Waiting
from portal.core.data import clock
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import minute_of

from .models import Beat, Channel, ContactMethod, Delivery, DeliveryState, unreached
from .models.contact_methods import CODE, FAILING, FAREWELL
from .transports import mail

SEND = "notifications.send_delivery"
CHANGE = "notifications.change_channel"
SHOWN_FOR = timedelta(days=7)  # after a failure; later it is history
LATE = timedelta(minutes=10)  # after which a message that is due waits for somebody


def cards(user, at: datetime) -> Iterator[Card]:
    """One query for whom nothing waits here; the rest for those who send messages again.

    Channels that fail are told to their teams and operators, and each person how they are reached.
    """
    troubles = _troubles(user, since=at - SHOWN_FOR)
    yield from _own(troubles)
    if "channels" in troubles:
        rows = [_channel_row(*each) for each in _failing(user, since=at - SHOWN_FOR)]
        yield Card("Channels that fail", rows, Priority.WAITING, ("Show all", _channels()))
    if not user.has_perm(SEND):
        return
    without = "" if mail.is_configured() else "mail"  # of which it is known why it waits
    if late := _late(user, before=at - LATE, without=without):
        yield _standstill(*late[0])
    if settings.DEAD_MAN_URL and (why := Beat.objects.report_error()):
        yield _unheard(why)
    if rows := [_row(*each) for each in _failed(user, since=at - SHOWN_FOR)]:
        more = f"{reverse('admin:notifications_delivery_changelist')}?state__exact=failed"
        title = "Messages that could not be sent"
        yield Card(title, rows, Priority.WAITING, ("Show all", more))
    if "people" in troubles:
        people = [_person(*each) for each in _unreached(user)]
        everybody = "Show all people", reverse("admin:accounts_user_changelist")
        yield Card("People whom nothing reaches", people, Priority.CARE, everybody)


def _own(troubles: set[str]) -> Iterator[Card]:
    address = reverse("notifications:settings")
    act = Act("Open", address, " how we reach you")
    if "unreached" in troubles:
        line = "Add an e-mail address to your profile, or another contact method."
        row = Row(address, "No message leaves the portal for you", line, act)
        yield Card("Nothing reaches you", [row], Priority.CARE, is_counted=False)
    elif "failing" in troubles:
        line = "The last messages did not get there."
        row = Row(address, "One of your contact methods fails", line, act)
        yield Card("How we reach you", [row], Priority.WAITING, is_counted=False)


def _person(pk: int, name: str, username: str, email: str) -> Row:
    address = reverse("admin:accounts_user_change", args=[pk])
    line = f"The newest mail to {email} failed." if email else "There is no e-mail address."
    act = Act("Open", address, f": {name or username}")
    return Row(address, name or username, f"{line} No other contact method works.", act)


def _unheard(why: str) -> Card:
    address = reverse("notifications:deliveries")
    line = f"{why} Nobody outside would notice if the engine died: see PORTAL_DEAD_MAN_URL."
    row = Row(address, "The dead man's switch does not hear the engine", line, None)
    return Card("Not watched from outside", [row], Priority.WAITING, is_counted=False)


def _standstill(since: datetime, error: str) -> Card:
    why = "The engine does not run: start it with ./run engine."
    if Beat.objects.word(clock.now()) == "ok":
        why = f"The mail server does not take them: {error}" if error else "The engine is behind."
    address = reverse("admin:notifications_delivery_changelist")
    row = Row(address, f"Messages wait since {minute_of(since)}", why, Act("Open", address))
    return Card("Messages wait", [row], Priority.NOW, is_counted=False)


def _row(pk: int, subject: str, to: str, error: str, at: datetime) -> Row:
    address = reverse("admin:notifications_delivery_change", args=[pk])
    act = Act("Open", address, f": {subject}")
    return Row(address, subject, f"{to}: {error}", act, when=minute_of(at))


def _channels() -> str:
    return reverse("notifications:channels")


def _channel_row(slug: str, name: str, since: datetime | None, team: str | None) -> Row:
    address = reverse("notifications:channel", args=[slug])
    line = f"It has taken nothing since {minute_of(since)}." if since else "A message failed."
    return Row(address, name, f"{team or 'Everybody'}: {line}", Act("Open", address, f": {name}"))


def _failing_since(user, *, since):
    rows = _failing_rows(user, since).order_by("name", "pk")
    return rows.values_list("slug", "name", "failing_since", "team__name")[:SHOWN]


def _failing_rows(user, since):
    """Those of one's teams, and all for who may change them, that lately did not take something."""
    rows = Channel.objects.all() if user.has_perm(CHANGE) else Channel.objects.of_teams(user)
    failed = Delivery.objects.given_up(since).filter(channel__isnull=False).order_by()
    lately = Q(failures__gt=0) | Q(pk__in=failed.values("channel"))
    return rows.active().filter(lately)


def _failed_since(user, *, since):
    """But for those of channels, codes that nobody typed in time, and what was removed."""
    rows = Delivery.objects.given_up(since).filter(channel=None).exclude(kind__in=(CODE, FAREWELL))
    rows = rows.order_by("-due_at", "-pk")
    return rows.values_list("pk", "subject", "to", "last_error", "due_at")[:SHOWN]


def _waiting_since(user, *, before, without):
    """Due since then, or refused since then and to be tried again; a channel that fails says so."""
    refused = Q(attempts__gt=0, created_at__lte=before, channel=None)
    waiting = Delivery.objects.filter(Q(due_at__lte=before) | refused, state=DeliveryState.WAITING)
    rows = waiting.exclude(transport=without).filter(Q(channel=None) | Q(channel__failures=0))
    since = Case(When(attempts__gt=0, then="created_at"), default="due_at")
    return rows.annotate(since=since).order_by("since").values_list("since", "last_error")[:1]


def _without_a_way(user):
    rows = unreached().order_by("username")
    return rows.values_list("pk", "name", "username", "email")[:SHOWN]


def _of_one(user, *, since) -> dict[str, Any]:
    failing = ContactMethod.objects.of(user).filter(failures__gte=FAILING)
    people = unreached() if user.has_perm(SEND) else unreached().none()
    mine = unreached().filter(pk=user.pk)
    channels = _failing_rows(user, since)
    return {"unreached": mine, "failing": failing, "channels": channels, "people": people}


_failed, _late = PreparedFor(_failed_since), PreparedFor(_waiting_since)
_failing, _unreached = PreparedFor(_failing_since), PreparedFor(_without_a_way)
_troubles = Waiting(("unreached", "failing", "channels", "people"), _of_one)
