"""What the API says and takes about runs; the verbs of Run decide."""

from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.accounts.people.fields import LONGEST
from portal.architecture.models import Service
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import LARGEST, longest
from portal.core.data.queries import joined
from portal.core.media.uploads import AT_MOST
from portal.core.web.address import absolute
from runbooks.documents.serializers import CommandSerializer
from runbooks.models import EntryKind, Image, Kind, Run, RunState, StepState
from runbooks.models.entries import LONGEST_HAND_OVER, LONGEST_NOTE
from runbooks.models.runs import LONGEST_OUTCOME, tag_of

ENDS = [(state.value, state.label) for state in RunState if state != RunState.RUNNING]


def _url(pk: int) -> str:
    return absolute(f"/runbooks/runs/{pk}/")


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


class RunRowSerializer(Row):
    """A run in a list."""

    id = member(serializers.IntegerField(), "pk")
    runbook = member(serializers.CharField(help_text="Slug of the runbook."), "runbook__slug")
    title = member(serializers.CharField(), "runbook__title")
    version = member(serializers.IntegerField(), "version__number")
    kind = member(serializers.ChoiceField(choices=Kind.choices), "kind")
    service = member(serializers.CharField(allow_null=True), "service_slug")
    environment = member(serializers.CharField(), "environment")
    release = member(serializers.CharField(), "release")
    state = member(serializers.ChoiceField(choices=RunState.choices), "state")
    started_at = member(serializers.DateTimeField(), "started_at")
    ended_at = member(serializers.DateTimeField(allow_null=True), "ended_at")
    duration = member(
        serializers.FloatField(allow_null=True, help_text="Seconds; null while it runs."),
        "duration",
        made=_seconds,
    )
    started_by = member(serializers.CharField(), "starter_name")
    started_by_user = member(
        serializers.CharField(allow_null=True, help_text="User name; null once deleted."),
        "started_by__username",
    )
    ended_by = member(serializers.CharField(), "ended_by_name")
    ended_by_user = member(
        serializers.CharField(
            allow_null=True, help_text="User name; null while it runs and once deleted."
        ),
        "ended_by__username",
    )
    leads = member(
        serializers.CharField(allow_null=True, help_text="User name of who leads it."),
        "holder__username",
    )
    leads_name = member(
        serializers.CharField(allow_null=True), *names_of("holder"), made=shown_name
    )
    outcome = member(serializers.CharField(), "outcome")
    link = member(serializers.CharField(), "link")
    rollback_of = member(serializers.IntegerField(allow_null=True), "rollback_of_id")
    parameters = member(serializers.DictField(child=serializers.CharField()), "parameters")
    etag = member(serializers.CharField(), "pk", "revision", "runbook__revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)


class RunStepSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=StepState.choices)
    by = serializers.CharField(allow_null=True)
    by_user = serializers.CharField(allow_null=True, help_text="User name.")
    confirmed_by = serializers.CharField(allow_null=True, help_text="The second person.")
    confirmed_by_user = serializers.CharField(allow_null=True, help_text="User name.")
    usual = serializers.FloatField(
        allow_null=True,
        help_text="Seconds that it took in the runs before this one, as a rule; "
        "null until three of them have ended.",
    )
    opened_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    check = serializers.BooleanField()
    second_person = serializers.BooleanField()
    text = serializers.CharField()
    commands = CommandSerializer(many=True)


class RunSerializer(RunRowSerializer):
    """A run with its steps."""

    taken_back_by = serializers.ListField(
        child=serializers.IntegerField(), help_text="The runs that roll it back, the newest first."
    )
    steps = RunStepSerializer(many=True)


class TickedSerializer(RunSerializer):
    ticked = serializers.BooleanField(
        help_text="False: it was so already; the note is saved in the log all the same."
    )


def _pictures(names: str) -> list[str]:
    return [absolute(reverse("image", args=[name])) for name in names.split()]


def _files(names: str) -> list[str]:
    return [absolute(reverse("api:media-file", args=[name])) for name in names.split()]


class EntrySerializer(Row):
    id = member(serializers.IntegerField(), "pk")
    kind = member(serializers.ChoiceField(choices=EntryKind.choices), "kind")
    step = member(serializers.IntegerField(allow_null=True), "step__number")
    by = member(serializers.CharField(), "by_name")
    by_user = member(
        serializers.CharField(allow_null=True, help_text="User name; null once deleted."),
        "by__username",
    )
    at = member(serializers.DateTimeField(), "at")
    text = member(serializers.CharField(), "text")
    images = member(
        serializers.ListField(
            child=serializers.CharField(), help_text="Addresses of its pictures, for people."
        ),
        "pictures",
        made=_pictures,
    )
    files = member(
        serializers.ListField(
            child=serializers.CharField(), help_text="Where a token fetches its pictures."
        ),
        "pictures",
        made=_files,
    )

    @classmethod
    def annotated(cls, rows):
        return rows.annotate(pictures=joined(Image.objects.all(), F("name"), owner="entry"))


class RollbackSerializer(serializers.Serializer):
    runbook = serializers.CharField(help_text="Slug of the rollback runbook.")
    title = serializers.CharField()
    url = serializers.CharField(help_text="The page for people.")
    start = serializers.CharField(help_text="Where to POST `body`, once its values are right.")
    release_before = serializers.CharField(
        help_text="What ran there before; empty if nothing of it is known."
    )
    body = serializers.DictField()


class StepFiguresSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()
    median = serializers.FloatField(
        allow_null=True, help_text="Seconds; null until three runs have ended."
    )
    low = serializers.FloatField(allow_null=True, help_text="A quarter of all was faster.")
    high = serializers.FloatField(allow_null=True, help_text="A quarter of all was slower.")


class FiguresSerializer(serializers.Serializer):
    runs = serializers.IntegerField()
    by_state = serializers.DictField(child=serializers.IntegerField())
    success_rate = serializers.FloatField(allow_null=True, help_text="0 to 1, of ended runs.")
    last_at = serializers.DateTimeField(allow_null=True)
    last_state = serializers.CharField(allow_null=True)
    median = serializers.FloatField(
        allow_null=True, help_text="Seconds of a whole run; null until three have ended."
    )
    worst_step = serializers.IntegerField(allow_null=True)
    steps = StepFiguresSerializer(many=True)


# What is taken


class StartSerializer(serializers.Serializer):
    """How to begin. Secret values are never sent: they stay with who follows the steps."""

    parameters = serializers.DictField(required=False, default=dict)
    version = serializers.IntegerField(
        required=False, min_value=1, help_text="Refused unless it is the published one."
    )
    environment = serializers.CharField(
        max_length=longest(Run, "environment"),
        allow_blank=True,
        default="",
        help_text="The parameter of this name, if it is left out.",
    )
    release = serializers.CharField(
        max_length=longest(Run, "release"),
        allow_blank=True,
        default="",
        help_text="As environment; in a rollback the release that is gone back to.",
    )
    service = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        allow_null=True,
        default=None,
        help_text="The one of the runbook, if it has one only.",
    )
    link = serializers.URLField(max_length=longest(Run, "link"), allow_blank=True, default="")
    rollback_of = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The run that it rolls back: only where `rollbacks/` of that run offers this.",
    )


class CompleteSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=LONGEST_NOTE, allow_blank=True, default="", trim_whitespace=False
    )
    checked = serializers.BooleanField(
        default=False, help_text="True: the check that the step asks for was made."
    )


class RemarkSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=LONGEST_NOTE, allow_blank=True, default="", trim_whitespace=False
    )


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(
        max_length=LONGEST_NOTE, allow_blank=True, help_text="Refused if it is empty."
    )


class NoteSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_NOTE, trim_whitespace=False, allow_blank=True)
    step = serializers.IntegerField(min_value=1, max_value=LARGEST, allow_null=True, default=None)


class EvidenceSerializer(NoteSerializer):
    text = serializers.CharField(
        max_length=LONGEST_NOTE, trim_whitespace=False, allow_blank=True, default=""
    )
    image = serializers.FileField(
        required=False, help_text=f"PNG, JPEG, WebP or GIF of at most {AT_MOST}."
    )


class HandOverSerializer(serializers.Serializer):
    to = serializers.CharField(
        max_length=LONGEST,
        help_text="User name, or the name if only one person has it; `people/` lists them.",
    )
    note = serializers.CharField(max_length=LONGEST_HAND_OVER, allow_blank=True, default="")


class EndSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(
        choices=ENDS,
        error_messages={"invalid_choice": f"Use one of {', '.join(name for name, _ in ENDS)}."},
    )
    note = serializers.CharField(max_length=LONGEST_OUTCOME, allow_blank=True, default="")
