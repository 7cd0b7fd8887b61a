"""Layers as forms and programs write them, all of a rotation at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.core.exceptions import ValidationError

from incidents.oncall.plans import Hours
from portal.accounts.models import User
from portal.core.problems import Refused

from .candidates import require_able
from .layers import HolidayRule, Layer, LayerMember, Restriction, Unit, bits

MOST_LAYERS, MOST_PEOPLE, MOST_HOURS = 10, 50, 14


@dataclass(frozen=True)
class LayerSpec:
    """One layer: who takes turns, for how long, at which hours."""

    name: str
    people: tuple[User, ...]
    starts_on: date
    hand_over: time = time(9)
    every: int = 1
    unit: str = Unit.WEEKS
    ends_on: date | None = None
    on_holidays: str = HolidayRule.USUAL
    hours: tuple[Hours, ...] = ()


def specified(rotation) -> list[LayerSpec]:
    """The layers as they stand, the lowest first."""
    return specified_of([rotation.pk])[rotation.pk]


def specified_of(rotations: Iterable[int]) -> dict[int, list[LayerSpec]]:
    """The same of many, by their keys; four queries."""
    found: dict[int, list[LayerSpec]] = {key: [] for key in rotations}
    rows = Layer.objects.filter(rotation__in=found).order_by("position")
    for row in rows.prefetch_related("members__person", "restrictions"):
        found[row.rotation_id].append(_spec(row))
    return found


def _spec(row: Layer) -> LayerSpec:
    return LayerSpec(
        name=row.name,
        people=tuple(each.person for each in row.members.all()),
        starts_on=row.starts_on,
        hand_over=row.hand_over,
        every=row.every,
        unit=row.unit,
        ends_on=row.ends_on,
        on_holidays=row.on_holidays,
        hours=tuple(each.hours for each in row.restrictions.all()),
    )


def said_of(layers: Sequence[LayerSpec]) -> str:
    """In one line, for the audit trail."""
    return "; ".join(f"{each.name}: {', '.join(map(str, each.people))}" for each in layers)


def write_layers(rotation, layers: Sequence[LayerSpec]) -> None:
    """These layers, the lowest first, and no others. Raises Refused."""
    if len(layers) > MOST_LAYERS:
        raise Refused(f"A rotation has at most {MOST_LAYERS} layers.", pointer="/layers")
    stay = {*LayerMember.objects.filter(layer__rotation=rotation).values_list("person", flat=True)}
    for number, each in enumerate(layers):
        require_able({p for p in each.people if p.pk not in stay}, f"/layers/{number}/people")
    rotation.layers.all().delete()
    for position, spec in enumerate(layers, 1):
        _write(rotation, position, spec)


def _write(rotation, position: int, spec: LayerSpec) -> None:
    names = ("name", "starts_on", "ends_on", "every", "unit", "hand_over", "on_holidays")
    layer = Layer(rotation=rotation, position=position, **{n: getattr(spec, n) for n in names})
    pointer = f"/layers/{position - 1}"
    _require(spec, pointer)
    try:
        layer.full_clean(exclude=["rotation"])
    except ValidationError as error:
        name, words = next(iter(error.message_dict.items()))
        raise Refused(words[0], pointer=f"{pointer}/{name}") from error
    layer.save()
    LayerMember.objects.bulk_create(
        LayerMember(layer=layer, person=person, position=place)
        for place, person in enumerate(spec.people, 1)
    )
    Restriction.objects.bulk_create(
        Restriction(layer=layer, weekdays=bits(h.weekdays), begins=h.begins, ends=h.ends)
        for h in spec.hours
    )


def _require(spec: LayerSpec, pointer: str) -> None:
    if not spec.people:
        raise Refused(f"Say who takes turns in “{spec.name}”.", pointer=f"{pointer}/people")
    if len(spec.people) > MOST_PEOPLE:
        raise Refused(f"At most {MOST_PEOPLE} take turns.", pointer=f"{pointer}/people")
    if len(spec.hours) > MOST_HOURS or any(not each.weekdays for each in spec.hours):
        detail = f"Name the days of each, and at most {MOST_HOURS} of them."
        raise Refused(detail, pointer=f"{pointer}/hours")
