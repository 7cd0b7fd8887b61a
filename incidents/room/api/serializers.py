"""What the API says of incidents."""

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from rest_framework import serializers

from incidents.models import (
    AffectedService,
    Assignment,
    ClockKind,
    ClockState,
    EntryKind,
    Impact,
    IncidentSource,
    IncidentState,
    Role,
)
from incidents.models.severities import HIGHEST, LOWEST, name_of
from portal.core.api.rows import Row, TaggedRow, member
from portal.core.data.queries import SEPARATOR, joined
from portal.core.web.address import absolute

SEVERITIES = [name_of(level) for level in range(HIGHEST, LOWEST + 1)]


def url_of(number: int) -> str:
    return absolute(reverse("incidents:incident", args=[number]))


def tag_of(number: int, revision: int) -> str:
    """As `Incident.etag`."""
    return f'"i{number}-{revision}"'


def _slugs(text: str) -> list[str]:
    return sorted(text.split(SEPARATOR)) if text else []


def severity(**more) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=SEVERITIES, **more)


def at(help_text: str) -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True, help_text=help_text)


def who(help_text: str) -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=f"User name; null: {help_text}.")


class IncidentRowSerializer(TaggedRow):
    """An incident in a list."""

    number = member(serializers.IntegerField(help_text="Its number; it never changes."), "pk")
    title = member(serializers.CharField(help_text="What is wrong."), "title")
    severity = member(severity(help_text="SEV1 is the worst."), "level", made=name_of)
    state = member(
        serializers.ChoiceField(choices=IncidentState.choices, help_text="How it stands."), "state"
    )
    source = member(
        serializers.ChoiceField(choices=IncidentSource.choices, help_text="What opened it."),
        "source",
    )
    services = member(
        serializers.ListField(
            child=serializers.CharField(), help_text="Slugs of the affected services."
        ),
        "service_slugs",
        made=_slugs,
    )
    owner = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team; null: none."),
        "owner__slug",
    )
    commander = member(who("nobody has the role"), "commander")
    is_drill = member(
        serializers.BooleanField(help_text="Whether it is a drill; it counts in no figure."),
        "is_drill",
    )
    is_restricted = member(
        serializers.BooleanField(help_text="Whether only those who take part see it."),
        "is_restricted",
    )
    declared_at = member(serializers.DateTimeField(help_text="When it was opened."), "declared_at")
    declared_by = member(who("an alert, or who has left"), "declared_by__username")
    acknowledged_at = member(at("When somebody said that they have it."), "acknowledged_at")
    acknowledged_by = member(who("nobody"), "acknowledged_by__username")
    mitigated_at = member(at("Since when it hurts nobody."), "mitigated_at")
    resolved_at = member(at("When it was resolved."), "resolved_at")
    closed_at = member(at("When it was closed."), "closed_at")
    active_at = member(
        serializers.DateTimeField(help_text="When somebody did something last."), "active_at"
    )
    outcome = member(serializers.CharField(help_text="How it ended."), "outcome")
    merged_into = member(
        serializers.IntegerField(
            allow_null=True,
            help_text="Number of the one that has its alerts; null: none that you may see.",
        ),
        "merged_seen",
    )
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=url_of)

    @classmethod
    def annotated(cls, rows):
        rows = rows if "merged_seen" in rows.query.annotations else rows.naming_merged(None)
        commander = Assignment.objects.filter(incident=OuterRef("pk"), until=None)
        commander = commander.filter(role=Role.COMMANDER).values("person__username")[:1]
        slugs = joined(AffectedService.objects.all(), F("service__slug"), owner="incident")
        return rows.annotate(service_slugs=slugs, commander=Subquery(commander))


class IncidentRoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices, help_text="What they do.")
    person = serializers.CharField(allow_null=True, help_text="User name; null: who has left.")
    person_name = serializers.CharField(help_text="As colleagues know them.")
    since = serializers.DateTimeField(help_text="Since when they have it.")


class AffectedServiceSerializer(serializers.Serializer):
    service = serializers.CharField(help_text="Slug of the service.")
    impact = serializers.ChoiceField(choices=Impact.choices, help_text="What it does meanwhile.")


class IncidentLinkSerializer(serializers.Serializer):
    title = serializers.CharField(help_text="What it is.")
    url = serializers.CharField(help_text="Where it is.")


class IncidentTaskSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Its number.")
    text = serializers.CharField(help_text="What is to be done.")
    owner = serializers.CharField(allow_null=True, help_text="User name; null: nobody.")
    done_at = serializers.DateTimeField(allow_null=True, help_text="When; null: not yet.")
    done_by = serializers.CharField(allow_null=True, help_text="User name; null: nobody.")


class IncidentSerializer(IncidentRowSerializer):
    """An incident with what belongs to it."""

    description = member(serializers.CharField(help_text="More of it."), "description")
    policy = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the escalation policy that it opened with."
        ),
        "policy__slug",
    )
    runbook = member(
        serializers.CharField(allow_null=True, help_text="Slug of its runbook; null: none."),
        "runbook_version__runbook__slug",
    )
    runbook_version = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the version that it opened with."
        ),
        "runbook_version__number",
    )
    rule = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the rule that opened it; null: none did."
        ),
        "rule_id",
    )
    is_calling = serializers.BooleanField(help_text="Whether people are being called.")
    roles = IncidentRoleSerializer(many=True, help_text="Who does what.")
    affected = AffectedServiceSerializer(many=True, help_text="The services and what they do.")
    links = IncidentLinkSerializer(many=True, help_text="Addresses that people need.")
    tasks = IncidentTaskSerializer(many=True, help_text="What is to be done.")
    runs = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of the runs that belong to it."
    )
    related = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of related incidents that you may see."
    )


class TimelineEntrySerializer(serializers.Serializer):
    """One thing that happened: an entry of the timeline, or of the log of a run that joined."""

    id = serializers.IntegerField(help_text="Its number, among entries of the timeline or a run.")
    kind = serializers.ChoiceField(choices=EntryKind.choices, help_text="What it says.")
    at = serializers.DateTimeField(help_text="When it happened.")
    by = serializers.CharField(allow_null=True, help_text="User name; null: who has left, or none.")
    by_name = serializers.CharField(help_text="Who did it; empty: the portal itself.")
    text = serializers.CharField(help_text="What was said.")
    about = serializers.DictField(help_text="The same for programs.")
    corrects = serializers.IntegerField(
        allow_null=True, help_text="The entry that was wrong; null: it corrects none."
    )
    is_pinned = serializers.BooleanField(help_text="Whether everybody sees it first.")
    run = serializers.IntegerField(allow_null=True, help_text="Of the log of this run; null: none.")
    step = serializers.IntegerField(allow_null=True, help_text="Of this step; null: of none.")


class IncidentAlertSerializer(Row):
    """An alert that belongs to an incident."""

    alert = member(
        serializers.IntegerField(
            allow_null=True, help_text="Its number; null: it is no longer stored, or left."
        ),
        "alert_id",
    )
    name = member(serializers.CharField(help_text="Name of the alert."), "name")
    joined_at = member(serializers.DateTimeField(help_text="Since when."), "joined_at")
    over_at = member(at("When it ended; null: it fires."), "over_at")


class IncidentClockSerializer(serializers.Serializer):
    """What is due in an incident, by when, and whether it was met."""

    kind = serializers.ChoiceField(choices=ClockKind.choices, help_text="What is due.")
    state = serializers.ChoiceField(choices=ClockState.choices, help_text="As it stands now.")
    started_at = serializers.DateTimeField(help_text="When it began to run.")
    due_at = serializers.DateTimeField(help_text="By when it is due.")
    met_at = serializers.DateTimeField(allow_null=True, help_text="When it was done; null: not.")
    stopped_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was not due any more; null: it was, or is."
    )


class SimilarIncidentSerializer(serializers.Serializer):
    """An incident before it that is over, with the same alerts or services."""

    number = serializers.IntegerField(help_text="Its number.")
    title = serializers.CharField(help_text="What was wrong.")
    severity = severity(help_text="SEV1 is the worst.")
    state = serializers.ChoiceField(choices=IncidentState.choices, help_text="How it stands.")
    declared_at = serializers.DateTimeField(help_text="When it was opened.")
    resolved_at = serializers.DateTimeField(allow_null=True, help_text="When it was resolved.")
    outcome = serializers.CharField(help_text="How it ended.")
    same_alerts = serializers.IntegerField(help_text="How many names of alerts it shares.")
    same_services = serializers.IntegerField(help_text="How many services it shares.")
    url = serializers.CharField(help_text="The page for people.")
