"""What the API says and takes about questions and stuck reports."""

from django.urls import reverse
from rest_framework import serializers

from onboarding.models import Guide, Question, StuckState
from onboarding.models.questions import LONGEST_REASON, place_of, tag_of
from onboarding.models.stuck import LONGEST_ANSWER, LONGEST_PAGE, LONGEST_REPORT
from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team
from portal.core.api.etags import of_drawing
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute


def _report_url(pk: int) -> str:
    return absolute(reverse("onboarding:stuck-report", args=[pk]))


def _question_url(slug: str) -> str:
    return absolute(place_of(slug))


def _question_tag(pk: int, changed_at, html: str) -> str:
    """Of the words with what was rendered of them: `rebuild` renders them anew."""
    return of_drawing(tag_of(pk, changed_at), html)


class StuckReportSerializer(Row):
    id = member(serializers.IntegerField(), "pk")
    guide = member(serializers.CharField(), "guide__slug")
    version = member(serializers.IntegerField(), "version__number")
    step = member(serializers.UUIDField(), "key")
    step_title = member(serializers.CharField(), "step_title")
    state = member(serializers.ChoiceField(choices=StuckState.choices), "state")
    text = member(serializers.CharField(), "text")
    page = member(serializers.CharField(), "page")
    by = member(
        serializers.CharField(allow_null=True, help_text="User name; null once forgotten."),
        "user__username",
    )
    by_name = member(serializers.CharField(allow_null=True), *names_of("user"), made=shown_name)
    created_at = member(serializers.DateTimeField(), "created_at")
    answer = member(serializers.CharField(), "answer")
    answered_by = member(serializers.CharField(allow_null=True), "answered_by__username")
    answered_by_name = member(
        serializers.CharField(allow_null=True), *names_of("answered_by"), made=shown_name
    )
    answered_at = member(serializers.DateTimeField(allow_null=True), "answered_at")
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_report_url)


class QuestionSerializer(Row):
    slug = member(serializers.CharField(), "slug")
    topic = member(serializers.CharField(), "topic")
    question = member(serializers.CharField(), "question")
    answer = member(serializers.CharField(help_text="In Markdown."), "answer")
    html = member(serializers.CharField(), "html")
    owner = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team."), "owner__slug"
    )
    position = member(
        serializers.IntegerField(help_text="Its place among those of its topic."), "position"
    )
    is_published = member(serializers.BooleanField(), "is_published")
    changed_at = member(serializers.DateTimeField(), "changed_at")
    etag = member(serializers.CharField(), "pk", "changed_at", "html", made=_question_tag)
    url = member(
        serializers.CharField(help_text="The page for people."), "slug", made=_question_url
    )


# What is taken


class ReportSerializer(serializers.Serializer):
    """What happened, at which step of a guide that you began."""

    guide = KnownSlugField(
        slug_field="slug", queryset=Guide.objects.filter(published__isnull=False)
    )
    step = serializers.UUIDField()
    text = serializers.CharField(max_length=LONGEST_REPORT)
    page = serializers.CharField(max_length=LONGEST_PAGE, allow_blank=True, default="")


class SettleReportSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=LONGEST_ANSWER, allow_blank=True, default="")
    close = serializers.BooleanField(default=False, help_text="Close it, with or without words.")


class WriteQuestionSerializer(serializers.Serializer):
    topic = serializers.CharField(max_length=longest(Question, "topic"))
    question = serializers.CharField(max_length=longest(Question, "question"))
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
