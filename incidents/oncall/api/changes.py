"""Overrides and swaps of a rotation: read, make, cancel, answer."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Case, CharField, F, Q, Value, When
from drf_spectacular.utils import extend_schema

from incidents.models import Override, Swap, SwapState
from incidents.oncall import verbs
from portal.core.api.filters import ALL, CURRENT, choices
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.core.problems import Refused

from .base import READ, OnCallView
from .serializers import (
    NewOverrideSerializer,
    NewSwapSerializer,
    OverrideSerializer,
    SwapSerializer,
)

OVERRIDE, SWAP = OverrideSerializer, SwapSerializer
BY_TIME = Ordering(("starts_at",))
NEWEST = Ordering(("made_at",), descending=True)
COVER = sent(
    "Nobody, on purpose",
    person=None,
    starts_at="2037-12-24T12:00:00Z",
    ends_at="2037-12-25T12:00:00Z",
    reason="The office is closed.",
)
ASK = sent(
    "A shift for nothing in return",
    asked="rita",
    starts_at="2037-12-24T12:00:00Z",
    ends_at="2037-12-25T12:00:00Z",
    message="I am at a wedding.",
)
OVERRIDES = [
    *FIELDS,
    query("state", f"`{CURRENT}`: in force or to come, if not given.", enum=[CURRENT, ALL]),
    *PAGED,
]
SWAPS = [*FIELDS, *PAGED]


def swaps_at(rows, at: datetime):
    """With the state as it is shown: expired, also before the engine notes it."""
    late = Q(state=SwapState.PROPOSED) & (Q(starts_at__lte=at) | Q(back_starts_at__lte=at))
    shown = Case(
        When(late, then=Value(SwapState.EXPIRED.value)),
        default=F("state"),
        output_field=CharField(),
    )
    return rows.annotate(shown=shown)


class Overrides(OnCallView):
    permissions: ClassVar[dict[str, str]] = {"GET": READ, "POST": "incidents.add_override"}

    @extend_schema(
        operation_id="rotations_overrides", parameters=OVERRIDES, responses=page_of(OVERRIDE)
    )
    def get(self, request, slug):
        """Overrides by time: those in force and to come, or all there ever were."""
        rows = self.rotation(slug).overrides.all()
        if ALL not in choices(request.query_params, "state", [CURRENT, ALL]):
            rows = rows.current(clock.now())
        return self.listed(OVERRIDE, rows, BY_TIME, "overrides")

    @extend_schema(
        operation_id="rotations_override",
        request=NewOverrideSerializer,
        responses={201: OVERRIDE},
        examples=COVER,
    )
    def post(self, request, slug):
        """Put somebody on call: yourself, or anybody if you may change rotations."""
        row, at = self.rotation(slug), clock.now()
        given = dict(self.checked(NewOverrideSerializer))
        times = given.get("starts_at") or at, given["ends_at"]
        with refusals_of():
            made = verbs.override(
                row, given["person"], *times, by=request.user, at=at, reason=given.get("reason", "")
            )
        said = self.single(OVERRIDE, Override.objects.filter(pk=made.pk))
        return json_response(said, status=201)


class OnOverride(VerbView, OnCallView):
    """A verb on one override."""

    permissions: ClassVar[dict[str, str]] = {"POST": "incidents.add_override"}
    operation = "rotations_override_{}"
    answers: ClassVar[Any] = OVERRIDE

    def thing(self, slug, pk):
        rows = self.rotation(slug).overrides.select_related("rotation", "person")
        return self.found(rows, pk=pk)

    def act(self, thing, **given):
        verbs.cancel(thing, by=self.request.user, at=clock.now())

    def answer(self, thing, result):
        return json_response(self.single(OVERRIDE, Override.objects.filter(pk=thing.pk)))


class Swaps(OnCallView):
    permissions: ClassVar[dict[str, str]] = {"GET": READ, "POST": "incidents.add_swap"}

    @extend_schema(operation_id="rotations_swaps", parameters=SWAPS, responses=page_of(SWAP))
    def get(self, request, slug):
        """Swaps, the newest first."""
        rows = swaps_at(self.rotation(slug).swaps.all(), clock.now())
        return self.listed(SWAP, rows, NEWEST, "swaps")

    @extend_schema(
        operation_id="rotations_swap",
        request=NewSwapSerializer,
        responses={201: SWAP},
        examples=ASK,
    )
    def post(self, request, slug):
        """Ask somebody to take a shift of yours; 409 if it is not yours, all of it."""
        row, at = self.rotation(slug), clock.now()
        given = dict(self.checked(NewSwapSerializer))
        back = _back(given)
        with refusals_of():
            made = verbs.propose(
                row,
                given["asked"],
                (given["starts_at"], given["ends_at"]),
                by=request.user,
                at=at,
                back=back,
                message=given.get("message", ""),
            )
        said = self.single(SWAP, swaps_at(Swap.objects.filter(pk=made.pk), at))
        return json_response(said, status=201)


def _back(given: dict[str, Any]) -> tuple[datetime, datetime] | None:
    begin, end = given.get("back_starts_at"), given.get("back_ends_at")
    if begin and end:
        return begin, end
    if begin or end:
        raise Refused("Send both times of the shift in return.", pointer="/back_ends_at")
    return None


class OnSwap(VerbView, OnCallView):
    """A verb on one swap."""

    permissions: ClassVar[dict[str, str]] = {"POST": "incidents.add_swap"}
    operation = "rotations_swap_{}"
    answers: ClassVar[Any] = SWAP

    def thing(self, slug, pk):
        rows = self.rotation(slug).swaps.select_related("rotation", "asker", "asked")
        return self.found(rows, pk=pk)

    def act(self, thing, **given):
        verbs.decide(thing, self.verb, by=self.request.user, at=clock.now())

    def answer(self, thing, result):
        rows = swaps_at(Swap.objects.filter(pk=thing.pk), clock.now())
        return json_response(self.single(SWAP, rows))
