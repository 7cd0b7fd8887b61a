"""What people type about escalation policies. A form checks; the verbs decide and write."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms

from incidents.models import EscalationPolicy, Rotation, StepSpec
from incidents.models.policies import MOST_ROUNDS
from incidents.models.steps import LONGEST_DELAY, MOST_STEPS, Aim, kind_of
from incidents.models.teamwork import WORK
from incidents.oncall.forms import MomentField
from portal.accounts.models import Team, User
from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import RowField, RowsField
from portal.notifications.models import Channel, Urgency

MONO = {"class": "mono", "autocomplete": "off", "spellcheck": "false"}
ABOUT = (
    *("name", "description", "team", "is_default_of_team", "rounds", "wait_minutes"),
    *("continues_with", "is_catch_all"),
)
LIST = "targets-offered"  # the list of all fields for targets stands in the page once


class Directory:
    """All at whom a step may aim, by what the form calls them; looked up once a page."""

    @cached_property
    def labels(self) -> dict[str, Aim]:
        found: dict[str, Aim] = {}
        for row in self._rows():
            label = f"{row} ({kind_of(row)})"
            if label in found:
                key = getattr(row, "slug", None) or getattr(row, "username", row.pk)
                label = f"{row} ({kind_of(row)} {key})"
            found[label] = row
        return found

    def _rows(self) -> Iterable[Aim]:
        yield from Rotation.objects.current().order_by("name", "pk")
        yield from User.objects.who_may(WORK).distinct().order_by("name", "username")
        yield from Team.objects.order_by("name", "pk")
        yield from Channel.objects.active().order_by("name", "pk")

    def label_of(self, aim: Any) -> str:
        if isinstance(aim, str):
            return aim
        known = (label for label, row in self.labels.items() if row == aim)
        return next(known, f"{aim} ({kind_of(aim)})")


class TargetsField(RowsField):
    """Takes the names of people, teams, rotations and channels, and gives their rows."""

    nobody, several = "No person, team, rotation or channel", "targets"

    def __init__(self, **kwargs: Any):
        self.directory = Directory()
        super().__init__(User.objects.none, noun="target", key="pk", **kwargs)

    def offered(self) -> list[str]:
        return []  # they stand in the page once

    def _known(self) -> dict:
        return self.directory.labels

    def _labels(self, rows: Iterable) -> dict:
        return {self.directory.label_of(row): row for row in rows}

    def _shown(self, chosen: Iterable) -> list[str]:
        return [self.directory.label_of(each) for each in chosen]


class PolicyForm(RefusingForm):
    """What a policy is, but its steps."""

    name = forms.CharField(max_length=longest(EscalationPolicy, "name"))
    slug = forms.SlugField(
        max_length=longest(EscalationPolicy, "slug"),
        required=False,
        help_text="In addresses; made of the name if you leave it empty. It never changes.",
        widget=forms.TextInput(MONO),
    )
    description = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    services = RowsField(
        Service.objects.all,
        noun="service",
        required=False,
        help_text="Their incidents are opened with it, whatever policy they had.",
    )
    team = RowField(Team.objects.all, noun="team", required=False, label="Owner team")
    is_default_of_team = forms.BooleanField(
        required=False, label="Default for services of the team that have no policy of their own"
    )
    rounds = forms.IntegerField(
        min_value=1,
        max_value=MOST_ROUNDS,
        initial=2,
        help_text="How often the steps are gone through while nobody answers.",
    )
    wait_minutes = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_DELAY,
        initial=5,
        label="Minutes after the last step",
        help_text="Until the next round, the next policy or the end.",
    )
    continues_with = RowField(
        EscalationPolicy.objects.current,
        noun="policy",
        required=False,
        label="Continue with",
        help_text="The policy that goes on when nobody answered.",
    )
    is_catch_all = forms.BooleanField(
        required=False,
        label="Catch-all: called in the end by every policy, and for what has no policy",
    )

    @classmethod
    def of(cls, policy: EscalationPolicy, data=None) -> "PolicyForm":
        """Filled in with a policy; `revision` says on what the change is based."""
        initial = {name: getattr(policy, name) for name in (*ABOUT, "revision")}
        services = policy.services.select_related("service").order_by("service__name")
        form = cls(data, initial=initial | {"services": [each.service for each in services]})
        del form.fields["slug"]
        form.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput)
        return form

    @property
    def about(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def typed(self) -> dict[str, Any]:
        """What was sent, unchecked."""
        return {name: self[name].value() for name in self.fields}


class StepForm(forms.Form):
    """One step: when, how urgent, and at whom it aims."""

    position = forms.IntegerField(
        min_value=1, max_value=99, label="Order", help_text="Steps are taken from low to high."
    )
    delay_minutes = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_DELAY,
        label="Minutes after the step before",
        help_text="Of the first step, after the incident opens.",
    )
    urgency = forms.ChoiceField(
        choices=Urgency,
        help_text="High: by all contact methods. A severity that is urgent makes every step high.",
    )
    targets = TargetsField(
        help_text="People, teams, rotations and channels, all at the same time.",
    )

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["targets"]
        field.directory = directory
        field.widget.attrs["list"] = LIST

    @property
    def spec(self) -> StepSpec:
        given = self.cleaned_data
        return StepSpec(tuple(given["targets"]), given["delay_minutes"], given["urgency"])


class StepFormSet(
    forms.formset_factory(  # type: ignore[misc]
        StepForm,
        extra=0,
        can_delete=True,
        max_num=MOST_STEPS,
        validate_max=True,
        absolute_max=MOST_STEPS + 5,
    )
):
    """All steps of a policy."""

    @classmethod
    def sent(cls, data) -> "StepFormSet":
        return cls(data, prefix="steps", form_kwargs={"directory": Directory()})

    @classmethod
    def showing(cls, steps: list[dict[str, Any]], *, more: int = 0) -> "StepFormSet":
        """These steps, and so many empty ones."""
        empty = [_empty(number) for number in range(len(steps) + 1, len(steps) + more + 1)]
        about = {"prefix": "steps", "form_kwargs": {"directory": Directory()}}
        return cls(initial=[*steps, *empty], **about)

    @classmethod
    def of(cls, policy: EscalationPolicy) -> "StepFormSet":
        specs = enumerate(policy.specified(), 1)
        steps = [
            {
                "position": number,
                "delay_minutes": spec.delay_minutes,
                "urgency": spec.urgency,
                "targets": list(spec.targets),
            }
            for number, spec in specs
        ]
        return cls.showing(steps, more=0 if steps else 1)

    @classmethod
    def typed(cls, data) -> "StepFormSet":
        """What was sent, unchecked, with room for one more."""
        count = data.get("steps-TOTAL_FORMS", "")
        numbers = range(min(int(count), MOST_STEPS) if count.isdecimal() else 0)
        return cls.showing([_typed(data, f"steps-{n}-") for n in numbers], more=1)

    @property
    def offered(self) -> list[str]:
        return list(self.form_kwargs["directory"].labels)

    @property
    def specs(self) -> list[StepSpec]:
        """In their order; a step that was marked for removal is none."""
        kept = [each for each in self.forms if not each.cleaned_data.get("DELETE")]
        return [each.spec for each in sorted(kept, key=lambda f: f.cleaned_data["position"])]


def _empty(number: int) -> dict[str, Any]:
    delay = 0 if number == 1 else 5
    return {"position": number, "delay_minutes": delay, "urgency": Urgency.HIGH, "targets": []}


def _typed(data, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: data.get(prefix + name, "") for name in StepForm.base_fields}
    return found | {"targets": [*filter(None, data.getlist(f"{prefix}targets"))]}


class DryRunForm(forms.Form):
    """When it would open, for which service, and how bad it would be."""

    at = MomentField(required=False, label="If it opened at", help_text="Empty: now.")
    service = forms.SlugField(required=False)
    severity = forms.TypedChoiceField(
        choices=[(level, f"SEV{level}") for level in range(1, 6)],
        coerce=int,
        required=False,
        empty_value=None,
    )
