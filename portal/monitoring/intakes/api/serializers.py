"""What the API says of intakes, and takes."""

from datetime import datetime

from django.urls import reverse
from rest_framework import serializers

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.checks import checked_by
from portal.core.api.rows import Row, TaggedRow, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.monitoring.models import Intake, IntakeKind
from portal.monitoring.models.intakes import tag_of
from portal.monitoring.models.mappings import validate


def _url(pk: int) -> str:
    return absolute(reverse("monitoring:intake", args=[pk]))


def _begun(hint: str) -> str:
    return f"{hint}…"


def _state(revoked_at: datetime | None) -> str:
    return "revoked" if revoked_at else "active"


STATES = ("active", "revoked")
LABELS = "Labels that name the service, in the order in which they are tried."


class IntakeSerializer(TaggedRow):
    """Where one tool sends its alerts. Its key is shown once, when it is made."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="What sends here."), "name")
    kind = member(
        serializers.ChoiceField(choices=IntakeKind.choices, help_text="The tool."), "kind"
    )
    hint = member(serializers.CharField(help_text="How its key begins."), "hint", made=_begun)
    state = member(
        serializers.ChoiceField(
            choices=STATES, help_text="`revoked`: its key opens nothing any more."
        ),
        "revoked_at",
        made=_state,
    )
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
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
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


class IntakeConfigurationSerializer(serializers.Serializer):
    """A text to paste into the tool; KEY and SECRET stand for what is shown once."""

    title = serializers.CharField(help_text="What it is.")
    where = serializers.CharField(help_text="Where in the tool it goes.")
    text = serializers.CharField(help_text="The text itself.")


class ReceivedSerializer(Row):
    """One delivery of a tool, and what it was answered."""

    id = member(serializers.IntegerField(), "pk")
    at = member(serializers.DateTimeField(help_text="When it came."), "at")
    sender = member(serializers.CharField(help_text="As the tool calls itself."), "sender")
    size = member(serializers.IntegerField(help_text="Bytes."), "size")
    answer = member(serializers.IntegerField(help_text="The status it was answered."), "answer")
    firing = member(serializers.IntegerField(help_text="Alerts in it that fired."), "firing")
    resolved = member(serializers.IntegerField(help_text="Alerts that were over."), "resolved")
    truncated = member(
        serializers.IntegerField(help_text="Alerts that the tool left out of it."), "truncated"
    )
    error = member(serializers.CharField(help_text="Why it was refused; else empty."), "error")
    body = member(
        serializers.CharField(help_text="As it came, cut if long; only for who asks for it."),
        "body",
        heavy=True,
        usual=False,
    )


class ChangeIntakeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=longest(Intake, "name"), help_text="What sends here.")
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
        validators=[checked_by(validate)],
        help_text="Generic only: paths of RFC 9535, and `resolved`, a list of words.",
    )


class NewIntakeSerializer(ChangeIntakeSerializer):
    kind = serializers.ChoiceField(choices=IntakeKind.choices, help_text="The tool.")
