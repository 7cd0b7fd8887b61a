"""What the API says and takes; the verbs of the models decide."""

from rest_framework import serializers

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.slugs import KnownSlugField
from runbooks.models import Kind, RunState, Section, State


class SectionSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    runbooks = serializers.IntegerField()


class RunbookSerializer(serializers.Serializer):
    """A runbook. With `fields` or `omit`, only the chosen members are there."""

    slug = serializers.CharField(required=False)
    title = serializers.CharField(required=False)
    section = serializers.ChoiceField(choices=Section.choices, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    owner = serializers.CharField(allow_null=True, required=False, help_text="Slug of the team.")
    services = serializers.ListField(child=serializers.CharField(), required=False)
    alerts = serializers.ListField(child=serializers.CharField(), required=False)
    summary = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False, help_text="The published one; 0: none.")
    newest = serializers.IntegerField(required=False, help_text="The newest version of all.")
    review_days = serializers.IntegerField(required=False)
    reviewed_at = serializers.DateTimeField(allow_null=True, required=False)
    review_due = serializers.DateField(allow_null=True, required=False)
    review_asked = serializers.CharField(required=False)
    created_at = serializers.DateTimeField(required=False)
    changed_at = serializers.DateTimeField(required=False)
    archived_at = serializers.DateTimeField(allow_null=True, required=False)
    merged_into = serializers.CharField(allow_null=True, required=False)
    etag = serializers.CharField(required=False)
    url = serializers.CharField(required=False, help_text="The page for people.")


class RowSerializer(RunbookSerializer):
    """A runbook in a list, with what became of its last run."""

    last_run_at = serializers.DateTimeField(
        allow_null=True, required=False, help_text="When it began; null: never run."
    )
    last_run_state = serializers.ChoiceField(
        choices=RunState.choices, allow_null=True, required=False
    )


class ParameterSerializer(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    default = serializers.JSONField()
    pattern = serializers.CharField(allow_null=True)
    choices = serializers.ListField(child=serializers.JSONField(), allow_null=True)
    secret = serializers.BooleanField()


class DetailSerializer(RunbookSerializer):
    """One runbook with the text that readers see (or, unpublished, the newest draft)."""

    text = serializers.CharField(required=False)
    html = serializers.CharField(required=False, help_text="Only if asked for with `fields`.")
    parameters = serializers.ListField(child=ParameterSerializer(), required=False)


class CommandSerializer(serializers.Serializer):
    language = serializers.CharField()
    text = serializers.CharField()


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


class VersionRowSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    note = serializers.CharField()
    author = serializers.CharField()
    created_at = serializers.DateTimeField()
    based_on = serializers.IntegerField()
    restored_from = serializers.IntegerField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    review_note = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    hash = serializers.CharField()
    etag = serializers.CharField()


class VersionSerializer(VersionRowSerializer):
    text = serializers.CharField()
    parameters = serializers.ListField(child=ParameterSerializer())
    problems = serializers.ListField(
        child=serializers.JSONField(),
        help_text="What the text itself gets wrong, each with `code`, `line`, `detail`. What "
        "depends on other things, such as a broken link, is shown on the page of an open version.",
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


class FeedbackSerializer(serializers.Serializer):
    version = serializers.IntegerField(read_only=True)
    helpful = serializers.BooleanField()
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")
    created_at = serializers.DateTimeField(read_only=True)


class AlertSerializer(serializers.Serializer):
    alert = serializers.CharField()
    runbook = RowSerializer(allow_null=True)
    nearest = serializers.ListField(child=RowSerializer())


class GapSerializer(serializers.Serializer):
    name = serializers.CharField()
    count = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


# What is taken


class NoNulCharField(serializers.CharField):
    """A text as it was sent: nothing trimmed."""

    def __init__(self, **kwargs):
        super().__init__(trim_whitespace=False, **kwargs)


class AboutSerializer(serializers.Serializer):
    """What is known of a runbook besides its text."""

    title = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=120, required=False)
    section = serializers.ChoiceField(choices=Section.choices, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    owner = KnownSlugField(
        slug_field="slug", queryset=Team.objects.all(), allow_null=True, required=False
    )
    services = KnownSlugField(
        slug_field="slug", queryset=Service.objects.all(), many=True, required=False
    )
    alerts = serializers.ListField(
        child=serializers.RegexField(r"^[^\s/]+\Z", max_length=200), required=False, max_length=200
    )
    review_days = serializers.IntegerField(min_value=1, max_value=1825, required=False)


class NewRunbookSerializer(AboutSerializer):
    text = NoNulCharField(allow_blank=True, default="")
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class DraftSerializer(serializers.Serializer):
    text = NoNulCharField(allow_blank=True)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class DecisionSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class RejectionSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=1000)


class RestoreSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class MergeSerializer(serializers.Serializer):
    into = serializers.SlugField(max_length=120)


class NothingSerializer(serializers.Serializer):
    pass
