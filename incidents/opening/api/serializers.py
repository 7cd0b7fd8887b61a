"""What the API says of rules, and takes."""

from django.urls import reverse
from rest_framework import serializers

from incidents.models import EscalationPolicy, RuleAction
from incidents.models.rules import MOST_LABELS, tag_of, validate_levels
from incidents.models.severities import HIGHEST, LOWEST
from portal.architecture.models import Service
from portal.core.api.checks import checked_by
from portal.core.api.rows import TaggedRow, member
from portal.core.api.slugs import KnownSlugField
from portal.core.web.address import absolute
from portal.monitoring.models import matchers
from portal.monitoring.silences.api.serializers import MatcherSerializer

LONGEST_LABEL, MOST_MATCHERS = matchers.LONGEST_NAME, matchers.MOST


def _url(pk: int) -> str:
    return absolute(reverse("incidents:rule", args=[pk]))


def _levels(**more) -> serializers.DictField:
    return serializers.DictField(
        child=serializers.IntegerField(min_value=HIGHEST, max_value=LOWEST),
        help_text="Severities of alerts, in lower case, each with the level it means.",
        **more,
    )


def _validate(column) -> None:
    matchers.validate([dict(each) for each in column])


class IncidentRuleSerializer(TaggedRow):
    """What is done with alerts that have such labels; the first rule that matches decides."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="What it is for."), "name")
    position = member(serializers.IntegerField(help_text="The lowest is asked first."), "position")
    matchers = member(
        serializers.ListField(child=MatcherSerializer(), help_text="All of them match."), "matchers"
    )
    action = member(
        serializers.ChoiceField(choices=RuleAction.choices, help_text="What it does."), "action"
    )
    level = member(
        serializers.IntegerField(
            allow_null=True, help_text="1 to 5; null: by the severity of the alert."
        ),
        "level",
    )
    levels = member(_levels(), "levels")
    service = member(
        serializers.CharField(allow_null=True, help_text="Slug; null: that of the alert."),
        "service__slug",
    )
    policy = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of an escalation policy; null: that of the service."
        ),
        "policy__slug",
    )
    group_by = member(
        serializers.ListField(
            child=serializers.CharField(),
            help_text="Labels: alerts with the same values join one incident; empty: one for "
            "each service.",
        ),
        "group_by",
    )
    resolves = member(
        serializers.BooleanField(
            help_text="Whether the incident is resolved when all of its alerts are over."
        ),
        "resolves",
    )
    is_active = member(serializers.BooleanField(help_text="Whether it decides."), "is_active")
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)


class WriteIncidentRuleSerializer(serializers.Serializer):
    """A rule; it holds for alerts to come."""

    name = serializers.CharField(max_length=120, help_text="What it is for.")
    matchers = serializers.ListField(
        child=MatcherSerializer(),
        max_length=MOST_MATCHERS,
        validators=[checked_by(_validate)],
        help_text="All of them have to match.",
    )
    action = serializers.ChoiceField(
        choices=RuleAction.choices, required=False, help_text="`incident` if not given."
    )
    level = serializers.IntegerField(
        min_value=HIGHEST,
        max_value=LOWEST,
        allow_null=True,
        required=False,
        help_text="1 to 5; null: by the severity of the alert.",
    )
    levels = _levels(required=False, validators=[checked_by(validate_levels)])
    service = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug; null: that of the alert.",
    )
    policy = KnownSlugField(
        slug_field="slug",
        queryset=EscalationPolicy.objects.current(),
        allow_null=True,
        required=False,
        help_text="Slug of an escalation policy; null: that of the service.",
    )
    group_by = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_LABEL),
        max_length=MOST_LABELS,
        required=False,
        help_text="Labels: alerts with the same values join one incident.",
    )
    resolves = serializers.BooleanField(
        required=False, help_text="Resolve the incident when all of its alerts are over."
    )
    is_active = serializers.BooleanField(required=False, help_text="Whether it decides.")


class MoveRuleSerializer(serializers.Serializer):
    to = serializers.IntegerField(
        min_value=1, max_value=1000, help_text="Its place among all rules, from 1."
    )
