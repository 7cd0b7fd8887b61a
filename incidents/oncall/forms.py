"""What people type about rotations. A form checks and cleans; the verbs decide and write."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.models import Layer, Override, Rotation
from incidents.models.calendars import country_choices
from incidents.models.candidates import able
from incidents.models.layers import MOST_EVERY, HolidayRule, Unit
from incidents.models.specifications import MOST_LAYERS, LayerSpec, specified
from portal.accounts.models import Team
from portal.accounts.models.users import zones, zones_named
from portal.accounts.people.fields import PersonField
from portal.architecture.models import Service
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import Picker, RowField, RowsField

from . import hours

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput({"type": "time"}, format="%H:%M")
AT_MINUTE = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MONO = {"class": "mono", "autocomplete": "off", "spellcheck": "false"}
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def validate_moment(at: datetime) -> None:
    if not EARLIEST <= at <= LATEST:
        raise ValidationError("Choose a time between the years 2000 and 2100.")


class MomentField(forms.DateTimeField):
    """A time to the minute, in the zone of the reader."""

    widget = AT_MINUTE
    default_validators = [validate_moment]


class MomentForm(forms.Form):
    """At which time it is asked who is on call."""

    at = MomentField(required=False, label="Who is called at")


class RotationForm(RefusingForm):
    """What a rotation is, but its layers."""

    name = forms.CharField(max_length=longest(Rotation, "name"))
    slug = forms.SlugField(
        max_length=longest(Rotation, "slug"),
        required=False,
        help_text="In addresses; made of the name if you leave it empty. It never changes.",
        widget=forms.TextInput(MONO),
    )
    description = forms.CharField(max_length=longest(Rotation, "description"), required=False)
    owner = RowField(Team.objects.all, noun="team", required=False, label="Owner team")
    services = RowsField(
        Service.objects.all,
        noun="service",
        required=False,
        help_text="Those for which it answers.",
    )
    time_zone = forms.CharField(
        max_length=longest(Rotation, "time_zone"),
        help_text="Hand-over times and hours of layers are meant in it.",
        widget=Picker(zones),
    )
    is_always = forms.BooleanField(
        required=False,
        initial=True,
        label="Somebody has to be on call at any hour",
        help_text="If not, hours outside of those of all layers are off as planned, and no gap.",
    )
    holidays_country = forms.ChoiceField(
        choices=lambda: [("", "No country"), *country_choices()],
        required=False,
        label="Public holidays of",
        help_text="For layers that differ on holidays.",
    )
    holidays_subdivision = forms.CharField(
        max_length=longest(Rotation, "holidays_subdivision"),
        required=False,
        label="Part of the country",
        help_text="Such as BY for Bavaria.",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls) -> "RotationForm":
        return cls(initial={"time_zone": timezone.get_current_timezone_name()})

    @classmethod
    def of(cls, row: Rotation, data=None) -> "RotationForm":
        names = [name for name in cls.base_fields if name not in ("services", "slug")]
        about = {name: getattr(row, name) for name in names}
        form = cls(data, initial=about | {"services": list(row.services.all())})
        del form.fields["slug"]
        return form

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        found = zones_named(name)
        if len(found) != 1:
            raise ValidationError(f"“{name}” is no time zone. Write one such as Europe/Berlin.")
        return found[0]

    def clean_holidays_subdivision(self) -> str:
        return str(self.cleaned_data["holidays_subdivision"]).upper()

    @property
    def typed(self) -> dict[str, Any]:
        """What was sent, unchecked, to show it again."""
        data: Any = self.data
        found = {name: data.get(name, "") for name in self.fields}
        found["is_always"] = "is_always" in data
        return found | {"services": [*filter(None, data.getlist("services"))]}

    @property
    def about(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: to for name, to in self.cleaned_data.items() if name != "revision"}


class LayerForm(forms.Form):
    """One layer."""

    name = forms.CharField(max_length=longest(Layer, "name"))
    position = forms.IntegerField(
        min_value=1, max_value=99, initial=1, label="Priority", help_text="The highest wins."
    )
    people = RowsField(
        able, noun="person", key="username", label="People", help_text="In the order of turns."
    )
    every = forms.IntegerField(min_value=1, max_value=MOST_EVERY, initial=1, label="Turns of")
    unit = forms.ChoiceField(choices=Unit.choices, initial=Unit.WEEKS, label="Unit")
    hand_over = forms.TimeField(widget=TIME, initial="09:00", label="Hand-over at")
    starts_on = forms.DateField(
        widget=DAY, initial=timezone.localdate, label="First day", help_text="Turns count from it."
    )
    ends_on = forms.DateField(widget=DAY, required=False, label="Last day")
    hours = forms.CharField(
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 2, **MONO}),
        label="Hours",
        help_text=f"A line each; empty: at any hour. {hours.HINT}",
    )
    on_holidays = forms.ChoiceField(
        choices=HolidayRule.choices, initial=HolidayRule.USUAL, label="On public holidays"
    )

    def clean_hours(self):
        return hours.hours_of(self.cleaned_data["hours"])

    def clean(self):
        given = super().clean()
        begin, end = given.get("starts_on"), given.get("ends_on")
        for name, day in (("starts_on", begin), ("ends_on", end)):
            if day and not EARLIEST.year <= day.year < LATEST.year:
                self.add_error(name, "Choose a day between the years 2000 and 2100.")
        if begin and end and end <= begin:
            self.add_error("ends_on", "It ends after the day on which it begins.")
        return given

    @property
    def spec(self) -> LayerSpec:
        given = dict(self.cleaned_data)
        for name in ("position", "DELETE"):
            given.pop(name, None)
        return LayerSpec(**given | {"people": tuple(given["people"])})


class LayerFormSet(
    forms.formset_factory(  # type: ignore[misc]
        LayerForm,
        extra=0,
        can_delete=True,
        max_num=MOST_LAYERS,
        validate_max=True,
        absolute_max=MOST_LAYERS + 5,
    )
):
    """All layers of a rotation."""

    @classmethod
    def fresh(cls) -> "LayerFormSet":
        formset = cls(prefix="layers")
        formset.extra = 1
        return formset

    @classmethod
    def of(cls, row: Rotation, *, more: int = 0) -> "LayerFormSet":
        """The layers as they stand, the highest first."""
        formset = cls(prefix="layers", initial=[*initial_of(row)])
        formset.extra = more
        return formset

    @classmethod
    def typed(cls, data, *, more: int) -> "LayerFormSet":
        """What was sent, unchecked, with room for more."""
        count = data.get("layers-TOTAL_FORMS", "")
        numbers = range(min(int(count), MOST_LAYERS) if count.isdecimal() else 0)
        formset = cls(prefix="layers", initial=[_typed(data, f"layers-{n}-") for n in numbers])
        formset.extra = more
        return formset

    @property
    def specs(self) -> list[LayerSpec]:
        """The lowest first; forms that nobody touched are none."""
        old = self.initial_form_count()
        filled = [form for n, form in enumerate(self.forms) if n < old or form.has_changed()]
        kept = [each for each in filled if not each.cleaned_data.get("DELETE")]
        kept.sort(key=lambda form: form.cleaned_data["position"])
        return [form.spec for form in kept]


def _typed(data, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: data.get(prefix + name, "") for name in LayerForm.base_fields}
    return found | {"people": [*filter(None, data.getlist(f"{prefix}people"))]}


def initial_of(row: Rotation):
    for position, spec in reversed([*enumerate(specified(row), 1)]):
        names = ("name", "every", "unit", "hand_over", "starts_on", "ends_on", "on_holidays")
        about = {name: getattr(spec, name) for name in names}
        people = [each.pk for each in spec.people]
        yield about | {
            "position": position,
            "people": people,
            "hours": hours.written(spec.hours),
        }


class CoverForm(RefusingForm):
    """Taking a shift oneself."""

    starts_at = MomentField(label="From")
    ends_at = MomentField(label="Until")
    reason = forms.CharField(max_length=longest(Override, "reason"), required=False)


class OverrideForm(CoverForm):
    """The same for anybody, or nobody on purpose."""

    person = PersonField(able, required=False, help_text="Who is on call in that time.")
    is_nobody = forms.BooleanField(required=False, label="Nobody, on purpose")
    field_order = ("person", "is_nobody", "starts_at", "ends_at", "reason")

    def clean(self):
        given = super().clean()
        if "person" not in self.errors and bool(given.get("person")) == given.get("is_nobody"):
            self.add_error("person", "Name a person, or say that it is nobody.")
        return given
