"""The same request or form again gets the same answer and does nothing.

Programs send an `Idempotency-Key`; a form has a hidden key of its own.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar

import orjson
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import Replay
from portal.core.api.renderers import dumps
from portal.core.problems import DomainError, Refused

KEPT = timedelta(days=1)
LONGEST = 200
OF_FORM = "form\n"  # no header holds a line break: keys of programs and of forms never meet
HEADERS = ("Content-Type", "ETag", "Location")


class KeyReused(DomainError):
    """The key belongs to a request with other content."""

    status, code, title = 422, "key-reused", "Idempotency-Key used before"


class Idempotent:
    """For views: answer a repeated POST from the record, in the transaction of the first.

    `secrets` names members that only the first answer has: they are null in the record, and no
    cache keeps the answers.
    """

    secrets: ClassVar[tuple[str, ...]] = ()

    def handle(self, request, *args, **kwargs):
        response = self._handle(request, *args, **kwargs)
        if self.secrets and request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        return response

    def _handle(self, request, *args, **kwargs):
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "") if request.method == "POST" else ""
        if not key:
            return super().handle(request, *args, **kwargs)
        if len(key) > LONGEST:
            raise Refused(f"The Idempotency-Key is longer than {LONGEST} characters.")
        return self._once(request, key, _fingerprint(request), args, kwargs)

    def _once(self, request, key, fingerprint, args, kwargs):
        try:
            with transaction.atomic():
                record = Replay.objects.create(user=request.user, key=key, fingerprint=fingerprint)
                response = super().handle(request, *args, **kwargs)
                _store(record, response, self.secrets)
                return response
        except IntegrityError:
            record = Replay.objects.filter(user=request.user, key=key).first()
            if record is None:  # another constraint failed, not ours
                raise
            return _again(record, fingerprint)


def once(user, key: str, act) -> str:
    """The address that `act` returns; for a form that was sent before, the one from then."""
    mine = {"user": user, "key": f"{OF_FORM}{key}"[:LONGEST]}
    try:
        with transaction.atomic():
            record = Replay.objects.create(**mine)
            record.headers = {"Location": act()}
            record.save(update_fields=["headers"])
            _forget()
            return record.headers["Location"]
    except IntegrityError:
        before = Replay.objects.filter(**mine).first()
        if before is None:  # another constraint failed, not ours
            raise
        return before.headers["Location"]


def _fingerprint(request) -> str:
    """Keyed, so that nobody can try out what was in a body.

    Of a form its fields and files: the bytes of the body differ each time, as its boundary does.
    """
    is_form = request.content_type.startswith("multipart/")
    body = repr(sorted(_parts(request))).encode() if is_form else request._request.body
    text = f"{request.method} {request.get_full_path()}\n".encode() + body
    return salted_hmac("idempotency", text, algorithm="sha256").hexdigest()


def _parts(request) -> Iterator[tuple[str, list[str]]]:
    """Each name of a form, with its values and the digests of its files."""
    for name, values in request.data.lists():
        files = request.FILES.getlist(name)
        yield name, [_digest(value) if value in files else str(value) for value in values]


def _digest(file) -> str:
    digest = sha256()
    for part in file.chunks():
        digest.update(part)
    file.seek(0)
    return f"sha256 {digest.hexdigest()}"


def _store(record: Replay, response, secrets: tuple[str, ...]) -> None:
    record.status, record.body = response.status_code, _without(response.content, secrets)
    record.headers = {name: response[name] for name in HEADERS if name in response}
    record.save(update_fields=["status", "body", "headers"])
    _forget()


def _without(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """The body of an answer, null where it has one of these members."""
    if not (secrets and body):
        return body
    said = orjson.loads(body)
    return dumps(said | {name: None for name in secrets if name in said})


def _forget() -> None:
    Replay.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _again(record: Replay, fingerprint: str) -> HttpResponse:
    if record.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request. Make a new one.")
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(record.body), status=record.status, headers=headers)
