"""What people type at the desk, in templates, and about audiences."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.models import Audience, AudienceName, CommunicationTemplate, Moment
from incidents.models.communication_templates import LONGEST_SUBJECT, LONGEST_TEXT
from portal.accounts.models import User
from portal.core.problems import DomainError
from portal.core.web.forms import RefusingForm
from portal.notifications.models import Channel

from .variables import LONGEST_VALUE, VARIABLES

VALUE = "value_"
NO_VALUE = "The text asks for this. Write “none” where there is none."
TEXTS = ("subject", "internal_text", "public_text")
HIDDEN = forms.HiddenInput


def text_area(rows: int = 8) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class MessageForm(RefusingForm):
    """Two texts, and the values that only the author knows."""

    template = forms.CharField(required=False, widget=HIDDEN, max_length=60)
    template_revision = forms.IntegerField(required=False, widget=HIDDEN)
    request_key = forms.CharField(required=False, widget=HIDDEN, max_length=64)
    revision = forms.IntegerField(required=False, widget=HIDDEN)
    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    internal_text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(),
        label="Internal text",
        help_text="What colleagues read. Names of hosts and causes are fine here.",
    )
    public_text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(),
        label="Public text",
        help_text="What customers, partners and the status page get: only what may be public.",
    )

    def __init__(self, data=None, *, initial=None, asked: Iterable[str] = (), sent_text: str = ""):
        """`sent_text`: the name of the text that the audience gets."""
        super().__init__(data, initial={"request_key": uuid.uuid4().hex} | (initial or {}))
        self.sent_text = sent_text
        for name in asked:
            about = VARIABLES[name]
            self.fields[f"{VALUE}{name}"] = forms.CharField(
                required=False,
                max_length=LONGEST_VALUE,
                label=about.label,
                help_text=about.about,
            )

    def refuse(self, refusal: ValidationError | DomainError) -> None:
        """Also at each value that is missing."""
        super().refuse(refusal)
        for name in getattr(refusal, "extra", {}).get("missing", ()):
            if f"{VALUE}{name}" in self.fields:
                self.add_error(f"{VALUE}{name}", NO_VALUE)

    @property
    def asked(self) -> list:
        """The fields of the values."""
        return [self[name] for name in self.fields if name.startswith(VALUE)]

    @property
    def texts(self) -> dict[str, str]:
        return {name: self._typed(name) for name in TEXTS}

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the name of the variable; also of a form that is not valid."""
        names = [name for name in self.fields if name.startswith(VALUE)]
        return {name.removeprefix(VALUE): self._typed(name) for name in names}

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "").strip()


def values_in(data: Mapping[str, Any]) -> list[str]:
    """The names of the values that were sent."""
    names = (name.removeprefix(VALUE) for name in data if name.startswith(VALUE))
    return [name for name in names if name in VARIABLES]


class TemplateForm(RefusingForm):
    """A template; who gets it and when stays once it exists."""

    slug = forms.SlugField(max_length=60, help_text="Its name in addresses and in the API.")
    audience = forms.ChoiceField(choices=AudienceName.choices)
    moment = forms.ChoiceField(choices=Moment.choices)
    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    internal_text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(),
        help_text="What responders and executives get; beside a public text, what colleagues read.",
    )
    public_text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(),
        help_text="What customers and partners get, and what the status page shows.",
    )


class ChangeTemplateForm(TemplateForm):
    slug = None  # type: ignore[assignment]
    audience = None  # type: ignore[assignment]
    moment = None  # type: ignore[assignment]
    revision = forms.IntegerField(widget=HIDDEN)

    def __init__(self, data=None, *, template: CommunicationTemplate):
        initial = {name: getattr(template, name) for name in (*TEXTS, "revision")}
        super().__init__(data, initial=initial)

    @property
    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in TEXTS}


class AudienceForm(RefusingForm):
    """To whom messages to one audience go."""

    people = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.SelectMultiple({"size": 6})
    )
    channels = forms.ModelMultipleChoiceField(
        queryset=Channel.objects.none(), required=False, widget=forms.SelectMultiple({"size": 6})
    )
    addresses = forms.CharField(
        required=False,
        max_length=60_000,
        widget=text_area(4),
        help_text="E-mail addresses, one a line. For many, use a mailing list.",
    )
    revision = forms.IntegerField(widget=HIDDEN)

    def __init__(self, data=None, *, audience: Audience):
        initial = {
            "people": audience.people.all(),
            "channels": audience.channels.all(),
            "addresses": "\n".join(audience.addresses),
            "revision": audience.revision,
        }
        super().__init__(data, initial=initial, prefix=audience.name)
        people: Any = self.fields["people"]
        people.queryset = User.objects.filter(is_active=True).order_by("name", "username")
        channels: Any = self.fields["channels"]
        channels.queryset = Channel.objects.active().order_by("name")

    @property
    def changes(self) -> dict[str, Any]:
        addresses = self.cleaned_data["addresses"].split()
        return {name: self.cleaned_data[name] for name in ("people", "channels")} | {
            "addresses": addresses
        }


class ReasonForm(RefusingForm):
    reason = forms.CharField(max_length=1000, widget=text_area(3), label="What has to change")
