"""What people type in the room of an incident. A form checks and cleans; the verbs decide."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms

from incidents.models import EscalationPolicy, Impact, Incident, Role, Severity
from incidents.models.choices import EntryKind
from incidents.models.entries import LONGEST_ENTRY
from incidents.models.joined import LONGEST_TASK, IncidentLink
from incidents.models.teamwork import WORK
from portal.accounts.models import User
from portal.accounts.people.fields import PersonField
from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.days import minute_of
from portal.core.web.forms import RefusingForm
from portal.core.web.keys import is_key
from portal.core.web.pickers import Picker, RowField
from runbooks.models import Run

LONGEST_REASON = 2000
LINES = {"rows": 3}
LIKE_A_NUMBER = "A number such as 142 or INC-142."
LONGEST = 300  # of what a list offers
OFFERED = 20


def number_in(typed: str) -> str:
    """The number with which a line of a list begins; empty: none does."""
    found = re.match(r"\s*(\d+)\b", typed)
    return found[1] if found and is_key(found[1]) else ""


def workers():
    """Who may have a role or a task."""
    return User.objects.who_may(WORK)


def services():
    return Service.objects.all()


class OnceForm(RefusingForm):
    """A form that makes something, once however often its button is pressed."""

    once = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """The same for each press of the same button."""
        return str(self.cleaned_data.get("once") or uuid4())


class EntryForm(OnceForm):
    """One entry for the timeline, or the correction of one."""

    corrects = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[
            (EntryKind.NOTE, "Note"),
            (EntryKind.DECISION, "Decision"),
            (EntryKind.FINDING, "Finding"),
            (EntryKind.EVIDENCE, "Evidence"),
        ],
        initial=EntryKind.NOTE,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        required=False, max_length=LONGEST_ENTRY, widget=forms.Textarea({"rows": 2})
    )
    picture = forms.FileField(required=False)


class ReasonForm(OnceForm):
    """What somebody says about a verb; with nothing it is done all the same."""

    text = forms.CharField(
        required=False, max_length=LONGEST_REASON, widget=forms.Textarea(LINES), label="Why"
    )

    def __init__(self, *args: Any, incident: Incident, user, label: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.incident, self.user = incident, user
        if label:
            self.fields["text"].label = label


class NeededReasonForm(ReasonForm):
    text = forms.CharField(max_length=LONGEST_REASON, widget=forms.Textarea(LINES), label="Why")


class EscalateForm(ReasonForm):
    """Whom to call: the next ones of the policy, or those of another."""

    policy = forms.ModelChoiceField(
        EscalationPolicy.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label="The next step of the policy it has",
        label="Call by",
    )
    field_order = ("policy", "text")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        policy: Any = self.fields["policy"]
        policy.queryset = EscalationPolicy.objects.current()


class SeverityForm(ReasonForm):
    """How bad it is now."""

    level = forms.ChoiceField(choices=(), label="How bad?", widget=forms.RadioSelect)
    field_order = ("level", "text")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.severities = list(Severity.objects.all())
        level: Any = self.fields["level"]
        level.choices = [(each.level, each.name) for each in self.severities]
        self.initial.setdefault("level", self.incident.level)

    @property
    def chosen(self) -> str:
        return str(self["level"].value())

    @property
    def severity(self) -> Severity:
        return Severity.objects.of(int(self.cleaned_data["level"]))


class OtherForm(ReasonForm):
    """Another incident, from a list or by its number; only among those that this person may see."""

    other = forms.CharField(
        max_length=LONGEST, label="Incident", help_text=f"Pick one from the list. {LIKE_A_NUMBER}"
    )
    field_order = ("other",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        self.fields["other"].widget = Picker(self.offered)

    def offered(self) -> list[str]:
        """Those that are open, and past ones like it."""
        rows = Incident.objects.visible(self.user).exclude(pk=self.incident.pk)
        names = self.incident.incident_alerts.values_list("name", flat=True)
        services = self.incident.affected.values_list("service", flat=True)
        past = rows.over().similar_to(self.incident, names=names, services=services)
        open_ones = rows.open().order_by("level", "-declared_at")
        return [str(each) for each in (*open_ones[:OFFERED], *past[:OFFERED])]

    def clean_other(self) -> Incident:
        typed = self.cleaned_data["other"]
        number = number_in(typed.lower().removeprefix("inc-"))
        rows = Incident.objects.visible(self.user)
        found = rows.filter(pk=number).first() if is_key(number) else None
        if found is None:
            raise forms.ValidationError(f"There is no incident “{typed}”. {LIKE_A_NUMBER}")
        return found


class ChangeForm(RefusingForm):
    """Its title and description; `based_on` says what the writer saw."""

    title = forms.CharField(max_length=longest(Incident, "title"))
    description = forms.CharField(
        required=False,
        max_length=longest(Incident, "description"),
        widget=forms.Textarea({"rows": 6}),
    )
    based_on = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class PartForm(OnceForm):
    """One that is folded up beside a part of the page."""

    def __init__(self, *args: Any, user, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def focus_on_refusal(self) -> None:
        """The page opens where something is wrong."""
        wrong = next((name for name in self.errors if name in self.fields), None)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True


class RoleForm(PartForm):
    role = forms.ChoiceField(choices=Role.choices)
    person = PersonField(workers, required=False, label="Who", help_text="Empty: nobody.")


class TaskForm(PartForm):
    text = forms.CharField(
        max_length=LONGEST_TASK, label="Task", widget=forms.TextInput({"autocomplete": "off"})
    )
    owner = PersonField(workers, required=False, label="Owner")


class LinkForm(PartForm):
    url = forms.URLField(
        max_length=longest(IncidentLink, "url"), assume_scheme="https", label="Address"
    )
    title = forms.CharField(max_length=longest(IncidentLink, "title"), required=False)


class ServiceForm(PartForm):
    service = RowField(services, noun="service")
    impact = forms.ChoiceField(choices=Impact.choices, label="What it does")


class RunForm(PartForm):
    """A run that was started elsewhere, from a list or by its number."""

    run = forms.CharField(
        max_length=LONGEST, label="Run", help_text="Pick one from the list, or type its number."
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["run"].widget = Picker(self.offered)

    def offered(self) -> list[str]:
        """The newest ones that belong to no incident."""
        rows = Run.objects.visible(self.user).filter(in_incident=None).select_related("runbook")
        return [
            f"{run.pk}: {run.runbook}, {minute_of(run.started_at)}"
            for run in rows.order_by("-started_at", "-pk")[:OFFERED]
        ]

    def clean_run(self) -> str:
        typed = self.cleaned_data["run"]
        if number := number_in(typed):
            return number
        raise forms.ValidationError(f"There is no run “{typed}”. Type its number, such as 142.")


FORMS: dict[str, type[PartForm]] = {
    "role": RoleForm,
    "task": TaskForm,
    "link": LinkForm,
    "service": ServiceForm,
    "run": RunForm,
}


def forms_of(user, refused: Mapping[str, forms.Form]) -> dict[str, forms.Form]:
    """Those that stand beside its parts, each with ids of its own; `refused` as they were sent."""
    made = {name: form(auto_id=f"{name}-%s", user=user) for name, form in FORMS.items()}
    return {**made, **refused}
