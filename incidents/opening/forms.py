"""What people type about rules. A form checks and cleans; the verbs decide and write."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.models import EscalationPolicy, IncidentRule, RuleAction
from incidents.models.rules import validate_group_by, validate_levels
from incidents.models.severities import HIGHEST, LOWEST, name_of
from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.monitoring.models import matchers
from portal.monitoring.silences.forms import MatchersField

LEVEL = re.compile(r"(.+)[=:]\s*(?:SEV)?([1-5])", re.IGNORECASE)
LONGEST_LABELS = 10_000
BY_ALERT = "By the severity of the alert"
SEVERITIES = [("", BY_ALERT), *((n, name_of(n)) for n in range(HIGHEST, LOWEST + 1))]


class LevelsField(forms.CharField):
    """A word of alerts and its severity a line, such as `critical = SEV1`."""

    def __init__(self, **more):
        widget = forms.Textarea({"rows": 3, "class": "mono", "spellcheck": "false"})
        super().__init__(required=False, max_length=2000, widget=widget, **more)

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{word} = {name_of(level)}" for word, level in value.items())

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found = dict(map(_level_of, lines))
        validate_levels(found)
        return found


def _level_of(line: str) -> tuple[str, int]:
    if not (found := LEVEL.fullmatch(line)):
        raise ValidationError(f"“{line[:100]}”: write a word and a severity: critical = SEV1.")
    return found[1].strip(' \t"').lower(), int(found[2])


class LabelNamesField(forms.CharField):
    """Names of labels, separated by commas."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        names = [name for name in super().clean(value).replace(",", " ").split() if name]
        validate_group_by(names)
        return list(dict.fromkeys(names))


class RuleForm(RefusingForm):
    """A rule; `revision` says on what a change is based."""

    name = forms.CharField(max_length=longest(IncidentRule, "name"))
    matchers = MatchersField(
        label="Alerts",
        help_text='One matcher a line, all have to match: service="orders", '
        'severity=~"critical|page".',
    )
    action = forms.ChoiceField(
        choices=RuleAction,
        widget=forms.RadioSelect,
        initial=RuleAction.INCIDENT,
        label="What to do",
    )
    level = forms.TypedChoiceField(
        choices=SEVERITIES, required=False, coerce=int, empty_value=None, label="Severity"
    )
    levels = LevelsField(
        label="Severity by the word of the alert",
        help_text="One a line: critical = SEV1. Words that are not here: the severity above.",
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), required=False, empty_label="The service of the alert"
    )
    policy = forms.ModelChoiceField(
        EscalationPolicy.objects.none(),
        required=False,
        empty_label="The policy of the service",
        label="Escalation policy",
    )
    group_by = LabelNamesField(
        required=False,
        max_length=1000,
        label="Group by labels",
        help_text="Alerts with the same values join one incident. Empty: one for each service.",
    )
    resolves = forms.BooleanField(
        required=False, label="Resolve the incident when all of its alerts are over"
    )
    is_active = forms.BooleanField(required=False, initial=True, label="Active")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, rule: IncidentRule | None = None, initial=None):
        initial = {name: getattr(rule, name) for name in self.base_fields} if rule else initial
        if rule:
            initial = {**initial, "matchers": "\n".join(rule.written)}
        super().__init__(data, initial=initial)
        fields: Any = self.fields
        fields["service"].queryset = Service.objects.order_by("name")
        fields["policy"].queryset = EscalationPolicy.objects.current()

    @property
    def given(self) -> dict:
        """What the verbs take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class TrialForm(forms.Form):
    """An alert that fires, or labels of one that could."""

    alert = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, label="Number of an alert"
    )
    labels = forms.CharField(
        required=False,
        max_length=LONGEST_LABELS,
        widget=forms.Textarea({"rows": 6, "class": "mono", "spellcheck": "false"}),
        help_text='One label a line: alertname="CheckoutDown". Or a JSON object.',
    )

    def clean_labels(self) -> dict[str, str]:
        text = self.cleaned_data["labels"].strip()
        return _of_json(text) if text.startswith("{") else _of_lines(text)

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("alert") and not given.get("labels"):
            raise ValidationError("Give the number of an alert, or labels.")
        return given


def _of_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValidationError("This is no JSON object.") from error
    found = found.get("labels", found) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise ValidationError("A JSON object of labels has texts as values.")
    return found


def _of_lines(text: str) -> dict[str, str]:
    rows = matchers.read(text)
    if wrong := next((row for row in rows if row.operator != "="), None):
        raise ValidationError(f"“{wrong}”: a label has one value, such as service=orders.")
    return {row.name: row.value for row in rows}
