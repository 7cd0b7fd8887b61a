"""Overrides and swaps of a rotation: read, make, cancel, answer."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from incidents.models import Override, Rotation, Swap, SwapState
from incidents.oncall import verbs
from incidents.oncall.shifts import FARTHEST, shifts
from portal.core.api.filters import ALL, CURRENT, choices
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.core.problems import Refused

from .base import READ, OnCallView
from .requests import NewOverrideSerializer, NewSwapSerializer
from .serializers import OverrideSerializer, SwapSerializer

OVERRIDE, SWAP = OverrideSerializer, SwapSerializer
BY_TIME = Ordering(("starts_at",))
NEWEST = Ordering(("made_at",), descending=True)
COVER = sent("Four hours", person="alice", minutes=240, reason="Dentist")
ASK = sent("Your next shift", asked="alice", message="I am at a wedding.")
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
        times = _times(given, at)
        with refusals_of():
            made = verbs.override(
                row, given["person"], *times, by=request.user, at=at, reason=given.get("reason", "")
            )
        said = self.single(OVERRIDE, Override.objects.filter(pk=made.pk))
        return self.made(said, reverse("api:rotation-override", args=[slug, made.pk]))


def _times(given: dict[str, Any], at: datetime) -> tuple[datetime, datetime]:
    begin = max(given.get("starts_at") or at, at)
    if ("minutes" in given) == ("ends_at" in given):
        raise Refused("Send either `ends_at` or `minutes`.", pointer="/ends_at")
    if begin > at + FARTHEST:
        raise Refused("It begins within a year.", pointer="/starts_at")
    return begin, given.get("ends_at") or begin + timedelta(minutes=given["minutes"])


class OverrideDetail(OnCallView):
    @extend_schema(operation_id="rotations_override_read", parameters=FIELDS, responses=OVERRIDE)
    def get(self, request, slug, pk):
        """One override."""
        rows, names = self.rotation(slug).overrides.all(), OVERRIDE.chosen(request.query_params)
        return json_response(self.single(OVERRIDE, rows, names, pk=pk))


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
        """Ask somebody to take a shift of yours, the next one unless you say which.

        409 if you are not on call all of that time.
        """
        row, at = self.rotation(slug), clock.now()
        given = dict(self.checked(NewSwapSerializer))
        back = _given(given, "back_")
        with refusals_of():
            made = verbs.propose(
                row,
                given["asked"],
                _given(given) or own_shift(row, request.user, at),
                by=request.user,
                at=at,
                back=back,
                message=given.get("message", ""),
            )
        said = self.single(SWAP, swaps_at(Swap.objects.filter(pk=made.pk), at))
        return self.made(said, reverse("api:rotation-swap", args=[slug, made.pk]))


def _given(given: dict[str, Any], prefix: str = "") -> tuple[datetime, datetime] | None:
    """Both times of a shift, or none."""
    begin, end = given.get(f"{prefix}starts_at"), given.get(f"{prefix}ends_at")
    if begin and end:
        return begin, end
    if begin or end:
        raise Refused("Send both times of the shift.", pointer=f"/{prefix}ends_at")
    return None


def own_shift(row: Rotation, user, at: datetime) -> tuple[datetime, datetime]:
    """The next one of this person that has not begun."""
    plan = Rotation.objects.filter(pk=row.pk).plans(at, at + FARTHEST)[row.pk]
    for each in shifts(plan, at, at + FARTHEST):
        if each.person == user.pk and each.starts_at > at:
            return each.starts_at, each.ends_at
    raise Refused("You have no shift to come in it.", pointer="/starts_at")


class SwapDetail(OnCallView):
    @extend_schema(operation_id="rotations_swap_read", parameters=FIELDS, responses=SWAP)
    def get(self, request, slug, pk):
        """One swap."""
        rows = swaps_at(self.rotation(slug).swaps.all(), clock.now())
        return json_response(self.single(SWAP, rows, SWAP.chosen(request.query_params), pk=pk))


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
