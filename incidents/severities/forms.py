"""What operators change of a severity, and which days count as working days."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dateparse import parse_date

from incidents.models import Severity
from incidents.models.calendars import country_choices
from incidents.models.severities import AUDIENCES, LONGEST_DAYS, LONGEST_MINUTES
from portal.core.data.columns import longest
from portal.core.templatetags.look import duration
from portal.core.web.forms import RefusingForm

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES = (
    "acknowledge_minutes",
    "notice_minutes",
    "update_minutes",
    "slow_after_minutes",
    "slow_update_minutes",
    "idle_minutes",
)
MOST_EXCEPTIONS = 200


def _number(name: str, label: str) -> forms.IntegerField:
    field: Any = Severity._meta.get_field(name)
    most = LONGEST_MINUTES if name in MINUTES else LONGEST_DAYS
    return forms.IntegerField(
        required=False, min_value=1, max_value=most, label=label, help_text=field.help_text
    )


def _tick(name: str, label: str) -> forms.BooleanField:
    field: Any = Severity._meta.get_field(name)
    return forms.BooleanField(required=False, label=label, help_text=field.help_text)


class SeverityForm(RefusingForm):
    """All of one severity; `revision` says on what the change is based."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(max_length=longest(Severity, "title"), label="Name")
    definition = forms.CharField(
        max_length=longest(Severity, "definition"), widget=forms.Textarea({"rows": 3})
    )
    examples = forms.CharField(
        required=False,
        max_length=longest(Severity, "examples"),
        widget=forms.Textarea({"rows": 4}),
        help_text="One on each line.",
    )
    calls = _tick("calls", "Calls people")
    is_urgent = _tick("is_urgent", "Urgent")
    acknowledge_minutes = _number("acknowledge_minutes", "Acknowledge, in minutes")
    notice_minutes = _number("notice_minutes", "First notice, in minutes")
    update_minutes = _number("update_minutes", "Next update, in minutes")
    slow_after_minutes = _number("slow_after_minutes", "Slower updates after, in minutes")
    slow_update_minutes = _number("slow_update_minutes", "Slower updates, in minutes")
    idle_minutes = _number("idle_minutes", "Call again when idle for, in minutes")
    review_days = _number("review_days", "Review, in days")
    review_in_business_days = forms.BooleanField(required=False, label="Review: business days")
    action_days = _number("action_days", "Actions, in days")
    actions_in_business_days = forms.BooleanField(required=False, label="Actions: business days")
    needs_approval = _tick("needs_approval", "Needs approval")
    audiences = forms.MultipleChoiceField(
        choices=[(each, each.capitalize()) for each in AUDIENCES],
        required=False,
        label="Who may be told",
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.CharField(
        required=False,
        max_length=longest(Severity, "source"),
        help_text="Where the values come from.",
    )

    @classmethod
    def of(cls, severity: Severity) -> "SeverityForm":
        """With long times as the pages say them."""
        names = list(cls.base_fields)
        form = cls(initial={name: getattr(severity, name) for name in names})
        for name in MINUTES:
            minutes = getattr(severity, name) or 0
            if minutes >= 60:
                said = f"{minutes} minutes are {duration(timedelta(minutes=minutes))}."
                form.fields[name].help_text = f"{form.fields[name].help_text} {said}".strip()
        return form

    @property
    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class CalendarForm(RefusingForm):
    """The working week, the country whose holidays count, and exceptions."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        label="Working days",
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(
        choices=[], required=False, help_text="Its public holidays are no working days."
    )
    subdivision = forms.CharField(
        required=False, max_length=10, help_text="Such as BY in Germany; empty: the whole country."
    )
    exceptions = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "class": "mono", "spellcheck": "false"}),
        help_text="One day a line: 2026-12-24 off Christmas Eve, or 2026-12-27 working Audit.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = [("", "None"), *country_choices()]

    def clean_exceptions(self) -> list[tuple[date, bool, str]]:
        lines = [line.strip() for line in self.cleaned_data["exceptions"].splitlines()]
        found = [_exception(line) for line in lines if line]
        days = [day for day, _, _ in found]
        if twice := next((day for day in days if days.count(day) > 1), None):
            raise forms.ValidationError(f"{twice} stands there twice.")
        if len(found) > MOST_EXCEPTIONS:
            raise forms.ValidationError(f"At most {MOST_EXCEPTIONS} days are accepted.")
        return found


def _exception(line: str) -> tuple[date, bool, str]:
    text, _, rest = line.partition(" ")
    word, _, name = rest.strip().partition(" ")
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or word not in ("off", "working"):
        raise forms.ValidationError(f"“{line[:60]}”: write 2026-12-24 off, or 2026-12-27 working.")
    return day, word == "working", name.strip()[:100]
