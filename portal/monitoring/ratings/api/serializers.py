"""What the API says of the alerts of one name."""

from rest_framework import serializers

from portal.monitoring.ratings.report import Line
from portal.monitoring.ratings.suggestions import NIGHT, Suggestion


class AlertNameSerializer(serializers.Serializer):
    """How often the alerts of one name fired, what people made of them, and what to do."""

    name = serializers.CharField(help_text="Name of the alerts.")
    severities = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        help_text="As the tool says it; of many the first and the last by the alphabet.",
    )
    times = serializers.IntegerField(help_text="How often it fired: episodes.")
    total_seconds = serializers.IntegerField(help_text="For how long it fired, all in all.")
    median_seconds = serializers.IntegerField(help_text="Half of them were over sooner.")
    by_night = serializers.IntegerField(
        help_text=f"How many began {NIGHT}, in the time zone of the portal."
    )
    urgent = serializers.IntegerField(
        help_text="How many may wake people, by their severity; the others can wait."
    )
    acknowledged = serializers.IntegerField(help_text="How many somebody acknowledged.")
    ended_by_hand = serializers.IntegerField(help_text="How many somebody ended.")
    with_run = serializers.IntegerField(
        help_text="While how many of them a run of its runbook was started."
    )
    with_deployment = serializers.IntegerField(
        help_text="While how many a deployment or a rollback of its service was started."
    )
    acted_upon = serializers.IntegerField(help_text="How many any of these four is true of.")
    acted_by_night = serializers.IntegerField(
        help_text="Of those that began by night, how many somebody acted upon by night."
    )
    muted = serializers.IntegerField(help_text="How many something muted.")
    useful = serializers.IntegerField(help_text="How many ratings call it useful.")
    noise = serializers.IntegerField(help_text="How many ratings call it noise.")
    newest_at = serializers.DateTimeField(help_text="When the newest one began.")
    suggestion = serializers.ChoiceField(
        choices=Suggestion.choices, help_text="What would make these alerts better."
    )
    reason = serializers.CharField(help_text="Why, in one sentence with its numbers.")
    merge_with = serializers.CharField(
        allow_null=True, help_text="The other name, if the suggestion is to merge them."
    )


COUNTS = (
    *("name", "severities", "times", "by_night", "urgent", "acknowledged", "ended_by_hand"),
    *("with_run", "with_deployment", "acted_upon", "acted_by_night", "muted", "useful", "noise"),
    "newest_at",
)

NAMES = tuple(map(str, AlertNameSerializer().fields))


def shown(line: Line) -> dict:
    of, advice = line.statistics, line.advice
    row = {name: getattr(of, name) for name in COUNTS} | {
        "total_seconds": round(of.total.total_seconds()),
        "median_seconds": round(of.median.total_seconds()),
        "suggestion": advice.suggestion.value,
        "reason": advice.reason,
        "merge_with": advice.merge_with or None,
    }
    return {name: row[name] for name in NAMES}
