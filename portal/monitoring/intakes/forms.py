from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError

from portal.monitoring.models import Intake, IntakeKind
from portal.monitoring.models.intakes import usual_labels, validate_labels
from portal.monitoring.models.mappings import validate

from .deliveries import no_json

LONGEST_MAPPING, LONGEST_SAMPLE = 5000, 200_000


def _label_names(text: str) -> list[str]:
    names = [name for name in text.replace(",", " ").split() if name]
    validate_labels(names)
    return names


class MappingField(forms.CharField):
    """A mapping as JSON."""

    def __init__(self, **more):
        widget = forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"})
        super().__init__(required=False, max_length=LONGEST_MAPPING, widget=widget, **more)

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if value else ""

    def clean(self, value):
        text = super().clean(value).strip()
        try:
            mapping = orjson.loads(text) if text else {}
        except orjson.JSONDecodeError as error:
            raise ValidationError(no_json(error)) from error
        validate(mapping)
        return mapping


class IntakeForm(forms.ModelForm):
    """A new intake."""

    service_labels = forms.CharField(
        required=False,
        max_length=500,
        help_text="Labels that name the service, in the order in which they are tried, separated "
        "by commas. Empty: what is usual for the tool.",
    )
    mapping = MappingField(
        help_text="Generic only: paths of RFC 9535, as JSON. Empty: the usual ones."
    )

    class Meta:
        model = Intake
        fields = (
            "name",
            "kind",
            "service_labels",
            "default_service",
            "default_team",
            "watchdog",
            "is_signed",
            "mapping",
        )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        fields: Any = self.fields
        for name in ("default_service", "default_team"):
            fields[name].empty_label = "None"
        fields["kind"].choices = [("", "Choose"), *IntakeKind.choices]

    def clean_service_labels(self):
        return _label_names(self.cleaned_data["service_labels"])

    def clean(self):
        found = super().clean()
        if found.get("mapping") and found.get("kind") != IntakeKind.GENERIC:
            self.add_error("mapping", "Only generic intakes have a mapping.")
        return found

    def make(self, *, by):
        """The intake and its key."""
        given = dict(self.cleaned_data)
        if not given["service_labels"]:
            del given["service_labels"]
        return Intake.objects.make(given.pop("name"), given.pop("kind"), by=by, **given)

    def _post_clean(self):
        """`make` checks the whole row, with the key that is made there."""


class ChangeForm(IntakeForm):
    """The same of an intake that exists; `revision` says on what the change is based."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, intake: Intake):
        labels = {"service_labels": ", ".join(intake.service_labels), "revision": intake.revision}
        super().__init__(data, instance=intake, initial=labels)
        del self.fields["kind"]
        for name, kind in (("mapping", IntakeKind.GENERIC), ("is_signed", IntakeKind.GRAFANA)):
            if intake.kind != kind:
                del self.fields[name]

    def clean(self):
        """Only what its kind has is asked."""
        return self.cleaned_data

    def refuse(self, error: ValidationError) -> None:
        """What the verb said, at the fields that it names."""
        for name, told in error.message_dict.items():
            self.add_error(name if name in self.fields else None, told)

    @property
    def changes(self) -> dict:
        """What the verb takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        given["service_labels"] = given["service_labels"] or usual_labels(self.instance.kind)
        return given


class TryForm(forms.Form):
    """A mapping, and what a tool sent."""

    mapping = MappingField()
    payload = forms.CharField(
        max_length=LONGEST_SAMPLE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "false"}),
        help_text="JSON as the tool sends it. It is only read here; nothing is stored.",
    )
