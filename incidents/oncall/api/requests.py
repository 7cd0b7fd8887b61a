"""What the API takes of rotations, overrides and swaps."""

from typing import Any

from rest_framework import serializers

from incidents.models import Override, Rotation, Swap
from incidents.models.specifications import MOST_HOURS, MOST_LAYERS, LayerSpec
from incidents.oncall.plans import Hours
from portal.accounts.models import Team, User
from portal.architecture.models import Service
from portal.core.api.checks import checked_by
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.data.schedules import known_zone

from .serializers import DAYS, LayerSerializer

MOST_MINUTES = 92 * 24 * 60


class WriteRotationSerializer(serializers.Serializer):
    slug = serializers.SlugField(
        max_length=longest(Rotation, "slug"),
        required=False,
        help_text="In addresses; made of the name if it is not sent. It never changes.",
    )
    name = serializers.CharField(max_length=longest(Rotation, "name"), help_text="Its name.")
    description = serializers.CharField(
        max_length=longest(Rotation, "description"),
        required=False,
        allow_blank=True,
        help_text="What it is for.",
    )
    owner = KnownSlugField(
        slug_field="slug",
        queryset=Team.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug of the team.",
    )
    services = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        many=True,
        required=False,
        help_text="Slugs of the services for which it answers.",
    )
    time_zone = serializers.CharField(
        max_length=longest(Rotation, "time_zone"),
        required=False,
        validators=[checked_by(known_zone)],
        help_text="Such as Europe/Berlin; UTC if not said.",
    )
    is_always = serializers.BooleanField(
        required=False, help_text="Whether somebody has to be on call at any hour."
    )
    holidays_country = serializers.CharField(
        max_length=longest(Rotation, "holidays_country"),
        required=False,
        allow_blank=True,
        help_text="Two letters (ISO 3166), such as SE.",
    )
    holidays_subdivision = serializers.CharField(
        max_length=longest(Rotation, "holidays_subdivision"),
        required=False,
        allow_blank=True,
        help_text="A part of the country, such as BY.",
    )
    layers = LayerSerializer(
        many=True,
        required=False,
        max_length=MOST_LAYERS,  # type: ignore[call-arg]
        help_text="All of them, the lowest first; they take the place of those before.",
    )


def about(given: dict[str, Any]) -> dict[str, Any]:
    """What the verbs take, of what was sent."""
    found = dict(given)
    if "layers" in found:
        found["layers"] = [_spec(dict(each)) for each in found["layers"]]
    return found


def _spec(given: dict[str, Any]) -> LayerSpec:
    hours = tuple(_hours(each) for each in given.pop("hours", [])[: MOST_HOURS + 1])
    people = tuple(given.pop("people"))
    return LayerSpec(people=people, hours=hours, **given)


def _hours(given) -> Hours:
    days = frozenset(map(DAYS.index, given["weekdays"]))
    return Hours(days, given["begins"], given["ends"])


def said_of_layer(spec: LayerSpec) -> dict[str, Any]:
    """The same as programs see it."""
    return {
        "name": spec.name,
        "people": [person.username for person in spec.people],
        "starts_on": spec.starts_on,
        "ends_on": spec.ends_on,
        "every": spec.every,
        "unit": spec.unit,
        "hand_over": spec.hand_over,
        "hours": [
            {
                "weekdays": [DAYS[day] for day in sorted(each.weekdays)],
                "begins": each.begins,
                "ends": each.ends,
            }
            for each in spec.hours
        ],
        "on_holidays": spec.on_holidays,
    }


class NewOverrideSerializer(serializers.Serializer):
    person = KnownSlugField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        help_text="User name; null: nobody, on purpose.",
    )
    starts_at = serializers.DateTimeField(
        required=False, help_text="From when; not said, or past: now."
    )
    ends_at = serializers.DateTimeField(
        required=False, help_text="Until when, 92 days later at most; or `minutes`."
    )
    minutes = serializers.IntegerField(
        min_value=1, max_value=MOST_MINUTES, required=False, help_text="How long it lasts."
    )
    reason = serializers.CharField(
        max_length=longest(Override, "reason"), required=False, allow_blank=True, help_text="Why."
    )


class NewSwapSerializer(serializers.Serializer):
    asked = KnownSlugField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        help_text="User name of who is to take the shift.",
    )
    starts_at = serializers.DateTimeField(
        required=False, help_text="Of your shift, or of a part of it; not said: your next one."
    )
    ends_at = serializers.DateTimeField(
        required=False, help_text="Of your shift, or of a part of it; sent with `starts_at`."
    )
    back_starts_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Of a shift of theirs that you take in return."
    )
    back_ends_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When that one ends."
    )
    message = serializers.CharField(
        max_length=longest(Swap, "message"), required=False, allow_blank=True, help_text="To them."
    )
