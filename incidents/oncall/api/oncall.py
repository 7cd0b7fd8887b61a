"""Who is on call at a time, and the shifts of a rotation."""

from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from incidents.models import Rotation
from incidents.models.layers import Layer
from incidents.oncall.forms import EARLIEST, LATEST
from incidents.oncall.overview import Line, Turn, lines, people_of
from incidents.oncall.shifts import Shift, shifts
from portal.architecture.models import Service
from portal.core.api import times
from portal.core.api.filters import refuse_strangers, texts
from portal.core.api.parameters import PAGED, page_of, query
from portal.core.data import clock

from .base import OnCallView
from .serializers import OnCallSerializer, ShiftSerializer, url_of

EXAMPLE = "RFC 3339, such as 2026-12-24T20:00:00Z"
LONGEST = timedelta(days=92)
USUAL = timedelta(days=28)
ASKED = [
    query("at", f"The time ({EXAMPLE}); now if not given."),
    query("rotation", "Slug of a rotation; may be repeated.", many=True),
    query("service", "Slug of a service: what answers for it; may be repeated.", many=True),
    *PAGED,
]
SPAN = [
    query("since", f"From when ({EXAMPLE}); now if not given."),
    query("until", "Until when, 92 days later at most; 28 days later if not given."),
    *PAGED,
]


def moment(params, name: str, default: datetime) -> datetime:
    """A time of the query string."""
    text = params.get(name, "")
    if not text:
        return default
    at = times.moment(text)
    if at is None or not EARLIEST <= at < LATEST:
        raise ValidationError({name: "Use a time such as 2026-12-24T20:00:00Z."})
    return at


def state_of(shift: Shift) -> str:
    if shift.person:
        return "on_call"
    return "off" if shift.is_off else "nobody"


def shown(line: Line) -> dict[str, Any]:
    """One rotation at one time."""
    row, now, after = line.rotation, line.now, line.next
    return {
        "rotation": row.slug,
        "rotation_name": row.name,
        "services": sorted(service.slug for service in row.services.all()),
        "state": state_of(now.shift),
        **_person(now, "person"),
        "is_override": now.shift.is_override,
        "instead_of": now.instead_of.username if now.instead_of else None,
        "can_be_called": line.reach.is_callable if line.reach else None,
        "starts_at": now.shift.starts_at,
        "ends_at": now.shift.ends_at,
        "next_state": state_of(after.shift) if after else None,
        **_person(after, "next_person"),
        "url": url_of(row.slug),
    }


def _person(turn: Turn | None, name: str) -> dict[str, Any]:
    person = turn.person if turn else None
    return {
        name: person.username if person else None,
        f"{name}_name": str(person) if person else None,
    }


class OnCall(OnCallView):
    @extend_schema(operation_id="oncall_at", parameters=ASKED, responses=page_of(OnCallSerializer))
    def get(self, request):
        """Who is on call at a time in each current rotation, until when, and who is next."""
        params = request.query_params
        at = moment(params, "at", clock.now())
        rows = Rotation.objects.visible(request.user).current()
        refuse_strangers(params, rotation=rows, service=Service.objects.all())
        if slugs := texts(params, "rotation"):
            rows = rows.filter(slug__in=slugs)
        if slugs := texts(params, "service"):
            rows = rows.answering(Service.objects.filter(slug__in=slugs))
        return self.computed([*map(shown, lines(rows, at))], "oncall")


class Shifts(OnCallView):
    @extend_schema(
        operation_id="rotations_shifts", parameters=SPAN, responses=page_of(ShiftSerializer)
    )
    def get(self, request, slug):
        """Who is on call from when to when, gaps included: they tile the time asked for."""
        row, params = self.rotation(slug), request.query_params
        since = moment(params, "since", clock.now())
        until = moment(params, "until", since + USUAL)
        if not since < until <= since + LONGEST:
            raise ValidationError({"until": "Use a later time, 92 days after `since` at most."})
        plan = Rotation.objects.filter(pk=row.pk).plans(since, until)[row.pk]
        found = shifts(plan, since, until)
        people = people_of(found)
        names = dict(Layer.objects.filter(rotation=row).values_list("pk", "name"))
        return self.computed([_shift(each, people, names) for each in found], "shifts")


def _shift(shift: Shift, people, layers: dict[int, str]) -> dict[str, Any]:
    layer = shift.holder.layer
    return {
        "state": state_of(shift),
        **_person(Turn(shift, people.get(shift.person)), "person"),
        "layer": layers[layer] if layer else None,
        "is_override": shift.is_override,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
