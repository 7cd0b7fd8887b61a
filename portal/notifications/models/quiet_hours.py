"""When somebody wants to be left alone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from portal.accounts.models import User
from portal.core.data.audit import record

from .choices import Urgency, WakeLevel

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = timedelta(days=1)


def every_day() -> list[int]:
    return list(range(len(WEEKDAYS)))


class QuietHoursQuerySet(models.QuerySet):
    def of(self, user) -> Any:
        """Those of this person; None if there are none."""
        return self.filter(person=user).first()

    def choose(self, user: User, *, by: User, is_on: bool = True, **chosen: Any) -> bool:
        """Keep these as those of the person, on or off; what is not chosen stays.

        Says whether other ones hold now. Raises ValidationError.
        """
        hours = self.of(user) or self.model(person=user, is_on=False)
        before = hours.in_force
        for name, value in {"is_on": is_on, **chosen}.items():
            setattr(hours, name, value)
        hours.full_clean(exclude=["person"])
        if hours.pk or is_on or chosen:
            hours.save()
        if hours.in_force == before:
            return False
        record(hours, "choose", by=by, hours=(before, hours.in_force))
        return True

    def drop(self, user: User, *, by: User) -> bool:
        """Switch them off and keep when they were; False if they were off."""
        return self.choose(user, by=by, is_on=False)


class QuietHours(models.Model):
    """From when to when a person is reached by what is urgent only, or by nothing."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours"
    )
    is_on = models.BooleanField(default=True, db_default=True)
    starts = models.TimeField(default=time(22))
    ends = models.TimeField(default=time(7))
    weekdays = models.JSONField(
        default=every_day, blank=True, help_text="On which they begin; Monday is 0."
    )
    wakes_for = models.CharField(
        max_length=10, choices=WakeLevel, default=WakeLevel.URGENT, db_default=WakeLevel.URGENT
    )

    objects = QuietHoursQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quiet hours"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(wakes_for__in=WakeLevel.values), name="quiet_hours_known_level"
            ),
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="quiet_hours_end"),
        ]

    def __str__(self):
        days = ", ".join(WEEKDAYS[day][:3] for day in self.weekdays)
        return f"{self.starts:%H:%M} to {self.ends:%H:%M}, {days}, wake for {self.wakes_for}"

    @property
    def in_force(self) -> str:
        return str(self) if self.is_on else "none"

    def clean(self):
        if self.starts == self.ends:
            raise ValidationError({"ends": "The end has to differ from the beginning."})
        self.weekdays = sorted({int(day) for day in self.weekdays if int(day) in every_day()})
        if not self.weekdays:
            raise ValidationError({"weekdays": "Choose a day at least, or switch them off."})

    def until(self, at: datetime) -> datetime | None:
        """The end of those that hold at this time; None if none do.

        By the clock of the person's time zone: they are an hour longer or shorter in a night in
        which that is put back or forward.
        """
        if not self.is_on:
            return None
        zone = ZoneInfo(self.person.zone)
        today = at.astimezone(zone).date()
        for day in (today - DAY, today):
            begin = datetime.combine(day, self.starts, zone).astimezone(UTC)
            last = day + DAY if self.ends < self.starts else day
            end = datetime.combine(last, self.ends, zone).astimezone(UTC)
            if day.weekday() in self.weekdays and begin <= at < end:
                return end
        return None

    def hold_back(self, urgency: str, at: datetime) -> datetime | None:
        """Until when a message waits that is so urgent; None if it goes at once."""
        if urgency == Urgency.HIGH and self.wakes_for == WakeLevel.URGENT:
            return None
        return self.until(at)
