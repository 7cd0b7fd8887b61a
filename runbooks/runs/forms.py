"""What people type to start a run and to go through it."""

from uuid import uuid4

from django import forms

from portal.accounts.models import User
from portal.accounts.people.fields import PersonField
from portal.core.data.columns import longest
from portal.core.web.pickers import RowField
from runbooks.models import Run, RunState
from runbooks.models.entries import LONGEST_HAND_OVER, LONGEST_NOTE
from runbooks.models.run_queries import SAID_BY_VALUES as ABOUT
from runbooks.models.runs import FOLLOW, LONGEST_OUTCOME

PREFIX = "p-"
FEW = 8  # services in a list to choose from
PICKED = "Begin to type its name, then choose."


class StartForm(forms.Form):
    """Where and with which values a version is followed. The verb checks the values."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    once = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
    rollback_of = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    environment = forms.CharField(
        required=False,
        max_length=longest(Run, "environment"),
        help_text="Such as staging or production.",
        widget=forms.TextInput(attrs={"list": "environments", "autocomplete": "off"}),
    )
    release = forms.CharField(
        required=False,
        max_length=longest(Run, "release"),
        help_text="A version, tag or commit.",
    )
    service = forms.Field()
    link = forms.URLField(
        required=False,
        max_length=longest(Run, "link"),
        assume_scheme="https",
        help_text="A ticket or a build.",
    )

    def __init__(self, runbook, version, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.runbook = runbook
        self.fields["service"] = _service(runbook.services.order_by("name"))
        self.declared = [each for each in version.parameters if not each["secret"]]
        for parameter in self.declared:
            self.fields[PREFIX + parameter["name"]] = _field(parameter)
        for name in ABOUT:
            if PREFIX + name in self.fields:
                del self.fields[name]

    @property
    def about_fields(self):
        names = (*ABOUT, "service", "link")
        return [self[name] for name in names if name in self.fields]

    @property
    def value_fields(self):
        return [self[PREFIX + each["name"]] for each in self.declared]

    @property
    def parameters(self) -> dict[str, str]:
        """The values by the names of the parameters."""
        return {each["name"]: self.cleaned_data[PREFIX + each["name"]] for each in self.declared}

    @property
    def about(self) -> dict:
        """The rest."""
        given = {name: self.cleaned_data.get(name) or "" for name in (*ABOUT, "link")}
        return {**given, "service": self.cleaned_data["service"]}

    @property
    def key(self) -> str:
        """The same for each press of the same button."""
        return str(self.cleaned_data["once"] or uuid4())

    def refuse(self, wrong: dict[str, str]) -> None:
        """Show beside each value what the verb said of it."""
        for name, detail in wrong.items():
            field = PREFIX + name
            self.add_error(field if field in self.fields else None, detail)


def _service(services) -> forms.Field:
    """A list of a few, or a field that searches many. If there is only one, it is that."""
    if len(services) > FEW:
        return RowField(services.all, noun="service", required=False, help_text=PICKED)
    empty = None if len(services) == 1 else "None"
    return forms.ModelChoiceField(services, required=False, empty_label=empty)


def _field(parameter: dict) -> forms.Field:
    hints = [parameter["description"].removesuffix("."), _expected(parameter)]
    named = {
        "label": parameter["name"],
        "required": parameter["required"],
        "initial": parameter["default"],
        "help_text": ". ".join(hint for hint in hints if hint),
    }
    if parameter["choices"]:
        choices = [(each, each) for each in parameter["choices"]]
        return forms.ChoiceField(choices=[("", "Choose"), *choices], **named)
    kind = {"number": "number", "date": "date"}.get(parameter["type"], "text")
    attributes = {"type": kind, "autocomplete": "off", "spellcheck": "false"}
    attributes |= {"step": "any"} if kind == "number" else {}
    return forms.CharField(strip=True, widget=forms.TextInput(attrs=attributes), **named)


def _expected(parameter: dict) -> str:
    if not parameter["pattern"]:
        return ""
    if parameter["default"]:
        return f"Such as {parameter['default']}"
    return f"Pattern: {parameter['pattern']}"


class StepForm(forms.Form):
    """What somebody says of a step, and the button that they pressed."""

    verb = forms.ChoiceField(
        choices=[(verb, verb) for verb in ("done", "failed", "skip", "confirm", "retry", "note")]
    )
    note = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea,
    )
    checked = forms.BooleanField(required=False)
    image = forms.FileField(required=False)


class OfRun(forms.Form):
    """A form about the whole run, which stands on its page beside others."""

    prefix_of_ids = ""
    says_refusals_at = ""  # the field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=f"{self.prefix_of_ids}-%s", **kwargs)

    def refuse(self, detail: str) -> None:
        """Say what the verb refused beside the field that it is about."""
        self.add_error(self.says_refusals_at, detail)

    def add_error(self, field, error) -> None:
        super().add_error(field, error)
        self.fields[field].widget.attrs["autofocus"] = True  # the form is far down its page


def followers():
    """Who may lead a run."""
    return User.objects.who_may(FOLLOW)


class HandOverForm(OfRun):
    """Who leads from now on, and what they should know."""

    prefix_of_ids, says_refusals_at = "hand-over", "to"

    to = PersonField(followers, label="Hand over to")
    note = forms.CharField(
        required=False,
        max_length=LONGEST_HAND_OVER,
        label="What they should know",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class EndForm(OfRun):
    """How a run ends; stopping needs a reason."""

    prefix_of_ids, says_refusals_at = "end", "note"

    outcome = forms.ChoiceField(choices=[c for c in RunState.choices if c[0] != RunState.RUNNING])
    note = forms.CharField(
        required=False,
        max_length=LONGEST_OUTCOME,
        strip=True,
        label="Reason for ending the run",
        widget=forms.TextInput(attrs={"autocomplete": "off", "required": True}),
    )
