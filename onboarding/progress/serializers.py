"""What the API says and takes about progress, assignments and what they teach."""

from operator import ne

from rest_framework import serializers

from onboarding.models import Guide
from onboarding.models.progress import LONGEST_SIGHT
from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team, User
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField

FAR = "Null for one person, unless you may see how far people are."
SECONDS = "Median of visible time, in seconds; null without any."


class StepProgressSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    title = serializers.CharField()
    seen = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField(help_text="Of visible time.")


class ProgressRowSerializer(Row):
    id = member(serializers.IntegerField(), "pk")
    guide = member(serializers.CharField(), "guide__slug")
    version = member(serializers.IntegerField(), "version__number")
    is_behind = member(
        serializers.BooleanField(help_text="A newer version could be moved over to."),
        "version_id",
        "guide__published_id",
        made=ne,
    )
    started_at = member(serializers.DateTimeField(), "started_at")
    seen_at = member(serializers.DateTimeField(), "seen_at")
    completed_at = member(
        serializers.DateTimeField(
            allow_null=True, help_text="Of this version; null again after moving over to another."
        ),
        "completed_at",
    )
    acknowledged_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Of this version."), "acknowledged_at"
    )


class PastProgressSerializer(serializers.Serializer):
    """What was done with a version that was left for a newer one."""

    version = serializers.IntegerField()
    left_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class ProgressSerializer(ProgressRowSerializer):
    """How far one person is."""

    past = PastProgressSerializer(many=True)

    user = member(
        serializers.CharField(allow_null=True, help_text="User name; null once forgotten."),
        "user__username",
    )
    user_name = member(serializers.CharField(allow_null=True), *names_of("user"), made=shown_name)
    steps = StepProgressSerializer(many=True)


class AssignmentSerializer(Row):
    id = member(serializers.IntegerField(), "pk")
    guide = member(serializers.CharField(), "guide__slug")
    user = member(serializers.CharField(allow_null=True, help_text="User name."), "user__username")
    user_name = member(serializers.CharField(allow_null=True), *names_of("user"), made=shown_name)
    team = member(serializers.CharField(allow_null=True), "team__slug")
    everybody_new = member(serializers.BooleanField(), "everybody_new")
    due_on = member(serializers.DateField(allow_null=True), "due_on")
    due_days = member(serializers.IntegerField(allow_null=True), "due_days")
    created_at = member(serializers.DateTimeField(), "created_at")
    withdrawn_at = member(serializers.DateTimeField(allow_null=True), "withdrawn_at")
    people = serializers.IntegerField(help_text="Whom it asks now.")
    begun = serializers.IntegerField(allow_null=True, help_text=FAR)
    done = serializers.IntegerField(allow_null=True, help_text=FAR)
    late = serializers.IntegerField(allow_null=True, help_text=FAR)


class GuideCountsSerializer(serializers.Serializer):
    asked = serializers.IntegerField(help_text="People whom assignments ask.")
    not_begun = serializers.IntegerField(help_text="Of those asked.")
    late = serializers.IntegerField(help_text="Of those asked.")
    started = serializers.IntegerField()
    completed = serializers.IntegerField()
    acknowledged = serializers.IntegerField()
    completion_rate = serializers.FloatField(
        allow_null=True, help_text="0 to 1, of those who began; null before anybody did."
    )
    stuck = serializers.DictField(
        child=serializers.IntegerField(), help_text="Stuck reports by their state."
    )


class GuideWeekSerializer(serializers.Serializer):
    until = serializers.DateField(help_text="The last day of the week.")
    started = serializers.IntegerField()
    completed = serializers.IntegerField()
    completion_rate = serializers.FloatField(allow_null=True)


class GuideStepFiguresSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    reached = serializers.IntegerField(help_text="People who looked at it or ticked it.")
    done = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Fewer than had reached the step before.")
    median_seconds = serializers.FloatField(allow_null=True, help_text=SECONDS)
    stuck = serializers.DictField(child=serializers.IntegerField())


class GuideVersionFiguresSerializer(GuideCountsSerializer):
    version = serializers.IntegerField()
    steps = GuideStepFiguresSerializer(many=True)


class GuideVersionCountsSerializer(GuideCountsSerializer):
    version = serializers.IntegerField()


class GuideTeamSerializer(serializers.Serializer):
    team = serializers.CharField(help_text="Slug.")
    members = serializers.IntegerField()
    started = serializers.IntegerField()
    completed = serializers.IntegerField()
    completion_rate = serializers.FloatField(allow_null=True)


class GuidePersonSerializer(serializers.Serializer):
    """How far one person is in a guide."""

    user = serializers.CharField(help_text="User name.")
    name = serializers.CharField()
    state = serializers.CharField(help_text="In words, such as “Late” or “Not confirmed”.")
    asked = serializers.BooleanField(help_text="false: began by themselves.")
    late = serializers.BooleanField()
    version = serializers.IntegerField(allow_null=True, help_text="That they follow.")
    steps_done = serializers.IntegerField()
    steps = serializers.IntegerField()
    seconds = serializers.IntegerField(help_text="Of visible time.")
    started_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(
        allow_null=True, help_text="First through all steps, of whatever version."
    )
    confirmed_at = serializers.DateTimeField(allow_null=True)


class GuideFiguresSerializer(GuideCountsSerializer):
    guide = serializers.CharField()
    teams = GuideTeamSerializer(
        many=True, allow_null=True, help_text="Null unless you may see how far people are."
    )
    versions = GuideVersionCountsSerializer(many=True)
    trend = GuideWeekSerializer(many=True)


class GuideOverviewRowSerializer(GuideCountsSerializer):
    guide = serializers.CharField()


class GuideOverviewSerializer(GuideCountsSerializer):
    guides = GuideOverviewRowSerializer(many=True)
    trend = GuideWeekSerializer(many=True)


# What is taken


class ViewedSerializer(serializers.Serializer):
    seconds = serializers.IntegerField(
        default=0, min_value=0, max_value=LONGEST_SIGHT, help_text="Of visible time since the last."
    )


class AssignSerializer(serializers.Serializer):
    """For one person, one team or everybody new; due on a day, or so many days after."""

    guide = KnownSlugField(slug_field="slug", queryset=Guide.objects.all())
    user = KnownSlugField(
        slug_field="username",
        queryset=User.objects.active(),
        allow_null=True,
        default=None,
        help_text="User name.",
    )
    team = KnownSlugField(
        slug_field="slug", queryset=Team.objects.all(), allow_null=True, default=None
    )
    everybody_new = serializers.BooleanField(default=False)
    due_on = serializers.DateField(allow_null=True, default=None)
    due_days = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=1000)
