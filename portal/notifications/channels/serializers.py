"""What the API says and takes about channels."""

from datetime import datetime

from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team
from portal.core.api.rows import TaggedRow, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.notifications.models import Channel, ChannelKind, Urgency
from portal.notifications.models.channels import LONGEST_OVERLAP, OVERLAP, masked, tag_of

from .kinds import kinds_for_teams

STATES = ("active", "failing", "off")
HOURS, MOST_HOURS = OVERLAP.total_seconds() // 3600, LONGEST_OVERLAP.total_seconds() // 3600
LONGEST_ADDRESS = 2000


def _state(is_active: bool, failing_since: datetime | None) -> str:
    if not is_active:
        return "off"
    return "failing" if failing_since else "active"


def _url(slug: str) -> str:
    return absolute(reverse("notifications:channel", args=[slug]))


class ChannelSerializer(TaggedRow):
    """Where a team, or everybody, gets messages together."""

    slug = member(serializers.CharField(), "slug")
    name = member(serializers.CharField(), "name")
    kind = member(
        serializers.ChoiceField(choices=ChannelKind.choices, help_text="How it is reached."), "kind"
    )
    to = member(
        serializers.CharField(
            help_text="Where it leads, without what may be a secret: of a URL only the host."
        ),
        "kind",
        "address",
        made=masked,
    )
    team = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team; null: of everybody."),
        "team__slug",
    )
    kinds = member(
        serializers.ListField(
            child=serializers.CharField(), help_text="Kinds of messages that it gets; empty: all."
        ),
        "kinds",
    )
    least_urgency = member(
        serializers.ChoiceField(
            choices=Urgency.choices, help_text="`high`: only what is urgent; `low`: everything."
        ),
        "least_urgency",
    )
    is_active = member(
        serializers.BooleanField(help_text="Whether messages are sent to it."), "is_active"
    )
    state = member(
        serializers.ChoiceField(
            choices=STATES, help_text="`failing`: its newest attempt failed; `off`: not active."
        ),
        "is_active",
        "failing_since",
        made=_state,
    )
    failing_since = member(
        serializers.DateTimeField(allow_null=True, help_text="Null: it does not fail."),
        "failing_since",
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    created_by = member(
        serializers.CharField(allow_null=True, help_text="User name; null: nobody here."),
        "created_by__username",
    )
    created_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("created_by"),
        made=shown_name,
    )
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "slug", made=_url)


class ChannelWithSecretSerializer(ChannelSerializer):
    """The channel, and its new secret."""

    secret = serializers.CharField(
        allow_blank=True,
        allow_null=True,
        help_text="Signs its messages; shown this once, null when it is repeated. Empty: none.",
    )


# What is taken


class ChangeChannelSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=longest(Channel, "name"))
    to = serializers.CharField(
        source="address",
        max_length=LONGEST_ADDRESS,
        help_text="An e-mail address or a URL, whole; answers show its host only.",
    )
    team = KnownSlugField(
        slug_field="slug",
        queryset=Team.objects.all(),
        allow_null=True,
        required=False,
        help_text="Whose messages it gets; null: those of everybody.",
    )
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=100,
        help_text="Kinds of messages that it gets; empty: all.",
    )
    least_urgency = serializers.ChoiceField(
        choices=Urgency.choices, required=False, help_text="`high`: only what is urgent."
    )
    is_active = serializers.BooleanField(
        required=False, help_text="Whether messages are sent to it."
    )

    def get_fields(self):
        """With the kinds that the apps offer, which are not known yet when this is imported."""
        fields, known = super().get_fields(), sorted(kinds_for_teams())
        said = f"“{{input}}” is no kind. Use some of {', '.join(known)}."
        kind = serializers.ChoiceField(choices=known, error_messages={"invalid_choice": said})
        kind.bind(field_name="", parent=fields["kinds"])
        fields["kinds"].child = kind
        return fields

    def validate_kinds(self, names: list[str]) -> list[str]:
        return list(dict.fromkeys(names))


class WriteChannelSerializer(ChangeChannelSerializer):
    kind = serializers.ChoiceField(
        choices=ChannelKind.choices, help_text="How it is reached; it never changes."
    )


class RotateSerializer(serializers.Serializer):
    overlap_hours = serializers.IntegerField(
        min_value=0,
        max_value=int(MOST_HOURS),
        default=int(HOURS),
        help_text="For how long the old secret goes on signing beside the new one.",
    )
