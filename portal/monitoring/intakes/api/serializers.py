"""What the API says of intakes, and takes."""

from django.core.exceptions import ValidationError as ModelError
from rest_framework import serializers

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.monitoring.models import Intake, IntakeKind
from portal.monitoring.models.mappings import validate


def _url(pk: int) -> str:
    return absolute(f"/monitoring/intakes/{pk}/")


LABELS = "Labels that name the service, in the order in which they are tried."


class IntakeSerializer(Row):
    """Where one tool sends its alerts. Its key is shown once, when it is made."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="What sends here."), "name")
    kind = member(
        serializers.ChoiceField(choices=IntakeKind.choices, help_text="The tool."), "kind"
    )
    hint = member(serializers.CharField(help_text="How its key begins."), "hint")
    service_labels = member(
        serializers.ListField(child=serializers.CharField(), help_text=LABELS), "service_labels"
    )
    default_service = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the service of alerts whose labels name none."
        ),
        "default_service__slug",
    )
    default_team = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the team that is told of alerts without a service."
        ),
        "default_team__slug",
    )
    watchdog = member(
        serializers.CharField(help_text="The alert that is taken as a sign of life."), "watchdog"
    )
    is_signed = member(
        serializers.BooleanField(help_text="Whether it takes only what Grafana signed."),
        "is_signed",
    )
    mapping = member(
        serializers.DictField(help_text="Of a generic one: where each member of an alert stands."),
        "mapping",
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    received_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When something came last."),
        "received_at",
    )
    watchdog_at = member(
        serializers.DateTimeField(allow_null=True, help_text="The last sign of life."),
        "watchdog_at",
    )
    revoked_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When its key was revoked; null: no."),
        "revoked_at",
    )
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)


class MadeIntakeSerializer(IntakeSerializer):
    """A new intake with its key, which is shown this once."""

    key = serializers.CharField(
        allow_null=True,
        help_text="Opens this intake and nothing else; null in an answer that is repeated.",
    )
    address = serializers.CharField(
        allow_null=True, help_text="Where the tool sends to; null in an answer that is repeated."
    )
    secret = serializers.CharField(
        allow_null=True,
        help_text="What Grafana signs with; empty where it does not sign, null when repeated.",
    )


def _checked(mapping):
    try:
        validate(mapping)
    except ModelError as error:
        raise serializers.ValidationError(error.messages) from error


class NewIntakeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=longest(Intake, "name"), help_text="What sends here.")
    kind = serializers.ChoiceField(choices=IntakeKind.choices, help_text="The tool.")
    service_labels = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=10, help_text=LABELS
    )
    default_service = KnownSlugField(
        queryset=Service.objects.all(),
        slug_field="slug",
        required=False,
        allow_null=True,
        help_text="Slug of the service of alerts whose labels name none.",
    )
    default_team = KnownSlugField(
        queryset=Team.objects.all(),
        slug_field="slug",
        required=False,
        allow_null=True,
        help_text="Slug of the team that is told of alerts without a service.",
    )
    watchdog = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=longest(Intake, "watchdog"),
        help_text="The alert that is taken as a sign of life; empty: none.",
    )
    is_signed = serializers.BooleanField(
        required=False, help_text="Grafana only: take only what is signed."
    )
    mapping = serializers.DictField(
        required=False,
        validators=[_checked],
        help_text="Generic only: paths of RFC 9535, and `resolved`, a list of words.",
    )
