"""What the API takes of incidents."""

from rest_framework import serializers

from incidents.models import EntryKind, EscalationPolicy, Impact, Role
from incidents.models.choices import WRITTEN
from incidents.models.entries import LONGEST_ENTRY
from incidents.models.incidents import LONGEST_TITLE
from incidents.models.joined import LONGEST_TASK
from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import LARGEST
from runbooks.models import Runbook

from .serializers import severity

KINDS = [(kind.value, kind.label) for kind in EntryKind if kind in WRITTEN]
LONGEST_DESCRIPTION = 10_000
LONGEST_URL = 500


class LevelField(serializers.ChoiceField):
    """Gives the level of what is sent, in capitals or not."""

    def to_internal_value(self, data):
        return int(super().to_internal_value(str(data).upper()).removeprefix("SEV"))


def _severity(help_text: str) -> LevelField:
    return LevelField(choices=severity().choices, help_text=help_text)


def _text(help_text: str, **more) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_ENTRY, help_text=help_text, **more)


def _optional(help_text: str) -> serializers.CharField:
    return _text(help_text, required=False, allow_blank=True, default="")


def _person(help_text: str, **more) -> KnownSlugField:
    people = User.objects.filter(is_active=True)
    return KnownSlugField(slug_field="username", queryset=people, help_text=help_text, **more)


def _number(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST, help_text=help_text)


class IncidentTextsSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=LONGEST_TITLE, help_text="What is wrong, in a line.")
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION,
        required=False,
        allow_blank=True,
        help_text="More of it.",
    )


class NewIncidentSerializer(IncidentTextsSerializer):
    severity = _severity("How bad it is; unsure: take the higher one.")
    services = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.select_related("owner"),
        many=True,
        required=False,
        help_text="Slugs of the affected services.",
    )
    policy = KnownSlugField(
        slug_field="slug",
        queryset=EscalationPolicy.objects.current(),
        required=False,
        allow_null=True,
        help_text="Slug of the escalation policy; not said: that of the first service that has "
        "one, or the catch-all.",
    )
    runbook = KnownSlugField(
        slug_field="slug",
        queryset=Runbook.objects.all(),
        required=False,
        allow_null=True,
        help_text="Slug of the runbook to follow.",
    )
    is_drill = serializers.BooleanField(required=False, help_text="Whether it is a drill.")
    is_restricted = serializers.BooleanField(
        required=False, help_text="Whether only those who take part may see it."
    )


class EscalateIncidentSerializer(serializers.Serializer):
    policy = KnownSlugField(
        slug_field="slug",
        queryset=EscalationPolicy.objects.current(),
        required=False,
        allow_null=True,
        help_text="Call by this one instead; not said: the next step of the one that runs.",
    )
    reason = _optional("Why.")


class NewSeveritySerializer(serializers.Serializer):
    severity = _severity("How bad it is.")
    reason = _optional("Why.")


class AssignRoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices, help_text="What they do.")
    person = _person("User name; null: nobody has it any more.", allow_null=True)


class IncidentNoteSerializer(serializers.Serializer):
    text = _text("What to add to the timeline.")
    kind = serializers.ChoiceField(
        choices=KINDS, required=False, default=EntryKind.NOTE, help_text="`note` if not given."
    )


class StateTextSerializer(serializers.Serializer):
    text = _optional("What to say of it in the timeline.")


class ReopenIncidentSerializer(serializers.Serializer):
    reason = _text("What came back.")


class MergeIncidentSerializer(serializers.Serializer):
    into = _number("Number of the incident that it is the same as.")


class RelateIncidentSerializer(serializers.Serializer):
    to = _number("Number of the other incident.")


class AffectServiceSerializer(serializers.Serializer):
    service = KnownSlugField(
        slug_field="slug", queryset=Service.objects.all(), help_text="Slug of the service."
    )
    impact = serializers.ChoiceField(
        choices=Impact.choices,
        required=False,
        help_text="What it does meanwhile; not given: as before, or `unknown`.",
    )
    is_affected = serializers.BooleanField(
        required=False, default=True, help_text="False: it is not affected after all."
    )


class NewIncidentTaskSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TASK, help_text="What is to be done.")
    owner = _person("User name of who does it, and may.", required=False, allow_null=True)


class NewIncidentLinkSerializer(serializers.Serializer):
    url = serializers.URLField(max_length=LONGEST_URL, help_text="Where it is.")
    title = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default="", help_text="What it is."
    )


class RestrictIncidentSerializer(serializers.Serializer):
    is_restricted = serializers.BooleanField(
        help_text="True: only those who take part, and who has the right, may see it."
    )
    reason = _optional("Why.")
