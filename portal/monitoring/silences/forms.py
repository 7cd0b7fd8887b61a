"""What people type to mute. A form checks and cleans; the verbs decide and write."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.monitoring.models import Alert, Silence, matchers
from portal.monitoring.models.silences import LONGEST

MORNING = time(8)
SHORTEST_NIGHT = timedelta(hours=1)
LONGEST_TEXT = 30_000  # letters of all matchers
LEFT_OUT = ("severity",)  # of an alert that somebody silences: it may become worse
SPANS = {"30m": timedelta(minutes=30), "2h": timedelta(hours=2)}
UNTIL = (
    ("1h", "1 hour"),
    ("4h", "4 hours"),
    ("morning", "until 08:00"),
    ("1w", "1 week"),
    ("other", "until the time below"),
)
LENGTHS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1w": timedelta(days=7)}
AT_MINUTE = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def next_morning(at: datetime) -> datetime:
    """The next 08:00 of the reader that is more than an hour away."""
    soonest = timezone.localtime(at + SHORTEST_NIGHT)
    day = soonest.date() + timedelta(days=soonest.time() > MORNING)
    return timezone.make_aware(datetime.combine(day, MORNING))


class SnoozeForm(forms.Form):
    """One click: for how long an alert is quiet."""

    until = forms.ChoiceField(choices=[(key, key) for key in (*SPANS, "morning")])

    def ends_at(self, at: datetime) -> datetime:
        span = SPANS.get(self.cleaned_data["until"])
        return at + span if span else next_morning(at)


class MatchersField(forms.CharField):
    """One matcher a line; gives them as a column keeps them."""

    def __init__(self, **more):
        attributes = {"rows": 5, "class": "mono", "spellcheck": "false", "autocomplete": "off"}
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attributes), **more)

    def clean(self, value) -> list[dict]:
        column = [each._asdict() for each in matchers.read(super().clean(value))]
        matchers.validate(column)
        return column


class PreviewedForm(RefusingForm):
    """One whose matchers can be tried while the rest is not filled in."""

    def to_preview(self) -> list[dict] | None:
        """The matchers; None if they are wrong. What is wrong beside them is not said yet."""
        for name in self.errors.keys() - {"matchers"}:
            del self.errors[name]
        return self.cleaned_data.get("matchers")


class SilenceForm(PreviewedForm):
    """Which alerts call nobody, for how long, and why."""

    matchers = MatchersField(
        help_text='One a line, all have to match: service="orders", severity=~"warning|info", '
        "instance!=db1. Expressions match the whole value.",
    )
    until = forms.ChoiceField(
        choices=UNTIL, widget=forms.RadioSelect, initial="1h", label="For how long"
    )
    ends_at = forms.DateTimeField(
        required=False,
        widget=AT_MINUTE,
        label="Ends",
        help_text=f"With “until the time below”; at most {LONGEST.days} days after it begins.",
    )
    starts_at = forms.DateTimeField(
        required=False, widget=AT_MINUTE, label="Begins", help_text="Empty: now."
    )
    reason = forms.CharField(max_length=longest(Silence, "reason"), label="Why")

    @classmethod
    def of(cls, alert: Alert) -> "SilenceForm":
        """Filled in with what is said of an alert."""
        labels = {"alertname": alert.name} | alert.labels
        rows = [
            matchers.Matcher(name, "=", value)
            for name, value in labels.items()
            if name not in LEFT_OUT and len(value) <= matchers.LONGEST_VALUE
        ]
        return cls(initial={"matchers": "\n".join(map(str, rows[: matchers.MOST]))})

    def clean(self):
        given = super().clean()
        is_missing = not given.get("ends_at") and "ends_at" not in self.errors
        if given.get("until") == "other" and is_missing:
            self.add_error("ends_at", "Say when it ends.")
        return given

    def times(self, at: datetime) -> dict[str, datetime]:
        begins = max(self.cleaned_data["starts_at"] or at, at)
        return {"starts_at": begins, "ends_at": self._end(begins)}

    def _end(self, begins: datetime) -> datetime:
        until = self.cleaned_data["until"]
        if until == "morning":
            return next_morning(begins)
        if until == "other":
            ends: datetime = self.cleaned_data["ends_at"]
            return ends
        return begins + LENGTHS[until]


class ChangeForm(PreviewedForm):
    """The same of a silence that exists; `revision` says on what the change is based."""

    matchers = MatchersField(
        help_text="One a line. With others this silence ends, and a new one begins at once."
    )
    ends_at = forms.DateTimeField(widget=AT_MINUTE, label="Ends")
    reason = forms.CharField(max_length=longest(Silence, "reason"), label="Why")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, silence: Silence):
        initial = {
            "matchers": "\n".join(silence.written),
            "ends_at": silence.ends_at.replace(second=0, microsecond=0),
            "reason": silence.reason,
            "revision": silence.revision,
        }
        super().__init__(data, initial=initial)
        if silence.is_snooze:
            del self.fields["matchers"]

    @property
    def changes(self) -> dict:
        """What the verb takes: what was not touched stays as it is, to the second."""
        touched = {*self.changed_data} - {"revision"}
        return {name: self.cleaned_data[name] for name in touched}


class ExtendForm(forms.Form):
    """For how much longer a silence goes on."""

    hours = forms.ChoiceField(choices=[("1", "1 hour"), ("4", "4 hours"), ("24", "1 day")])

    @property
    def span(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["hours"]))
