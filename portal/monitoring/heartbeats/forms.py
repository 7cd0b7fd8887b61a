"""What people type about heartbeats. A form checks and cleans; the verbs decide and write."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data import schedules
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import RowField
from portal.monitoring.heartbeats import durations
from portal.monitoring.models import Heartbeat, HeartbeatState, PingKey
from runbooks.models import Runbook

PICKED = "Begin to type a name, then choose."
WAYS = (("every", "Every so often"), ("cron", "At times, by cron"))
LONGEST_SPAN = 40  # letters


class DurationField(forms.CharField):
    """A length of time as people write it: 90s, 10m, 1h30m."""

    def __init__(self, **more: Any):
        super().__init__(**{"max_length": LONGEST_SPAN, **more})

    def prepare_value(self, value):
        return durations.written(value) if isinstance(value, timedelta) else value

    def clean(self, value) -> timedelta | None:
        text = super().clean(value)
        return durations.duration_of(text) if text else None


def runbooks_named():
    """Those that can be chosen, under the name by which a list sorts."""
    return Runbook.objects.current().annotate(name=F("title"))


class HeartbeatForm(RefusingForm):
    """What a heartbeat is, and when it is expected."""

    name = forms.CharField(max_length=longest(Heartbeat, "name"), help_text="What runs.")
    slug = forms.CharField(
        max_length=longest(Heartbeat, "slug"),
        required=False,
        help_text="For /ping/<key>/<slug>; made of the name if you leave it empty.",
        widget=forms.TextInput({"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
    )
    way = forms.ChoiceField(
        choices=WAYS, widget=forms.RadioSelect, label="Expected", initial="every"
    )
    every = DurationField(required=False, label="Every", initial="1d", help_text=durations.HINT)
    cron = forms.CharField(
        max_length=schedules.LONGEST_CRON,
        required=False,
        label="Cron expression",
        help_text="Five fields as in a crontab, or one of @hourly, @daily, @weekly, @monthly.",
        widget=forms.TextInput({"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
    )
    zone = forms.CharField(max_length=64, required=False, label="Time zone of cron", initial="UTC")
    grace = DurationField(
        label="Grace", initial="1h", help_text="How late it may be before it counts as down."
    )
    shortest = DurationField(
        required=False,
        label="Shortest run",
        help_text="A run that succeeds sooner is suspicious. Needs start signals.",
    )
    longest = DurationField(
        required=False,
        label="Longest run",
        help_text="After its start it is down when this is over; empty: the grace.",
    )
    service = RowField(Service.objects.all, noun="service", required=False, help_text=PICKED)
    owner = RowField(
        Team.objects.all,
        noun="team",
        required=False,
        label="Owner team",
        help_text="Is told; empty: the team of the service.",
    )
    runbook = RowField(runbooks_named, noun="runbook", required=False, help_text=PICKED)
    manual_resume = forms.BooleanField(
        required=False, label="A ping does not end a pause; only people do"
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, heartbeat: Heartbeat) -> "HeartbeatForm":
        names = [name for name in cls.base_fields if name not in ("way", "service", "owner")]
        about = {name: getattr(heartbeat, name) for name in names}
        rows = {name: getattr(heartbeat, name) for name in ("service", "owner")}
        return cls(initial=about | rows | {"way": "cron" if heartbeat.cron else "every"})

    def clean(self):
        given = super().clean()
        way = given.get("way")
        if way == "every" and "every" not in self.errors and given.get("every") is None:
            self.add_error("every", "Say how often.")
        if way == "cron":
            self._require_cron(given)
        return given

    def _require_cron(self, given: dict[str, Any]) -> None:
        """Both fields at once: the verb would be asked only when all others are right."""
        if "cron" not in self.errors and not given.get("cron"):
            self.add_error("cron", "Write a cron expression.")
        for name, check in (("cron", schedules.normalised), ("zone", schedules.known_zone)):
            try:
                if given.get(name):
                    check(given[name])
            except ValidationError as error:
                self.add_error(name, error)

    @property
    def about(self) -> dict[str, Any]:
        """What the verbs take."""
        given = dict(self.cleaned_data)
        given.pop("revision")
        if given.pop("way") == "every":
            given["cron"] = ""
        else:
            given["every"] = None
        return given


class PauseForm(forms.Form):
    until = forms.ChoiceField(
        choices=(("", "until I resume it"), ("1", "for 1 hour"), ("8", "for 8 hours"),
                 ("24", "for 1 day"), ("168", "for 7 days")),
        required=False,
    )  # fmt: skip

    @property
    def span(self) -> timedelta | None:
        hours = self.cleaned_data["until"]
        return timedelta(hours=int(hours)) if hours else None


class FilterForm(forms.Form):
    """Which heartbeats a list shows."""

    q = forms.CharField(required=False, max_length=100, label="Words")
    state = forms.ChoiceField(choices=[("", "All"), *HeartbeatState.choices], required=False)
    service = forms.CharField(required=False, max_length=60)
    owner = forms.CharField(required=False, max_length=60)


class PingKeyForm(forms.Form):
    """A key for a team, or for all heartbeats."""

    name = forms.CharField(
        max_length=longest(PingKey, "name"), help_text="Who uses it, such as “web servers”."
    )
    owner = RowField(
        Team.objects.all,
        noun="team",
        required=False,
        label="For the heartbeats of",
        help_text="A team; empty: all heartbeats.",
    )
