"""What the API says and takes; the verbs of the models decide."""

from django.db.models import F
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.rows import Member, Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import LARGEST, longest
from portal.core.data.queries import joined
from portal.core.web.address import absolute
from runbooks.models import AlertName, Feedback, Kind, Runbook, RunState, Section, State, Version
from runbooks.models.runbook import MOST_DAYS_BETWEEN_REVIEWS
from runbooks.models.versions import tag_of as tag_of_version


class SectionSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    runbooks = serializers.IntegerField()


def page_url(slug: str) -> str:
    return absolute(f"/runbooks/{slug}/")


def tag_of(number: int | None, revision: int) -> str:
    """The entity tag of a runbook, as `Runbook.etag`."""
    return f'"v{number or 0}-{revision:08x}"'


def _sorted(text: str) -> list[str]:
    return sorted(text.split())


def _or_none(number: int | None) -> int:
    return number or 0


def _shown_to_readers(slug: str | None, published: int | None) -> str | None:
    """As `Runbook.successor`."""
    return slug if published else None


class RunbookSerializer(Row):
    """A runbook. With `fields` or `omit`, only the chosen members are there."""

    slug = member(serializers.CharField(required=False), "slug")
    title = member(serializers.CharField(required=False), "title")
    section = member(serializers.ChoiceField(choices=Section.choices, required=False), "section")
    kind = member(serializers.ChoiceField(choices=Kind.choices, required=False), "kind")
    owner = member(
        serializers.CharField(allow_null=True, required=False, help_text="Slug of the team."),
        "owner__slug",
    )
    services = member(
        serializers.ListField(child=serializers.CharField(), required=False),
        "service_slugs",
        made=_sorted,
    )
    alerts = member(
        serializers.ListField(child=serializers.CharField(), required=False),
        "alert_names",
        made=_sorted,
    )
    summary = member(serializers.CharField(required=False), "summary")
    version = member(
        serializers.IntegerField(required=False, help_text="The published one; 0: none."),
        "published__number",
        made=_or_none,
    )
    newest = member(
        serializers.IntegerField(required=False, help_text="The newest that you may see."), "head"
    )
    review_days = member(serializers.IntegerField(required=False), "review_days")
    reviewed_at = member(serializers.DateTimeField(allow_null=True, required=False), "reviewed_at")
    review_due = member(serializers.DateField(allow_null=True, required=False), "review_due")
    review_asked = member(serializers.CharField(required=False), "review_asked")
    created_at = member(serializers.DateTimeField(required=False), "created_at")
    changed_at = member(serializers.DateTimeField(required=False), "changed_at")
    archived_at = member(serializers.DateTimeField(allow_null=True, required=False), "archived_at")
    merged_into = member(
        serializers.CharField(allow_null=True, required=False),
        "merged_into__slug",
        "merged_into__published_id",
        made=_shown_to_readers,
    )
    etag = member(
        serializers.CharField(required=False), "published__number", "revision", made=tag_of
    )
    url = member(
        serializers.CharField(required=False, help_text="The page for people."),
        "slug",
        made=page_url,
    )

    @classmethod
    def annotated(cls, rows):
        services, alerts = Runbook.services.through.objects.all(), AlertName.objects.all()
        return rows.annotate(
            service_slugs=joined(services, F("service__slug"), owner="runbook_id"),
            alert_names=joined(alerts, F("name"), owner="runbook_id"),
        )


class RowSerializer(RunbookSerializer):
    """A runbook in a list, with what became of its last run."""

    last_run_at = member(
        serializers.DateTimeField(
            allow_null=True, required=False, help_text="When it began; null: never run."
        ),
        "run_at",
    )
    last_run_state = member(
        serializers.ChoiceField(choices=RunState.choices, allow_null=True, required=False),
        "run_state",
    )

    @classmethod
    def annotated(cls, rows):
        return super().annotated(rows).with_last_run()


class ParameterSerializer(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    default = serializers.JSONField(help_text="The value if none is given; empty: none.")
    pattern = serializers.CharField(
        allow_null=True, help_text="Regular expression that values match; empty: any."
    )
    choices = serializers.ListField(
        child=serializers.JSONField(),
        allow_null=True,
        help_text="The values that are allowed; empty: any.",
    )
    secret = serializers.BooleanField()


class DetailSerializer(RunbookSerializer):
    """One runbook with the text that readers see (or, unpublished, the newest draft)."""

    text = member(serializers.CharField(required=False), "published__text", heavy=True)
    html = member(
        serializers.CharField(required=False, help_text="Only if asked for with `fields`."),
        "published__html",
        heavy=True,
        usual=False,
    )
    parameters = member(
        serializers.ListField(child=ParameterSerializer(), required=False),
        "published__parameters",
        heavy=True,
    )


def _for_readers(of: type[Row]) -> type[Row]:
    """The same without a sign of drafts: the newest version is the published one."""
    made: type[Row] = type(of.__name__, (of,), {})
    made.read_from = of.read_from | {"newest": Member(("published__number",), _or_none)}
    return made


FOR_READERS: dict[type[Row], type[Row]] = {
    row: _for_readers(row) for row in (RowSerializer, DetailSerializer)
}


class CommandSerializer(serializers.Serializer):
    language = serializers.CharField()
    text = serializers.CharField()
    alternative = serializers.CharField(default="")


class StepSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    html = serializers.CharField()
    text = serializers.CharField()
    commands = CommandSerializer(many=True)
    check = serializers.BooleanField()
    second_person = serializers.BooleanField()


class StepsSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    steps = serializers.ListField(child=StepSerializer())
    parameters = serializers.ListField(child=ParameterSerializer())


class VersionRowSerializer(Row):
    number = member(serializers.IntegerField(), "number")
    state = member(serializers.ChoiceField(choices=State.choices), "state")
    note = member(serializers.CharField(), "note")
    author = member(serializers.CharField(), "author_name")
    author_user = member(
        serializers.CharField(allow_null=True, help_text="User name; null once deleted."),
        "author__username",
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    based_on = member(serializers.IntegerField(), "based_on")
    restored_from = member(serializers.IntegerField(allow_null=True), "restored_from")
    reviewer = member(
        serializers.CharField(allow_null=True), *names_of("reviewer"), made=shown_name
    )
    reviewer_user = member(
        serializers.CharField(allow_null=True, help_text="User name."), "reviewer__username"
    )
    reviewed_at = member(serializers.DateTimeField(allow_null=True), "reviewed_at")
    review_note = member(serializers.CharField(), "review_note")
    published_at = member(serializers.DateTimeField(allow_null=True), "published_at")
    hash = member(serializers.CharField(), "hash")
    etag = member(
        serializers.CharField(), "number", "hash", "state", "reviewer", made=tag_of_version
    )


class VersionSerializer(VersionRowSerializer):
    text = member(serializers.CharField(), "text", heavy=True)
    parameters = member(
        serializers.ListField(child=ParameterSerializer()), "parameters", heavy=True
    )
    problems = member(
        serializers.ListField(
            child=serializers.JSONField(),
            help_text="What the text itself gets wrong, each with `code`, `line`, `detail`. What "
            "depends on other things, such as a broken link, is shown on the page of an open "
            "version.",
        ),
        "problems",
        heavy=True,
    )


class SegmentSerializer(serializers.Serializer):
    text = serializers.CharField()
    changed = serializers.BooleanField()


class ComparedRowSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=("equal", "changed", "added", "removed"))
    old_line = serializers.IntegerField(allow_null=True)
    new_line = serializers.IntegerField(allow_null=True)
    old = serializers.ListField(child=SegmentSerializer())
    new = serializers.ListField(child=SegmentSerializer())


class ComparisonSerializer(serializers.Serializer):
    old = serializers.IntegerField()
    new = serializers.IntegerField()
    words_added = serializers.IntegerField()
    words_removed = serializers.IntegerField()
    rows = serializers.ListField(child=ComparedRowSerializer())
    left_out = serializers.IntegerField(help_text="Rows beyond those that are given.")


class FeedbackSerializer(Row):
    version = member(serializers.IntegerField(read_only=True), "version__number")
    helpful = member(serializers.BooleanField(), "helpful")
    reason = member(
        serializers.CharField(max_length=longest(Feedback, "reason"), allow_blank=True, default=""),
        "reason",
    )
    created_at = member(serializers.DateTimeField(read_only=True), "created_at")


class AlertSerializer(serializers.Serializer):
    alert = serializers.CharField()
    runbook = RowSerializer(allow_null=True)
    nearest = serializers.ListField(child=RowSerializer())


class GapSerializer(Row):
    name = member(serializers.CharField(), "name")
    count = member(serializers.IntegerField(), "count")
    first_at = member(serializers.DateTimeField(), "first_at")
    last_at = member(serializers.DateTimeField(), "last_at")


# What is taken


class NoNulCharField(serializers.CharField):
    """A text as it was sent: nothing trimmed."""

    def __init__(self, **kwargs):
        super().__init__(trim_whitespace=False, **kwargs)


class AboutSerializer(serializers.Serializer):
    """What is known of a runbook besides its text."""

    title = serializers.CharField(max_length=longest(Runbook, "title"))
    slug = serializers.SlugField(max_length=longest(Runbook, "slug"), required=False)
    section = serializers.ChoiceField(choices=Section.choices, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    owner = KnownSlugField(
        slug_field="slug", queryset=Team.objects.all(), allow_null=True, required=False
    )
    services = KnownSlugField(
        slug_field="slug", queryset=Service.objects.all(), many=True, required=False
    )
    alerts = serializers.ListField(
        child=serializers.RegexField(r"^[^\s/]+\Z", max_length=longest(AlertName, "name")),
        required=False,
        max_length=200,
    )
    review_days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS_BETWEEN_REVIEWS, required=False
    )


class NewRunbookSerializer(AboutSerializer):
    text = NoNulCharField(allow_blank=True, default="")
    note = serializers.CharField(max_length=longest(Version, "note"), allow_blank=True, default="")


class DraftSerializer(serializers.Serializer):
    text = NoNulCharField(allow_blank=True)
    note = serializers.CharField(max_length=longest(Version, "note"), allow_blank=True, default="")


class DecisionSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=longest(Version, "review_note"), allow_blank=True, default=""
    )


class RejectionSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=longest(Version, "review_note"), help_text="What to change; never empty."
    )


class RestoreSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, max_value=LARGEST)


class MergeSerializer(serializers.Serializer):
    into = serializers.SlugField(max_length=longest(Runbook, "slug"))
