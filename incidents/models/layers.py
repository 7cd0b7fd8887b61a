"""Layers of a rotation: people who take turns, at which hours."""

from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from incidents.oncall.plans import Hours, OnHolidays
from portal.core.data.signs import refuse_signs

MOST_EVERY = 366  # units of a turn
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of the days of a layer
WEEK = 7


class Unit(models.TextChoices):
    """Of how long a turn is."""

    HOURS = "hours", "hours"
    DAYS = "days", "days"
    WEEKS = "weeks", "weeks"


class HolidayRule(models.TextChoices):
    """What a layer does on public holidays."""

    USUAL = OnHolidays.USUAL.value, "as on any other day"
    ALSO = OnHolidays.ALSO.value, "applies all day"
    NOT = OnHolidays.NOT.value, "does not apply"


class Layer(models.Model):
    """People who take turns; where it has somebody, it wins over the layers below it."""

    rotation = models.ForeignKey(
        "incidents.Rotation", on_delete=models.CASCADE, related_name="layers"
    )
    position = models.PositiveSmallIntegerField(help_text="The highest wins; 1 is the lowest.")
    name = models.CharField(max_length=60)
    starts_on = models.DateField(help_text="The day on which the first person begins.")
    ends_on = models.DateField(null=True, blank=True, help_text="The day on which it ends.")
    every = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=5, choices=Unit, default=Unit.WEEKS)
    hand_over = models.TimeField(default=time(9), help_text="In the time zone of the rotation.")
    on_holidays = models.CharField(max_length=5, choices=HolidayRule, default=HolidayRule.USUAL)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="incidents.LayerMember", related_name="+"
    )

    class Meta:
        ordering = ["rotation", "-position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["rotation", "position"], name="layer_position_once"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="layer_known_unit"),
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=MOST_EVERY), name="layer_turns_have_a_length"
            ),
            models.CheckConstraint(
                condition=Q(on_holidays__in=HolidayRule.values), name="layer_known_holiday_rule"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="layer_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def turns(self) -> str:
        """How long a turn is, in words."""
        if self.every == 1:
            return f"every {self.unit.removesuffix('s')}"
        return f"every {self.every} {self.unit}"

    def clean(self):
        refuse_signs(self)
        for name in ("starts_on", "ends_on"):
            day = getattr(self, name)
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValidationError({name: f"Use a year from {FIRST_YEAR} to {LAST_YEAR}."})
        if self.ends_on and self.ends_on <= self.starts_on:
            raise ValidationError({"ends_on": "It ends after the day on which it begins."})


class LayerMember(models.Model):
    """One person's place in a layer; somebody may have several."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="on_call_places"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["layer", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["layer", "position"], name="member_position_once")
        ]

    def __str__(self):
        return str(self.person)


class Restriction(models.Model):
    """Hours at which a layer applies; with several of them it applies in any of them."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="restrictions")
    weekdays = models.PositiveSmallIntegerField(help_text="Bits: 1 is Monday, 64 is Sunday.")
    begins = models.TimeField()
    ends = models.TimeField(help_text="No later than it begins: on the next day.")

    class Meta:
        ordering = ["layer", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lt=2**WEEK), name="restriction_has_a_day"
            )
        ]

    def __str__(self):
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"

    @property
    def hours(self) -> Hours:
        days = frozenset(day for day in range(WEEK) if self.weekdays >> day & 1)
        return Hours(days, self.begins, self.ends)


def bits(weekdays) -> int:
    """The column of some days of the week."""
    return sum(1 << day for day in {*weekdays})
