"""Which days people work, for what is due within business days."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from holidays.registry import COUNTRIES

from portal.core.data.audit import record

MONDAY_TO_FRIDAY = [0, 1, 2, 3, 4]
WORDS_OF_A_NAME = re.compile("(?<=[a-z])(?=[A-Z])")  # UnitedStates
LONGEST = 366  # days that are looked at for one due time


def countries() -> dict[str, list[str]]:
    """The countries whose holidays are known, each with its subdivisions."""
    return holidays.list_supported_countries()


def country_choices() -> list[tuple[str, str]]:
    """(code of two letters, name) of these countries, by name."""
    known = countries()
    names = ((code, WORDS_OF_A_NAME.sub(" ", name)) for name, code, *_ in COUNTRIES.values())
    found = ((code, f"{name} ({code})") for code, name in names if code in known)
    return sorted(found, key=lambda pair: pair[1])


class WorkingCalendarQuerySet(models.QuerySet):
    def current(self) -> Any:
        """The one that counts; until somebody saves one, Monday to Friday without holidays."""
        return self.order_by("pk").first() or self.model()


class WorkingCalendar(models.Model):
    """The working days of the portal: week, public holidays of a country, and exceptions."""

    weekdays = models.JSONField(default=list, help_text="Monday is 0.")
    country = models.CharField(max_length=2, blank=True, help_text="Such as SE; empty: none.")
    subdivision = models.CharField(max_length=10, blank=True, help_text="Such as BY in Germany.")

    objects = WorkingCalendarQuerySet.as_manager()

    class Meta:
        default_permissions = ("change", "view")

    def __str__(self):
        return "Working calendar"

    def clean(self):
        if not self.weekdays or any(day not in range(7) for day in self.weekdays):
            raise ValidationError({"weekdays": "Name at least one day, each from 0 to 6."})
        known = countries()
        if self.country and self.country not in known:
            raise ValidationError({"country": f"No holidays are known for “{self.country}”."})
        if self.subdivision and self.subdivision not in known.get(self.country, []):
            raise ValidationError({"subdivision": f"{self.country} has no “{self.subdivision}”."})

    @property
    def day_names(self) -> str:
        """The working days of a week: “Monday, Tuesday”."""
        days = sorted(self.weekdays or MONDAY_TO_FRIDAY)
        return ", ".join(calendar.day_name[day] for day in days)

    @transaction.atomic
    def plan(
        self,
        *,
        weekdays: list[int],
        country: str,
        subdivision: str,
        exceptions: Iterable[tuple[date, bool, str]],
        by,
    ) -> None:
        """Make it say this from now on. Raises ValidationError."""
        self.weekdays, self.country, self.subdivision = sorted(weekdays), country, subdivision
        self.full_clean()
        self.save()
        self.days.all().delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar=self, day=day, is_working=is_working, name=name)
            for day, is_working, name in exceptions
        )
        record(self, "plan", by=by)

    def is_working(self, day: date) -> bool:
        if day in self._exceptions:
            return self._exceptions[day]
        return day.weekday() in (self.weekdays or MONDAY_TO_FRIDAY) and day not in self._holidays

    def after(self, start: datetime, days: int) -> datetime:
        """The end of the last of so many working days after the day of `start`.

        Days begin at midnight in PORTAL_TIME_ZONE; at most a year is looked at.
        """
        zone = ZoneInfo(settings.TIME_ZONE)
        day, left = start.astimezone(zone).date(), days
        for _ in range(LONGEST):
            day += timedelta(days=1)
            left -= self.is_working(day)
            if not left:
                break
        return datetime.combine(day + timedelta(days=1), time(), zone)

    @cached_property
    def _holidays(self):
        if not self.country:
            return {}
        return holidays.country_holidays(self.country, subdiv=self.subdivision or None)

    @cached_property
    def _exceptions(self) -> dict[date, bool]:
        if self.pk is None:
            return {}
        return dict(self.days.values_list("day", "is_working"))


class CalendarDay(models.Model):
    """A day that is not what the week and the holidays say."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    is_working = models.BooleanField(default=False)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["day"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once"),
        ]

    def __str__(self):
        return self.name or f"{self.day}"
