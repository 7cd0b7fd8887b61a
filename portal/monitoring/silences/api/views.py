"""Silences: read, make, end, extend."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.filters import ALL, choices
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.monitoring.models import Phase, Silence
from portal.monitoring.muting import verbs
from portal.monitoring.muting.expiry import end_of, said_of

from .serializers import ChangeSilenceSerializer, NewSilenceSerializer, SilenceSerializer

ROW = SilenceSerializer
LAST_FIRST = Ordering(("ends_at",), descending=True)
STATES = [ALL, *Phase.values]
ASKED = [
    *FIELDS,
    query("state", "`all` if not given; may be repeated.", enum=STATES, many=True),
    *PAGED,
]
NEW = sent(
    "While a disk is replaced",
    matchers=[
        {"name": "service", "operator": "=", "value": "orders"},
        {"name": "alertname", "operator": "=~", "value": "Disk.*"},
    ],
    minutes=120,
    reason="The disk is being replaced.",
)
CHANGED = sent("Another reason", reason="The disk is being replaced, and it takes longer.")
EXTENDED = sent("Four more hours", minutes=240)


class SilencesView(Idempotent, AnsweringView):
    area = "monitoring"
    permissions = {"GET": "monitoring.view_silence"}

    def silence(self, pk: int):
        """The query of one."""
        return Silence.objects.visible(self.request.user).filter(pk=pk)

    def made_anew(self, silence: Silence):
        address = reverse("api:silence", args=[silence.pk])
        return self.made(self.single(ROW, self.silence(silence.pk)), address)


class SilenceList(SilencesView):
    permissions = {"GET": "monitoring.view_silence", "POST": "monitoring.add_silence"}

    @extend_schema(operation_id="silences_list", parameters=ASKED, responses=page_of(ROW))
    def get(self, request):
        """Silences, those that end last first; also those that are over."""
        rows = Silence.objects.visible(request.user)
        asked = choices(request.query_params, "state", STATES)
        if asked and ALL not in asked:
            rows = rows.in_phases(asked, clock.now())
        return self.listed(ROW, rows, LAST_FIRST, "silences")

    @extend_schema(
        operation_id="silences_make",
        request=NewSilenceSerializer,
        responses={201: ROW},
        examples=NEW,
    )
    def post(self, request):
        """Silence alerts for a while. It holds at once, also for what fires already."""
        given, at = dict(self.checked(NewSilenceSerializer)), clock.now()
        begins = max(given.get("starts_at") or at, at)
        with said_of(given):
            made = verbs.silence(
                [dict(each) for each in given["matchers"]],
                by=request.user,
                at=at,
                starts_at=begins,
                ends_at=end_of(given, begins),
                reason=given["reason"],
            )
        return self.made_anew(made)


class SilenceDetail(SilencesView):
    permissions = {"GET": "monitoring.view_silence", "PATCH": "monitoring.change_silence"}

    @extend_schema(operation_id="silences_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One silence."""
        return self.tagged(ROW, self.silence(pk), names=ROW.chosen(request.query_params))

    @extend_schema(
        operation_id="silences_change",
        request=ChangeSilenceSerializer(partial=True),
        parameters=IF_MATCH,
        responses={200: ROW, 201: ROW},
        examples=CHANGED,
    )
    def patch(self, request, pk):
        """Change its reason or its end. With other matchers it ends, and a new one begins (201)."""
        with transaction.atomic():
            silence = self.found(self.silence(pk).select_for_update())
            require_match(request, silence.etag, difference=silence.get_absolute_url())
            given, at = dict(self.checked(ChangeSilenceSerializer, partial=True)), clock.now()
            with said_of(given):
                holds = verbs.change(silence, changes(given, silence, at), by=request.user, at=at)
        return self.tagged(ROW, self.silence(pk)) if holds.pk == pk else self.made_anew(holds)


def changes(given: dict[str, Any], silence: Silence, at: datetime) -> dict[str, Any]:
    """What the verb takes, of what was sent."""
    found = {"reason": given["reason"]} if "reason" in given else {}
    if "matchers" in given:
        found["matchers"] = [dict(each) for each in given["matchers"]]
    if {"minutes", "ends_at"} & given.keys():
        found["ends_at"] = end_of(given, max(at, silence.starts_at))
    return found


class OnSilence(VerbView, SilencesView):
    """A verb on one silence."""

    operation = "silence_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(Silence.objects.visible(self.request.user), pk=pk)

    def act(self, thing, **given):
        at, by = clock.now(), self.request.user
        if self.verb == "extend":
            with said_of(given):
                ends_at = end_of(given, max(at, thing.starts_at))
                return verbs.extend(thing, by=by, at=at, ends_at=ends_at)
        return verbs.end(thing, by=by, at=at)

    def answer(self, thing, result):
        return self.tagged(ROW, self.silence(thing.pk))
