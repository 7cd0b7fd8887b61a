"""Finding rotations, and loading what they say of many at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from incidents.oncall.plans import HOURS, Hours, LayerPlan, OnHolidays, OverridePlan, Plan
from portal.accounts.models import User
from portal.core.data.instants import DAY

from .holidays import calendar
from .layers import Layer, LayerMember, Restriction
from .overrides import Override


class RotationQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_rotation") else self.none()

    def current(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def answering(self, services: Iterable):
        """Those that answer for one of these services."""
        return self.filter(services__in=services).distinct()

    def looked_after_by(self, user):
        """Those of the person's teams; of who may change rotations, all."""
        if user.has_perm("incidents.change_rotation"):
            return self
        return self.filter(owner__members=user)

    def plans(self, since: datetime, until: datetime) -> dict[int, Plan]:
        """What they say of the time between, by key, in five queries, however many they are.

        People who left are nobody: their turns fall to the layer below, or are gaps.
        """
        rows: list[Any] = list(self)
        layers = _layers(rows)
        overrides = _overrides(rows, since, until)
        return {
            row.pk: Plan(tuple(layers[row.pk]), tuple(overrides[row.pk]), row.is_always)
            for row in rows
        }

    def on_call(self, at: datetime) -> dict[int, list[User]]:
        """Who is on call at this time, by rotation; nobody is an empty list."""
        plans = self.plans(at, at + DAY)
        holders = {pk: plan.holder(at).person for pk, plan in plans.items()}
        people = User.objects.in_bulk([each for each in holders.values() if each])
        return {pk: [people[each]] if each else [] for pk, each in holders.items()}


def _layers(rows) -> dict[int, list[LayerPlan]]:
    """The highest first."""
    members, hours = _members(rows), _hours(rows)
    by_key = {row.pk: row for row in rows}
    found: dict[int, list[LayerPlan]] = defaultdict(list)
    for layer in Layer.objects.filter(rotation__in=rows).order_by("-position"):
        row = by_key[layer.rotation_id]
        plan = LayerPlan(
            key=layer.pk,
            zone=ZoneInfo(row.time_zone),
            starts_on=layer.starts_on,
            ends_on=layer.ends_on,
            hand_over=layer.hand_over,
            every=layer.every * HOURS[layer.unit],
            members=tuple(members[layer.pk]),
            hours=tuple(hours[layer.pk]),
            on_holidays=OnHolidays(layer.on_holidays),
            holidays=calendar(row.holidays_country, row.holidays_subdivision),
        )
        found[layer.rotation_id].append(plan)
    return found


def _members(rows) -> dict[int, list[int | None]]:
    found: dict[int, list[int | None]] = defaultdict(list)
    members = LayerMember.objects.filter(layer__rotation__in=rows).order_by("position")
    for layer, person, is_active in members.values_list("layer", "person", "person__is_active"):
        found[layer].append(person if is_active else None)
    return found


def _hours(rows) -> dict[int, list[Hours]]:
    found: dict[int, list[Hours]] = defaultdict(list)
    for each in Restriction.objects.filter(layer__rotation__in=rows).order_by("pk"):
        found[each.layer_id].append(each.hours)
    return found


def _overrides(rows, since: datetime, until: datetime) -> dict[int, list[OverridePlan]]:
    """The newest first."""
    found: dict[int, list[OverridePlan]] = defaultdict(list)
    within = Q(starts_at__lt=until, ends_at__gt=since)
    overrides = Override.objects.kept().filter(within, rotation__in=rows).order_by("-pk")
    columns = ("rotation", "pk", "person", "person__is_active", "starts_at", "ends_at")
    for rotation, pk, person, is_active, begin, end in overrides.values_list(*columns):
        plan = OverridePlan(pk, person if is_active else None, begin, end, person is None)
        found[rotation].append(plan)
    return found
