"""What people type about maintenance. A form checks and cleans; the verbs decide and write."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.problems import DomainError
from portal.core.web.days import midnight
from portal.core.web.pickers import RowsField
from portal.monitoring.models import Maintenance
from portal.monitoring.models.maintenance import objections
from portal.monitoring.models.schedule import validate_cron, validate_zone

AT_MINUTE = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MOST_MINUTES = 7 * 24 * 60


class MaintenanceForm(forms.Form):
    """Which services are worked on, when, and for how long."""

    title = forms.CharField(max_length=longest(Maintenance, "title"))
    note = forms.CharField(
        max_length=longest(Maintenance, "note"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What is done, and what may happen meanwhile.",
    )
    services = RowsField(Service.objects.all, noun="service", required=False)
    is_for_all = forms.BooleanField(
        required=False, label="All services, and alerts for which no service is found"
    )
    starts_at = forms.DateTimeField(
        widget=AT_MINUTE, label="Begins", help_text="If it repeats: no window begins before."
    )
    minutes = forms.IntegerField(
        min_value=5, max_value=MOST_MINUTES, initial=60, label="Duration in minutes"
    )
    cron = forms.CharField(
        max_length=longest(Maintenance, "cron"),
        required=False,
        validators=[validate_cron],
        label="Repeats (cron)",
        help_text="Five fields, such as 0 3 * * 0 for Sundays at 03:00. Empty: once.",
        widget=forms.TextInput({"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
    )
    zone = forms.CharField(
        max_length=longest(Maintenance, "zone"),
        required=False,
        validators=[validate_zone],
        label="Time zone of the cron expression",
    )
    until = forms.DateField(
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        label="Repeats until",
        help_text="The last day. Empty: until it is cancelled.",
    )

    def refuse(self, error: DomainError | ValidationError) -> None:
        """What the verb said, at the field that it is about."""
        if not isinstance(error, DomainError):
            self.add_error(None, error.messages)
            return
        name = str(error.extra.get("pointer", "")).strip("/")
        name = {"duration": "minutes"}.get(name, name)
        self.add_error(name if name in self.fields else None, error.detail)

    @classmethod
    def fresh(cls, at: datetime) -> "MaintenanceForm":
        return cls(initial={"starts_at": at, "zone": timezone.get_current_timezone_name()})

    def is_right(self, at: datetime) -> bool:
        """Whether all of it is; if not, each field says what is wrong, all at once."""
        self.is_valid()
        given = {"cron": self["cron"].value()} | self.cleaned_data  # a wrong one recurs, too
        names = ("starts_at", "cron", "until", "is_for_all")
        row = Maintenance(**{name: given.get(name) for name in names})
        minutes = given.get("minutes")
        row.duration = timedelta(minutes=minutes) if minutes else None
        is_moved = "starts_at" in self.changed_data
        for each in [*objections(row, given.get("services"), at, is_moved=is_moved)]:
            self.refuse(each)
        return self.is_valid()

    @property
    def about(self) -> dict[str, Any]:
        """What the verb takes."""
        given = dict(self.cleaned_data)
        given["cron"] = " ".join(given["cron"].split())
        given["duration"] = timedelta(minutes=given.pop("minutes"))
        given["zone"] = given["zone"] or "UTC"
        last = given["until"]
        given["until"] = midnight(last + timedelta(days=1)) if last else None
        return given


class ChangeForm(MaintenanceForm):
    """The same of a plan that exists; `revision` says on what the change is based."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, plan: Maintenance):
        names = ("title", "note", "is_for_all", "cron", "zone", "revision")
        initial = {name: getattr(plan, name) for name in names}
        initial["services"] = list(plan.services.all())
        initial["starts_at"] = plan.starts_at.replace(second=0, microsecond=0)
        initial["minutes"] = int(plan.duration / timedelta(minutes=1))
        if plan.until:
            last = timezone.localtime(plan.until - timedelta(microseconds=1))
            initial["until"] = last.date()
        super().__init__(data, initial=initial)

    @property
    def changes(self) -> dict[str, Any]:
        """What the verb takes: times that were not touched stay as they are, to the second."""
        given, touched = self.about, self.changed_data
        del given["revision"]
        for name, field in (("starts_at",) * 2, ("until",) * 2, ("duration", "minutes")):
            if field not in touched:
                del given[name]
        return given
