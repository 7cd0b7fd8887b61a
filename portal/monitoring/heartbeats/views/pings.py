"""What clients of healthchecks call, unchanged: an address that is the key itself.

It answers as healthchecks' does, in plain text, and asks for no session, no person and no host.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from portal.core.data import clock
from portal.core.data.connections import lively
from portal.core.data.outages import outage_of
from portal.core.problems import DomainError
from portal.core.web.bodies import Unreceived, reader_of, unlogged
from portal.monitoring.models import Call, Heartbeat, Instance, PingKey, Signal
from portal.monitoring.models.heartbeats import LONGEST_SLUG
from portal.monitoring.models.pings import BODY_LIMIT, LARGEST_STATUS

METHODS = ("GET", "HEAD", "POST")
SIGNALS = {"": Signal.SUCCESS, "start": Signal.START, "fail": Signal.FAIL, "log": Signal.LOG}
STATUS = re.compile(r"[0-9]{1,9}")
RID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
INSTANCE = re.compile(r"[\w.:@-]{1,100}", re.ASCII)
MOST_INSTANCES = 500
MOST_HEARTBEATS = 1000  # of one team, or of none: a key makes no more
READ_AT_ONCE, MOST_READ = 65_536, 16 * 1024 * 1024  # bytes of a body; only the first are kept
HEADERS = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Access-Control-Allow-Origin": "*",
    "Ping-Body-Limit": str(BODY_LIMIT),
}


class NotTaken(DomainError):
    """What is wrong with the address, in the words of healthchecks."""

    def __init__(self, said: str, status: int):
        super().__init__(said)
        self.answered = status


NOT_FOUND = "not found", HTTPStatus.NOT_FOUND
BAD_ADDRESS = "invalid url format", HTTPStatus.BAD_REQUEST


def answering(act: Callable[..., tuple[str, int]]):
    """A view of such an address: what is not taken is said, and what could not be stored is 503."""

    def view(request, **address):
        if request.method not in METHODS:
            return _plain("method not allowed", HTTPStatus.METHOD_NOT_ALLOWED, Allow=_ALLOWED)
        try:
            return _plain(*act(request, **address))
        except Unreceived as error:
            return unlogged(_plain(error.words, error.status))
        except NotTaken as refusal:
            return _plain(refusal.detail, refusal.answered)
        except (DatabaseError, OSError) as error:
            outage = outage_of(error)
            if outage is None:
                raise
            wait = str(outage.wait or 60)
            return _plain(outage.detail, HTTPStatus.SERVICE_UNAVAILABLE, **{"Retry-After": wait})

    return csrf_exempt(login_not_required(view))


_ALLOWED = ", ".join(METHODS)


def _plain(said: str, status: int, **headers: str) -> HttpResponse:
    return HttpResponse(said, status=status, headers=HEADERS | headers)


@answering
def by_uuid(request, *, code: UUID, action: str = ""):
    """`/ping/<uuid>` and what may follow it."""
    call, name = _call(request, action), _instance(request)
    lively(lambda: _take(call, lambda: _at(code, name)))
    return "OK", HTTPStatus.OK


@answering
def by_slug(request, *, key: str, slug: str, action: str = ""):
    """`/ping/<key>/<slug>` and what may follow it; with `create=1` it is made if there is none."""
    if slug != slug.lower() or len(slug) > LONGEST_SLUG:
        raise NotTaken(*BAD_ADDRESS)
    call, name, made = _call(request, action), _instance(request), False
    if request.GET.get("create") == "1":
        made = _made(key, slug)
    lively(lambda: _take(call, lambda: _found(name, pk=_only(key, slug))))
    return ("Created", HTTPStatus.CREATED) if made else ("OK", HTTPStatus.OK)


@answering
def nowhere(request, **address):
    raise NotTaken(*NOT_FOUND)


def _take(call: Call, find: Callable[[], Instance]) -> None:
    """Let who called take the ping; `find` locks it."""
    with transaction.atomic():
        instance = find()
        if not instance.is_woken_by(call):
            instance.take(call, at=instance.called_at or clock.now())
            return
    # Its lock is released: all verbs lock the heartbeat first, then its instances.
    with transaction.atomic():
        instance.heartbeat.wake(at=clock.now())
        find().take(call, at=clock.now())


def _at(code: UUID, name: str) -> Instance:
    return Instance.objects.called(code, name) or _found(name, uuid=code)


def _found(name: str, **heartbeat: Any) -> Instance:
    """The instance of this name, made if it reports for the first time. Raises NotTaken."""
    found = Heartbeat.objects.filter(**heartbeat).first()
    if found is None:
        raise NotTaken(*NOT_FOUND)
    known = found.instances.filter(name=name).exists()
    if name and not known and found.instances.count() >= MOST_INSTANCES:
        raise NotTaken("too many instances", HTTPStatus.BAD_REQUEST)
    if not known:
        found.instances.get_or_create(name=name)
    return Instance.objects.for_writing().get(heartbeat=found, name=name)


def _only(key: str, slug: str) -> int:
    """The heartbeat of a slug. Raises NotTaken unless it is one."""
    found = list(Heartbeat.objects.opened(key, slug).values_list("pk", flat=True)[:2])
    if not found:
        raise NotTaken(*NOT_FOUND)
    if len(found) > 1:
        raise NotTaken("ambiguous slug", HTTPStatus.CONFLICT)
    return found[0]


@transaction.atomic
def _made(key: str, slug: str) -> bool:
    """Make the heartbeat of a slug that none has; False if one has. Of two at once one does."""
    if Heartbeat.objects.opened(key, slug).exists():
        return False
    opening = PingKey.objects.select_for_update(of=("self",)).filter(key=key).first()
    if opening is None:
        raise NotTaken(*NOT_FOUND)
    if Heartbeat.objects.opened(key, slug).exists():
        return False
    if Heartbeat.objects.filter(owner=opening.owner).count() >= MOST_HEARTBEATS:
        raise NotTaken("too many heartbeats", HTTPStatus.BAD_REQUEST)
    Heartbeat.objects.make_by_ping(slug, owner=opening.owner)
    return True


def _call(request, action: str) -> Call:
    """What the client said. Raises NotTaken."""
    status = int(action) if STATUS.fullmatch(action) else None
    if status is None and action not in SIGNALS:
        raise NotTaken(*NOT_FOUND)
    if status is not None and status > LARGEST_STATUS:
        raise NotTaken(*BAD_ADDRESS)
    ended = Signal.FAIL if status else Signal.SUCCESS
    return Call(
        signal=SIGNALS[action] if status is None else ended,
        exit_status=status,
        rid=_rid(request),
        body=_body(request),
        method=request.method,
        address=request.META.get("REMOTE_ADDR") or None,
        agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", ""),
    )


def _rid(request) -> UUID | None:
    text = request.GET.get("rid")
    if text is None:
        return None
    if not RID.fullmatch(text):
        raise NotTaken("invalid uuid format", HTTPStatus.BAD_REQUEST)
    return UUID(text)


def _instance(request) -> str:
    name = request.GET.get("instance", "")
    if name and not INSTANCE.fullmatch(name):
        raise NotTaken("invalid instance", HTTPStatus.BAD_REQUEST)
    return name


def _body(request) -> bytes:
    """The first BODY_LIMIT bytes; the rest is read, so that the client hears the answer."""
    read, seen = reader_of(request), 0
    kept = read(BODY_LIMIT)
    while seen < MOST_READ and (more := read(READ_AT_ONCE)):
        seen += len(more)
    return kept
