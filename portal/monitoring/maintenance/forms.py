"""What people type about maintenance. A form checks and cleans; the verbs decide and write."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.days import midnight
from portal.core.web.pickers import RowsField
from portal.monitoring.models import Maintenance
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

    @classmethod
    def fresh(cls, at: datetime) -> "MaintenanceForm":
        return cls(initial={"starts_at": at, "zone": timezone.get_current_timezone_name()})

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
