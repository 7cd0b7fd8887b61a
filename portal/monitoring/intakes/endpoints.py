"""The addresses that tools send to. A key opens one of them, and nothing else of the portal.

What is answered decides what a tool does: Alertmanager repeats after 5xx and drops after any other
error. So 2xx means stored, what could not be stored is 503, and nothing is ever 429.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.core.data import clock
from portal.core.data.outages import outage_of
from portal.core.web.bodies import Unreceived, reader_of, unlogged
from portal.core.web.requests import give_time
from portal.monitoring.alerts.reports import Unreadable, time_of
from portal.monitoring.models import Intake, IntakeKind, Received
from portal.monitoring.models.received import LONGEST_ERROR, kept

from . import mappings, pagerduty, webhooks
from .deliveries import Delivery, parsed
from .storage import store

LARGEST = 5 * 1024 * 1024
LARGEST_OF_STRANGERS = 512 * 1024  # PagerDuty's key stands in the body, so it is read first
SIGNATURE, SIGNED_AT = "X-Grafana-Alerting-Signature", "X-Grafana-Alerting-Timestamp"
STAMP = re.compile("[0-9]{1,12}")  # seconds since 1970
SIGNED_WITHIN = timedelta(minutes=5)
WAIT = 5  # seconds

log = logging.getLogger(__name__)


class TooLarge(Exception):
    """More than is taken."""


def for_tools(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view without people: no session, no form, refused if anything stands behind the path."""

    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            return refused(400, "Nothing may stand behind the address; a key least of all.")
        try:
            return view(request, *arguments, **named)
        except Unreceived as error:
            return unlogged(refused(error.status, error.words))
        except TooLarge:
            return refused(413, "This is too large. Send fewer alerts at a time (max_alerts).")
        except Exception as error:
            if outage_of(error) is None and not isinstance(error, IntegrityError):
                raise
            log.warning("A delivery could not be stored: %s", error)
            words = "It could not be stored. Send it again."
            return refused(503, words, headers={"Retry-After": str(WAIT)})

    public = csrf_exempt(require_POST(answered))
    public.login_required = False  # type: ignore[attr-defined]  # the key is what opens it
    return public


def refused(status: int, why: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"status": "refused", "message": why}, status=status, headers=headers)


def unknown() -> HttpResponse:
    return refused(404, "There is no intake with this key. It may be revoked.")


def content_of(request: HttpRequest, largest: int) -> bytes:
    """The body, read by ourselves: Django's own limit is that of forms."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
        raise TooLarge
    body = reader_of(request)(largest + 1)
    if len(body) > largest:
        raise TooLarge
    return body


@for_tools
def alertmanager(request, key=""):
    return _taken(request, key or _bearer(request), IntakeKind.ALERTMANAGER)


@for_tools
def grafana(request, key):
    return _taken(request, key, IntakeKind.GRAFANA)


@for_tools
def generic(request, key):
    return _taken(request, key, IntakeKind.GENERIC)


def _bearer(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _taken(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    intake = Intake.objects.opened_by(key, kind)
    if intake is None:
        return unknown()
    give_time(request.META, LARGEST)  # its key is known: not whoever connects
    body, at = content_of(request, LARGEST), clock.now()
    if intake.is_signed and not _is_signed(request, intake, body, at):
        return refused(401, "The signature is missing, wrong or old.")
    try:
        delivery = _read(intake, body, at)
    except Unreadable as error:
        return _unread(intake, body, error, at)
    store(intake, delivery, body, at)
    return JsonResponse({"status": "ok", "alerts": len(delivery.reports)})


def _is_signed(request: HttpRequest, intake: Intake, body: bytes, at: datetime) -> bool:
    """Grafana signs the body, and before it, where the header is switched on, the time."""
    stamp = request.headers.get(SIGNED_AT, "")
    if stamp:
        signed_at = time_of(int(stamp), at=at) if STAMP.fullmatch(stamp) else None
        if signed_at is None or abs(at - signed_at) > SIGNED_WITHIN:
            return False
        body = stamp.encode() + b":" + body
    return intake.is_signature(request.headers.get(SIGNATURE, ""), body)


def _read(intake: Intake, body: bytes, at: datetime) -> Delivery:
    data = parsed(body)
    if intake.kind == IntakeKind.GENERIC:
        return mappings.read(data, intake.mapping, at=at)
    return webhooks.read(data, at=at)


@for_tools
def enqueue(request):
    """PagerDuty's `/v2/enqueue`, with the answers that its clients know."""
    body, at = content_of(request, LARGEST_OF_STRANGERS), clock.now()
    try:
        data = parsed(body)
        intake = Intake.objects.opened_by(pagerduty.routing_key(data), IntakeKind.PAGERDUTY)
    except Unreadable as error:
        return _invalid(str(error))
    if intake is None:
        return unknown()
    body, data = pagerduty.without_key(body, data)
    try:
        delivery, dedup_key = pagerduty.read(data, at=at)
    except Unreadable as error:
        _unread(intake, body, error, at)
        return _invalid(str(error))
    store(intake, delivery, body, at, answer=202)
    said = {"status": "success", "message": "Event processed", "dedup_key": dedup_key}
    return JsonResponse(said, status=202)


def _invalid(why: str) -> HttpResponse:
    said = {"status": "invalid event", "message": "Event object is invalid", "errors": [why]}
    return JsonResponse(said, status=400)


def _unread(intake: Intake, body: bytes, error: Unreadable, at: datetime) -> HttpResponse:
    """Keep what could not be read, with the reason, so that somebody can see why."""
    why = str(error)[:LONGEST_ERROR]
    with transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(received_at=at)
        Received.objects.create(
            intake=intake, at=at, size=len(body), body=kept(body), answer=400, error=why
        )
    return refused(400, why)
