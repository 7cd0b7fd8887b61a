"""What people type about runbooks. A form checks and cleans; the verbs decide and write."""

import re

from django import forms
from django.core.exceptions import ValidationError

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.comparing.lines import ending_styles
from portal.core.data.columns import LARGEST, longest
from portal.core.web.keys import is_key
from portal.core.web.pickers import RowField, RowsField
from runbooks.models import AlertName, Feedback, Gap, Image, Kind, Runbook, Version

SEPARATORS = re.compile(r"[\s,]+")
MANY_ALERTS = 100


def with_endings_of(text: str, base: str) -> str:
    """A text as a browser sends it (CRLF), with the line endings of the text it was made from."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\r\n") if ending_styles(base) == {"\r\n"} else text


def version_numbered(runbook: Runbook, number: str) -> Version | None:
    """The version of a number as a browser sends it, if there is one."""
    known = is_key(number) and int(number) <= LARGEST
    return runbook.versions.filter(number=int(number)).first() if known else None


class AlertsField(forms.CharField):
    """Alert names, one per line."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"})

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value) -> list[str]:
        names = [name for name in SEPARATORS.split(super().clean(value)) if name]
        if len(names) > MANY_ALERTS:
            raise ValidationError(f"A runbook answers at most {MANY_ALERTS} alerts.")
        for name in names:
            AlertName._meta.get_field("name").run_validators(name)
        return names


class TextForm(forms.Form):
    """A text on top of a version: what the editor and the merge page send."""

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 28, "spellcheck": "true"}),
    )
    note = forms.CharField(
        label="What changed, in one line",
        required=False,
        max_length=longest(Version, "note"),
        help_text="Reviewers and the history show it.",
    )
    based_on = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args, base: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.base = base

    def clean_text(self) -> str:
        return with_endings_of(self.cleaned_data["text"], self.base)


class MergeForm(TextForm):
    """The merge page: what was typed, and the version it was begun on."""

    yours = forms.CharField(required=False, strip=False)
    started_from = forms.IntegerField(min_value=0, max_value=LARGEST)

    def clean_yours(self) -> str:
        return with_endings_of(self.cleaned_data["yours"], self.base)


class WorkingForm(forms.Form):
    """What is being typed, finished or not."""

    title = forms.CharField(required=False, max_length=longest(Runbook, "title"))
    text = forms.CharField(required=False, strip=False)
    note = forms.CharField(required=False, max_length=longest(Version, "note"))
    based_on = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)

    def clean_based_on(self) -> int:
        return self.cleaned_data["based_on"] or 0

    def clean_text(self) -> str:
        return with_endings_of(self.cleaned_data["text"], "")


REVIEW_INTERVAL = "Days between reviews"


class DescriptionForm(forms.ModelForm):
    """What is known of a runbook besides its text."""

    owner = RowField(
        Team.objects.all,
        noun="team",
        required=False,
        help_text="Begin to type the name of a team, then choose.",
    )
    services = RowsField(
        Service.objects.all,
        noun="service",
        required=False,
        help_text="Type a name and choose. Empty a field to remove its service.",
    )
    alerts = AlertsField(
        label="Alerts it answers",
        required=False,
        help_text="One per line, as the monitoring names them. Each leads here: /r/alert/<name>.",
    )

    class Meta:
        model = Runbook
        fields = ("title", "slug", "section", "kind", "owner", "services", "review_days")
        labels = {"slug": "Address", "review_days": REVIEW_INTERVAL}
        help_texts = {"slug": "An old address leads here for ever."}

    def known(self) -> dict:
        """The cleaned fields as the verbs `start` and `describe` take them."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "alerts")}


class DescribeForm(DescriptionForm):
    """Changes the description; `revision` tells whether somebody else did so meanwhile."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        self.initial["alerts"] = list(self.instance.alerts.values_list("name", flat=True))


class NewForm(DescriptionForm):
    """A new runbook with its first text."""

    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 28}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "Left empty, it is made of the title."

    def clean_text(self) -> str:
        return with_endings_of(self.cleaned_data["text"], "")


class PreviewForm(forms.Form):
    """A text to render, and what it would be the text of."""

    text = forms.CharField(required=False, strip=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.REFERENCE


class ReviewForm(forms.Form):
    """The note of a review; sending back needs one."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=longest(Version, "review_note"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RejectForm(ReviewForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = "Say what should be changed."


class FeedbackForm(forms.ModelForm):
    """Helpful or not, and why."""

    helpful = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")], coerce=lambda word: word == "yes"
    )

    class Meta:
        model = Feedback
        fields = ("reason",)


class MergeIntoForm(forms.Form):
    """The runbook that is to stand for this one, by its address or old address."""

    target = forms.CharField(label="Address of the other runbook", max_length=200)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows

    def clean_target(self) -> Runbook:
        slug = self.cleaned_data["target"].rstrip("/").rpartition("/")[2]
        found = self.rows.at(slug)
        if found is None:
            raise ValidationError(f"No runbook has the address “{slug}”.")
        return found


class ImageForm(forms.ModelForm):
    """An upload; what it shows must be said, for those who cannot see it."""

    image = forms.FileField(label="Image file", max_length=None)
    alt = forms.CharField(
        label="What it shows",
        max_length=longest(Image, "alt"),
        error_messages={"required": "Say in a few words what the image shows."},
    )

    class Meta:
        model = Image
        fields = ("alt",)


class DismissForm(forms.Form):
    """Why an alert needs no runbook."""

    reason = forms.CharField(
        max_length=longest(Gap, "dismissed_because"),
        error_messages={"required": "Say why it needs no runbook."},
    )


class AlertDraftForm(forms.Form):
    """The alert for which somebody wants a runbook."""

    alert = forms.CharField(
        max_length=longest(AlertName, "name"),
        validators=AlertName._meta.get_field("name").validators,
    )
