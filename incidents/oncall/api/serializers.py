"""What the API says of rotations and shifts, and takes."""

from datetime import time
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import SwapState
from incidents.models.layers import MOST_EVERY, HolidayRule, Layer, Unit
from incidents.oncall.hours import NAMES
from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import User
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute

STATES = ("on_call", "nobody", "off")
STATE = "`nobody`: a gap; `off`: nobody, as it was planned."
DAYS = tuple(name.lower() for name in NAMES)
PERSON = "User name; null: nobody."
KNOWN = "As colleagues know them; null: nobody."


def url_of(slug: str) -> str:
    return absolute(reverse("oncall:rotation", args=[slug]))


class OnCallSerializer(serializers.Serializer):
    """Who is on call in one rotation at one time."""

    rotation = serializers.CharField(help_text="Slug of the rotation.")
    rotation_name = serializers.CharField(help_text="As people call it.")
    services = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs of the services for which it answers."
    )
    state = serializers.ChoiceField(choices=STATES, help_text=STATE)
    person = serializers.CharField(allow_null=True, help_text=PERSON)
    person_name = serializers.CharField(allow_null=True, help_text=KNOWN)
    is_override = serializers.BooleanField(help_text="Whether by an override or a swap.")
    instead_of = serializers.CharField(
        allow_null=True, help_text="User name of who would be on call; null: the same, or nobody."
    )
    can_be_called = serializers.BooleanField(
        allow_null=True, help_text="Whether any contact method works; null: nobody is on call."
    )
    starts_at = serializers.DateTimeField(help_text="When the shift began.")
    ends_at = serializers.DateTimeField(help_text="When it ends.")
    next_state = serializers.ChoiceField(
        choices=STATES, allow_null=True, help_text="Of what follows; null: nothing changes."
    )
    next_person = serializers.CharField(allow_null=True, help_text="User name of who is next.")
    next_person_name = serializers.CharField(allow_null=True, help_text=KNOWN)
    url = serializers.CharField(help_text="The page for people.")


class ShiftSerializer(serializers.Serializer):
    """Who is on call in one rotation from when to when."""

    state = serializers.ChoiceField(choices=STATES, help_text=STATE)
    person = serializers.CharField(allow_null=True, help_text=PERSON)
    person_name = serializers.CharField(allow_null=True, help_text=KNOWN)
    layer = serializers.CharField(
        allow_null=True, help_text="Name of the layer; null: an override, or nobody."
    )
    is_override = serializers.BooleanField(help_text="Whether by an override or a swap.")
    starts_at = serializers.DateTimeField(help_text="From when; cut at `since`.")
    ends_at = serializers.DateTimeField(help_text="Until when; cut at `until`.")


class Whole(serializers.Serializer):
    """Written as a whole, also within a PATCH, which asks for no member of what it nests."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lacking = [name for name, field in self.fields.items() if field.required]
        wrong = {name: ["This field is required."] for name in lacking if name not in attrs}
        if wrong:
            raise serializers.ValidationError(wrong, code="required")
        return attrs


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d(:\d\d)?$", "example": "09:00:00"})
class WallTimeField(serializers.TimeField):
    """A time on the wall of a time zone; JSON Schema's `time` wants an offset, which it has not."""


class HoursSerializer(Whole):
    """Hours on some days; those that end no later than they begin end on the next day."""

    weekdays = serializers.ListField(
        child=serializers.ChoiceField(choices=DAYS),
        min_length=1,
        max_length=len(DAYS),
        help_text="On which days they begin.",
    )
    begins = WallTimeField(help_text="In the time zone of the rotation.")
    ends = WallTimeField(help_text="`00:00` is midnight.")


class LayerSerializer(Whole):
    """People who take turns; where it has somebody, it wins over the layers before it."""

    name = serializers.CharField(max_length=longest(Layer, "name"), help_text="What it is for.")
    people = KnownSlugField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        many=True,
        allow_empty=False,
        help_text="User names, in the order of their turns.",
    )
    starts_on = serializers.DateField(help_text="The day on which the first one begins.")
    ends_on = serializers.DateField(
        required=False, allow_null=True, help_text="The day on which it ends; null: never."
    )
    every = serializers.IntegerField(
        min_value=1, max_value=MOST_EVERY, default=1, help_text="How many units a turn is long."
    )
    unit = serializers.ChoiceField(
        choices=Unit.choices, default=Unit.WEEKS.value, help_text="Of the length of a turn."
    )
    hand_over = WallTimeField(
        default=time(9), help_text="When turns begin, in the time zone of the rotation."
    )
    hours = HoursSerializer(
        many=True, required=False, help_text="When it applies; empty: at any hour."
    )
    on_holidays = serializers.ChoiceField(
        choices=HolidayRule.choices,
        default=HolidayRule.USUAL.value,
        help_text="What it does on public holidays.",
    )


class RotationSerializer(Row):
    """A rotation with its layers, the lowest first."""

    slug = member(serializers.SlugField(), "slug")
    name = member(serializers.CharField(help_text="As people call it."), "name")
    description = member(serializers.CharField(help_text="May be empty."), "description")
    owner = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team; null: none."),
        "owner__slug",
    )
    services = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs of the services for which it answers."
    )
    time_zone = member(
        serializers.CharField(help_text="In which its hours are meant."), "time_zone"
    )
    is_always = member(
        serializers.BooleanField(
            help_text="Whether hours outside of those of all layers are gaps; else they are off."
        ),
        "is_always",
    )
    holidays_country = member(
        serializers.CharField(help_text="Two letters; empty: none."), "holidays_country"
    )
    holidays_subdivision = member(
        serializers.CharField(help_text="A part of the country; empty: none."),
        "holidays_subdivision",
    )
    layers = LayerSerializer(many=True, help_text="The lowest first: the last one wins.")
    created_at = member(serializers.DateTimeField(), "created_at")
    changed_at = member(
        serializers.DateTimeField(help_text="Overrides and swaps count, too."), "changed_at"
    )
    archived_at = member(serializers.DateTimeField(allow_null=True), "archived_at")
    etag = serializers.CharField()
    url = member(serializers.CharField(help_text="The page for people."), "slug", made=url_of)


class OverrideSerializer(Row):
    """One person, or on purpose nobody, instead of whoever the layers name."""

    id = member(serializers.IntegerField(), "pk")
    person = member(
        serializers.CharField(allow_null=True, help_text="User name; null: nobody, on purpose."),
        "person__username",
    )
    person_name = member(
        serializers.CharField(allow_null=True, help_text=KNOWN),
        *names_of("person"),
        made=shown_name,
    )
    starts_at = member(serializers.DateTimeField(help_text="From when."), "starts_at")
    ends_at = member(serializers.DateTimeField(help_text="Until when."), "ends_at")
    reason = member(serializers.CharField(help_text="May be empty."), "reason")
    made_at = member(serializers.DateTimeField(help_text="When it was made."), "made_at")
    made_by = member(
        serializers.CharField(allow_null=True, help_text="User name; null: who has left."),
        "made_by__username",
    )
    cancelled_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When it was cancelled; null: no."),
        "cancelled_at",
    )


class SwapSerializer(Row):
    """A proposal: the asked person takes a shift, and the asker one in return, if named."""

    id = member(serializers.IntegerField(), "pk")
    rotation = member(serializers.CharField(help_text="Slug of the rotation."), "rotation__slug")
    asker = member(
        serializers.CharField(help_text="User name of who gives a shift away."), "asker__username"
    )
    asked = member(serializers.CharField(help_text="User name of who takes it."), "asked__username")
    starts_at = member(serializers.DateTimeField(help_text="Of the shift."), "starts_at")
    ends_at = member(serializers.DateTimeField(help_text="Of the shift."), "ends_at")
    back_starts_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Of the one in return; null: none."),
        "back_starts_at",
    )
    back_ends_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Of the one in return; null: none."),
        "back_ends_at",
    )
    message = member(serializers.CharField(help_text="To the asked; may be empty."), "message")
    state = member(
        serializers.ChoiceField(
            choices=SwapState.choices, help_text="`expired`: it began before an answer came."
        ),
        "shown",
    )
    made_at = member(serializers.DateTimeField(help_text="When it was proposed."), "made_at")
    decided_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When it was answered; null: not."),
        "decided_at",
    )
