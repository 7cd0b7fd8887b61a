"""What the API says of heartbeats, and takes."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data import clock
from portal.core.data.columns import longest
from portal.core.data.schedules import LONGEST_CRON
from portal.core.web.address import absolute
from portal.monitoring.models import FlipReason, Heartbeat, HeartbeatState, Signal
from portal.monitoring.models.heartbeats import LONGEST_SPAN
from runbooks.models import Runbook

MOST_SECONDS = int(LONGEST_SPAN.total_seconds())
PING_URL = "What the job calls; null for who may not change heartbeats, and when repeated."
SPANS = {
    "every_seconds": "every",
    "grace_seconds": "grace",
    "shortest_seconds": "shortest",
    "longest_seconds": "longest",
}


def seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def exact_seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 3)


def _url(pk: int) -> str:
    return absolute(reverse("monitoring:heartbeat", args=[pk]))


def _badge(key) -> str:
    return absolute(reverse("badge", args=[key]))


def _text(body) -> str:
    return bytes(body).decode(errors="replace")


class HeartbeatSerializer(Row):
    """A job that has to report by itself, and how it stands."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="What runs."), "name")
    slug = member(serializers.CharField(help_text="For `/ping/<key>/<slug>`."), "slug")
    state = member(
        serializers.ChoiceField(
            choices=HeartbeatState.choices, help_text="Of several instances the worst counts."
        ),
        "state",
    )
    every_seconds = member(
        serializers.IntegerField(allow_null=True, help_text="Its period; null: it has a cron."),
        "every",
        made=seconds,
    )
    cron = member(serializers.CharField(help_text="Five fields; empty: it has a period."), "cron")
    zone = member(serializers.CharField(help_text="The time zone of `cron`."), "zone")
    grace_seconds = member(
        serializers.IntegerField(help_text="How late it may be before it is down."),
        "grace",
        made=seconds,
    )
    shortest_seconds = member(
        serializers.IntegerField(
            allow_null=True, help_text="A run that succeeds sooner is suspicious; null: none is."
        ),
        "shortest",
        made=seconds,
    )
    longest_seconds = member(
        serializers.IntegerField(
            allow_null=True, help_text="How long a run may go on; null: as long as the grace."
        ),
        "longest",
        made=seconds,
    )
    manual_resume = member(
        serializers.BooleanField(help_text="Whether a ping does not end a pause."),
        "manual_resume",
    )
    service = member(
        serializers.CharField(allow_null=True, help_text="Slug; null: none."), "service__slug"
    )
    owner = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the team that is told; null: that of the service."
        ),
        "owner__slug",
    )
    runbook = member(
        serializers.CharField(allow_null=True, help_text="Slug; null: none."), "runbook__slug"
    )
    instances = member(serializers.IntegerField(help_text="How many report under it."), "hosts")
    instances_down = member(
        serializers.IntegerField(help_text="How many of them are down."), "hosts_down"
    )
    last_run_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When a run last ended; null: never."),
        "seen_at",
    )
    next_at = member(
        serializers.DateTimeField(
            allow_null=True, help_text="When it has to report next; null: nothing is expected."
        ),
        "next_at",
    )
    paused_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Since when; null: it is not paused."),
        "paused_at",
    )
    paused_until = member(
        serializers.DateTimeField(allow_null=True, help_text="When the pause ends; null: open."),
        "paused_until",
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    ping_url = serializers.CharField(allow_null=True, help_text=PING_URL)
    badge_url = member(
        serializers.CharField(help_text="A picture of the state, for everybody who knows it."),
        "badge_key",
        made=_badge,
    )
    etag = serializers.CharField()
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)

    @classmethod
    def annotated(cls, rows):
        return rows.standing(clock.now())


class PingSerializer(Row):
    """One sign of life."""

    id = member(serializers.IntegerField(), "pk")
    n = member(serializers.IntegerField(help_text="Its number, of its instance."), "n")
    instance = member(
        serializers.CharField(help_text="Who reported; empty: the only one."), "instance__name"
    )
    signal = member(
        serializers.ChoiceField(choices=Signal.choices, help_text="What it says."), "signal"
    )
    exit_status = member(
        serializers.IntegerField(allow_null=True, help_text="0 to 255; null: none was sent."),
        "exit_status",
    )
    at = member(serializers.DateTimeField(), "at")
    duration_seconds = member(
        serializers.FloatField(
            allow_null=True, help_text="Of the run that it ended; null: not measured."
        ),
        "duration",
        made=exact_seconds,
    )
    verdict = member(
        serializers.CharField(
            help_text="What is odd about how long the run took: `short`, `long`; empty: nothing."
        ),
        "verdict",
    )
    rid = member(
        serializers.UUIDField(allow_null=True, help_text="Id of the run; null: none was sent."),
        "rid",
    )
    method = member(serializers.CharField(help_text="GET, HEAD or POST."), "method")
    address = member(
        serializers.CharField(allow_null=True, help_text="Where it came from; null: unknown."),
        "address",
    )
    agent = member(serializers.CharField(help_text="The client, as it calls itself."), "agent")
    size = member(serializers.IntegerField(help_text="Bytes of the body that are kept."), "size")
    body = member(
        serializers.CharField(
            help_text="What came with it; `(removed)` if newer ones needed the room."
        ),
        "body",
        made=_text,
        heavy=True,
        usual=False,
    )


class FlipSerializer(Row):
    """One change of the state."""

    id = member(serializers.IntegerField(), "pk")
    instance = member(
        serializers.CharField(allow_null=True, help_text="Whose; null: of the heartbeat."),
        "instance__name",
    )
    before = member(
        serializers.ChoiceField(choices=HeartbeatState.choices, help_text="The old state."),
        "before",
    )
    after = member(
        serializers.ChoiceField(choices=HeartbeatState.choices, help_text="The new state."), "after"
    )
    reason = member(
        serializers.ChoiceField(choices=FlipReason.choices, help_text="Why it changed."), "reason"
    )
    at = member(serializers.DateTimeField(), "at")
    by = member(
        serializers.CharField(
            allow_null=True, help_text="As colleagues know them; null: nobody did."
        ),
        *names_of("by"),
        made=shown_name,
    )
    by_user = member(serializers.CharField(allow_null=True, help_text="User name."), "by__username")


# What is taken


class SpanField(serializers.IntegerField):
    """A length of time in seconds."""

    def __init__(self, **more: Any):
        super().__init__(**{"min_value": 1, "max_value": MOST_SECONDS, **more})


class WriteHeartbeatSerializer(serializers.Serializer):
    """A period or a cron expression, one of both; the other one goes."""

    name = serializers.CharField(max_length=longest(Heartbeat, "name"), help_text="What runs.")
    slug = serializers.RegexField(
        r"^[a-z0-9_-]*$",
        max_length=longest(Heartbeat, "slug"),
        required=False,
        allow_blank=True,
        help_text="For `/ping/<key>/<slug>`; empty: made of the name.",
    )
    every_seconds = SpanField(
        min_value=10, required=False, allow_null=True, help_text="Its period."
    )
    cron = serializers.CharField(
        max_length=LONGEST_CRON,
        required=False,
        allow_blank=True,
        help_text="Five fields, or one of @hourly, @daily, @weekly, @monthly, @yearly.",
    )
    zone = serializers.CharField(
        max_length=64, required=False, help_text="The time zone of `cron`, such as Europe/Riga."
    )
    grace_seconds = SpanField(required=False, help_text="How late it may be before it is down.")
    shortest_seconds = SpanField(
        required=False, allow_null=True, help_text="A run that succeeds sooner is suspicious."
    )
    longest_seconds = SpanField(
        required=False, allow_null=True, help_text="How long a run may go on."
    )
    manual_resume = serializers.BooleanField(
        required=False, help_text="Whether a ping does not end a pause."
    )
    service = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug of the service.",
    )
    owner = KnownSlugField(
        slug_field="slug",
        queryset=Team.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug of the team that is told.",
    )
    runbook = KnownSlugField(
        slug_field="slug",
        queryset=Runbook.objects.current().published(),
        allow_null=True,
        required=False,
        help_text="Slug of the runbook for when it is down.",
    )


def about(given: dict[str, Any]) -> dict[str, Any]:
    """What the verbs take, of what was sent."""
    found = {SPANS.get(name, name): value for name, value in given.items()}
    for name in SPANS.values():
        if found.get(name) is not None:
            found[name] = timedelta(seconds=found[name])
    if found.get("cron") and "every" not in found:
        found["every"] = None
    if found.get("every") and "cron" not in found:
        found["cron"] = ""
    return found


class PauseSerializer(serializers.Serializer):
    until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the pause ends; null: nobody knows yet."
    )
