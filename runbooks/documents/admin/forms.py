"""What is typed of a runbook: what is known of it, and its text."""

from uuid import uuid4

from django import forms
from django.urls import reverse

from portal.core.data.columns import LARGEST, longest
from runbooks.documents.forms import (
    REVIEW_INTERVAL,
    AlertsField,
    version_numbered,
    with_endings_of,
)
from runbooks.models import Runbook, Template, Version

from .editor import MarkdownEditor

KNOWN = (
    "title",
    "slug",
    "section",
    "kind",
    "owner",
    "services",
    "review_days",
    "alert_names",
)


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but their line endings, which nobody types."""
    return with_endings_of(one, "") == with_endings_of(other, "")


class RunbookForm(forms.ModelForm):
    """What one person typed; it tells what they changed, not what others did meanwhile."""

    alert_names = AlertsField(
        label="Alerts",
        required=False,
        help_text="Names of the alerts that it answers, one a line.",
    )
    text = forms.CharField(required=False, strip=False, widget=MarkdownEditor)
    note = forms.CharField(
        label="What changed",
        required=False,
        max_length=longest(Version, "note"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="In one line, for whoever reviews it and for the history.",
    )
    based_on = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput
    )
    once = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    # Set by RunbookAdmin.get_form for one request.
    refusal = ""
    kept = None

    class Meta:
        model = Runbook
        fields = (
            "title",
            "slug",
            "section",
            "kind",
            "owner",
            "services",
            "review_days",
        )
        labels = {"review_days": REVIEW_INTERVAL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in KNOWN:
            if name in self.fields:
                self.fields[name].show_hidden_initial = bool(self.instance.pk)
        if self.instance.pk:
            self._show_what_is_there()
        if self.kept:
            self._show_what_was_kept()
        self._tell_the_editor()

    def _show_what_is_there(self):
        newest = self.instance.newest
        self.initial["text"] = newest.text if newest else ""
        self.initial["based_on"] = self.instance.head
        self.initial["alert_names"] = "\n".join(alert.name for alert in self.instance.alerts.all())

    def _show_what_was_kept(self):
        for name in ("text", "note", "based_on"):
            self.initial[name] = getattr(self.kept, name)
        if not self.instance.pk:
            self.initial["title"] = self.kept.title

    def _tell_the_editor(self):
        if "text" in self.fields:
            attributes = self.fields["text"].widget.attrs
            attributes["data-runbook"] = self.instance.slug
            attributes["data-keep"] = reverse("runbooks:autosave")

    def clean_text(self):
        return with_endings_of(self.cleaned_data["text"], self.base_text)

    def clean(self):
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        return super().clean()

    @property
    def base_text(self) -> str:
        """The text that was in the editor when it opened."""
        number = self.data.get("based_on", "")
        base = version_numbered(self.instance, number) if self.instance.pk else None
        return base.text if base else ""

    @property
    def text_changed(self) -> bool:
        return not same(self.cleaned_data["text"], self.base_text)

    @property
    def described(self) -> dict:
        """The arguments for `Runbook.describe`: only what this person changed."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name in KNOWN}
        return _named_for_verbs(changed)

    @property
    def started(self) -> dict:
        """The arguments for `Runbook.objects.start`."""
        known = {name: self.cleaned_data[name] for name in KNOWN if name in self.cleaned_data}
        return {
            **_named_for_verbs(known),
            "text": self.cleaned_data["text"] or _template(known["kind"]),
            "note": self.cleaned_data["note"],
        }


def _named_for_verbs(known: dict) -> dict:
    if "alert_names" in known:
        known["alerts"] = known.pop("alert_names")
    return known


def _template(kind: str) -> str:
    template = Template.objects.filter(kind=kind).first()
    return template.text if template else ""
