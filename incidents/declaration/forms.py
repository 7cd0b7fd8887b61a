"""What somebody answers to declare an incident."""

from typing import Any
from uuid import uuid4

from django import forms

from incidents.models import Incident, Severity
from incidents.room.forms import services
from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import RowField
from runbooks.models import Runbook

ANOTHER, UNKNOWN = "another", "unknown"
RUNBOOKS_OFFERED = 50


class DeclareForm(RefusingForm):
    """Three questions, and what only some need."""

    once = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
    alert = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    run = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(
        max_length=longest(Incident, "title"),
        label="What is wrong?",
        widget=forms.TextInput({"autocomplete": "off", "enterkeyhint": "done"}),
    )
    where = forms.CharField(required=False, max_length=80)  # a slug, ANOTHER or UNKNOWN
    another = RowField(services, noun="service", required=False, label="Which service?")
    level = forms.ModelChoiceField(
        Severity.objects.all(), error_messages={"required": "Say how bad it is."}
    )
    is_restricted = forms.BooleanField(
        required=False, label="Restricted: only who takes part, and who has the right, sees it"
    )
    is_drill = forms.BooleanField(required=False, label="This is a drill")
    runbook = forms.ModelChoiceField(
        Runbook.objects.none(), required=False, to_field_name="slug", empty_label="None"
    )
    starts = forms.BooleanField(required=False, label="Start it at once as a run")
    description = forms.CharField(
        required=False,
        max_length=longest(Incident, "description"),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, user, offered: list[Runbook], **kwargs: Any):
        super().__init__(*args, **kwargs)
        runbook: Any = self.fields["runbook"]
        runbook.queryset = Runbook.objects.visible(user).current().filter(published__isnull=False)
        pairs = [(each.slug, each.title) for each in offered]
        runbook.choices = [("", "None"), *pairs]

    @property
    def place(self) -> str:
        return self["where"].value() or UNKNOWN

    @property
    def has_more(self) -> bool:
        """Whether something is filled in that only some need."""
        names = ("is_restricted", "is_drill", "runbook", "description")
        return any(self[name].value() for name in names)

    @property
    def level_chosen(self) -> str:
        return str(self["level"].value() or "")

    def clean(self):
        given = super().clean()
        where = given.get("where") or UNKNOWN
        if where == ANOTHER and not given.get("another") and "another" not in self.errors:
            self.add_error("another", "Name the service, or choose “Not known yet”.")
        if where not in (ANOTHER, UNKNOWN):
            given["another"] = Service.objects.filter(slug=where.replace("\x00", "")).first()
            if given["another"] is None:
                self.add_error("where", "There is no such service any more. Choose another.")
        return given

    @property
    def services(self) -> list[Service]:
        """Those that it concerns: none while that is not known."""
        is_known = (self.cleaned_data["where"] or UNKNOWN) != UNKNOWN
        return [self.cleaned_data["another"]] if is_known else []

    @property
    def key(self) -> str:
        """The same for each press of the same button."""
        return f"form-{self.cleaned_data.get('once') or uuid4()}"


def runbooks_of(user, places, *, first: Runbook | None = None) -> list[Runbook]:
    """The published runbooks of these services, by title."""
    rows = Runbook.objects.visible(user).current().filter(published__isnull=False)
    rows = rows.filter(services__in=[place.service for place in places]).distinct()
    found = [*([first] if first else []), *rows.order_by("title")[:RUNBOOKS_OFFERED]]
    return list(dict.fromkeys(found))
