"""What the API says and takes about guides; the verbs of the models decide."""

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from onboarding.models import Guide, StuckState
from onboarding.models.questions import LONGEST_REASON
from portal.accounts.models import Team, User
from portal.core.api.slugs import KnownSlugField

MOST_SECONDS = 3600
FAR = "Null for one person, unless you may see how far people are."
SECONDS = "Median of visible time, in seconds; null without any."


class CalloutBodySerializer(serializers.Serializer):
    type = serializers.CharField()
    value = serializers.CharField()
    format = serializers.CharField()


class CalloutTargetSerializer(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    selector = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


AnnotationSerializer = inline_serializer(
    "Annotation",
    {
        "@context": serializers.CharField(),
        "id": serializers.CharField(),
        "type": serializers.CharField(),
        "motivation": serializers.CharField(),
        "body": CalloutBodySerializer(),
        "target": CalloutTargetSerializer(),
        "portal:kind": serializers.CharField(help_text="box, arrow, circle or highlight."),
    },
    many=True,
    help_text="Numbered marks as W3C Web Annotations, in their order.",
)


class PictureSerializer(serializers.Serializer):
    address = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    taken_at = serializers.CharField(allow_null=True)
    annotations = AnnotationSerializer


class VideoSerializer(serializers.Serializer):
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    content_type = serializers.CharField()
    transcript = serializers.CharField(help_text="As HTML.")


class GuideStepSerializer(serializers.Serializer):
    key = serializers.UUIDField(help_text="Stays the same through all versions.")
    number = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="In Markdown.")
    html = serializers.CharField()
    control = serializers.CharField()
    result = serializers.CharField()
    picture = PictureSerializer(allow_null=True)
    video = VideoSerializer(allow_null=True)


class GuideRowSerializer(serializers.Serializer):
    """A guide in a list; readers see what was published."""

    slug = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    audience = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField()
    owner = serializers.CharField(allow_null=True, help_text="Slug of the team.")
    version = serializers.IntegerField(help_text="0: never published; only authors see it.")
    published_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    etag = serializers.CharField()
    url = serializers.CharField(help_text="The page for people.")


class AskedOfReadersSerializer(serializers.Serializer):
    prerequisites = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    asks_acknowledgement = serializers.BooleanField()


class GuideSerializer(GuideRowSerializer, AskedOfReadersSerializer):
    """A guide with the steps of its published version."""

    steps = GuideStepSerializer(many=True)


class GuideVersionRowSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    note = serializers.CharField()
    by = serializers.CharField()
    published_at = serializers.DateTimeField()
    hash = serializers.CharField()
    etag = serializers.CharField()


class GuideVersionSerializer(GuideVersionRowSerializer, AskedOfReadersSerializer):
    title = serializers.CharField()
    purpose = serializers.CharField()
    minutes = serializers.IntegerField()
    steps = GuideStepSerializer(many=True)


class StepProgressSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    title = serializers.CharField()
    seen = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField(help_text="Of visible time.")


class ProgressRowSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    guide = serializers.CharField()
    version = serializers.IntegerField()
    is_behind = serializers.BooleanField(help_text="A newer version could be moved over to.")
    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(
        allow_null=True, help_text="Of this version; null again after moving over to another."
    )
    acknowledged_at = serializers.DateTimeField(allow_null=True, help_text="Of this version.")


class PastProgressSerializer(serializers.Serializer):
    """What was done with a version that was left for a newer one."""

    version = serializers.IntegerField()
    left_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class ProgressSerializer(ProgressRowSerializer):
    """How far one person is."""

    past = PastProgressSerializer(many=True)

    user = serializers.CharField(allow_null=True, help_text="User name; null once forgotten.")
    steps = StepProgressSerializer(many=True)


class StuckReportSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    guide = serializers.CharField()
    version = serializers.IntegerField()
    step = serializers.UUIDField()
    step_title = serializers.CharField()
    state = serializers.ChoiceField(choices=StuckState.choices)
    text = serializers.CharField()
    page = serializers.CharField()
    by = serializers.CharField(allow_null=True, help_text="User name; null once forgotten.")
    created_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField(help_text="The page for people.")


class AssignmentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    guide = serializers.CharField()
    user = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    everybody_new = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    due_days = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    people = serializers.IntegerField(help_text="Whom it asks now.")
    begun = serializers.IntegerField(allow_null=True, help_text=FAR)
    done = serializers.IntegerField(allow_null=True, help_text=FAR)
    late = serializers.IntegerField(allow_null=True, help_text=FAR)


class QuestionSerializer(serializers.Serializer):
    slug = serializers.CharField()
    topic = serializers.CharField()
    question = serializers.CharField()
    answer = serializers.CharField(help_text="In Markdown.")
    html = serializers.CharField()
    is_published = serializers.BooleanField()
    changed_at = serializers.DateTimeField()
    etag = serializers.CharField()
    url = serializers.CharField(help_text="The page for people.")


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
        default=0, min_value=0, max_value=MOST_SECONDS, help_text="Of visible time since the last."
    )


class ReportSerializer(serializers.Serializer):
    """What happened, at which step of a guide that you began."""

    guide = KnownSlugField(slug_field="slug", queryset=Guide.objects.readable())
    step = serializers.UUIDField()
    text = serializers.CharField(max_length=5000)
    page = serializers.CharField(max_length=500, allow_blank=True, default="")


class SettleReportSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=5000, allow_blank=True, default="")
    close = serializers.BooleanField(default=False, help_text="Close it, with or without words.")


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


class PublishGuideSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=300, allow_blank=True, default="", help_text="What is new in it."
    )


class WriteQuestionSerializer(serializers.Serializer):
    topic = serializers.CharField(max_length=80)
    question = serializers.CharField(max_length=300)
    answer = serializers.CharField(help_text="In Markdown.", trim_whitespace=False)
    guides = KnownSlugField(
        slug_field="slug", queryset=Guide.objects.all(), many=True, required=False
    )
    owner = KnownSlugField(
        slug_field="slug", queryset=Team.objects.all(), allow_null=True, required=False
    )
    position = serializers.IntegerField(required=False, min_value=0, max_value=32767)
    is_published = serializers.BooleanField(required=False)


class HelpedSerializer(serializers.Serializer):
    helped = serializers.BooleanField()
    reason = serializers.CharField(
        max_length=LONGEST_REASON, allow_blank=True, default="", help_text="What you missed."
    )
