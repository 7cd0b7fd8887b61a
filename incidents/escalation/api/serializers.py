"""What the API says of escalation policies, and takes."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from incidents.escalation.contacts import Outcome
from incidents.models import EscalationPolicy, Rotation, StepSpec
from incidents.models.policies import MOST_ROUNDS
from incidents.models.steps import LONGEST_DELAY, MOST_STEPS
from incidents.models.teamwork import WORK
from portal.accounts.models import Team, User
from portal.architecture.models import Service
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.notifications.models import Channel, Urgency

KINDS = ("people", "teams", "rotations", "channels")  # in this order they are called
TARGETS = ("person", "team", "rotation", "channel")


def url_of(slug: str) -> str:
    return absolute(reverse("incidents:policy", args=[slug]))


def _known(rows: Any, help_text: str, slug_field: str = "slug") -> Any:
    return KnownSlugField(
        slug_field=slug_field, queryset=rows, many=True, required=False, help_text=help_text
    )


class EscalationStepSerializer(serializers.Serializer):
    """Whom a policy calls at the same time; at least one of the four lists names somebody."""

    delay_minutes = serializers.IntegerField(
        min_value=0,
        max_value=LONGEST_DELAY,
        default=5,
        help_text="After the step before; of the first step, after the incident opens.",
    )
    urgency = serializers.ChoiceField(
        choices=Urgency.choices,
        default=Urgency.HIGH.value,
        help_text="`high`: by all contact methods. An urgent severity makes every step high.",
    )
    people = _known(User.objects.who_may(WORK).distinct(), "User names.", "username")
    teams = _known(Team.objects.all(), "Slugs of teams: all their members.")
    rotations = _known(Rotation.objects.current(), "Slugs: whoever is on call then.")
    channels = _known(Channel.objects.all(), "Slugs of channels.")

    @staticmethod
    def spec(given: dict[str, Any]) -> StepSpec:
        targets = tuple(each for kind in KINDS for each in given.get(kind, ()))
        about = {name: given[name] for name in ("delay_minutes", "urgency") if name in given}
        return StepSpec(targets, **about)


class PolicySerializer(Row):
    """Steps that call people one after another until somebody acknowledges."""

    slug = member(serializers.SlugField(), "slug")
    name = member(serializers.CharField(help_text="As people call it."), "name")
    description = member(serializers.CharField(help_text="May be empty."), "description")
    team = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team; null: none."),
        "team__slug",
    )
    is_default_of_team = member(
        serializers.BooleanField(
            help_text="Whether it is for services of the team that have no policy."
        ),
        "is_default_of_team",
    )
    rounds = member(
        serializers.IntegerField(help_text="How often the steps are gone through."), "rounds"
    )
    wait_minutes = member(
        serializers.IntegerField(
            help_text="After the last step, until the next round, the next policy or the end."
        ),
        "wait_minutes",
    )
    continues_with = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the policy that goes on; null: none."
        ),
        "continues_with__slug",
    )
    is_catch_all = member(
        serializers.BooleanField(help_text="Whether every policy ends with it."), "is_catch_all"
    )
    services = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs of the services that use it."
    )
    steps = EscalationStepSerializer(many=True, help_text="In their order.")
    archived_at = member(serializers.DateTimeField(allow_null=True), "archived_at")
    etag = serializers.CharField()
    url = member(serializers.CharField(help_text="The page for people."), "slug", made=url_of)


class WritePolicySerializer(serializers.Serializer):
    slug = serializers.SlugField(
        max_length=longest(EscalationPolicy, "slug"),
        required=False,
        help_text="In addresses; made of the name if it is not sent. It never changes.",
    )
    name = serializers.CharField(
        max_length=longest(EscalationPolicy, "name"), help_text="Its name."
    )
    description = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="What it is for."
    )
    team = KnownSlugField(
        slug_field="slug",
        queryset=Team.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug of the team.",
    )
    is_default_of_team = serializers.BooleanField(
        required=False, help_text="Use it for services of the team that have no policy."
    )
    rounds = serializers.IntegerField(
        min_value=1,
        max_value=MOST_ROUNDS,
        required=False,
        help_text="How often the steps are gone through; 2 if not said.",
    )
    wait_minutes = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_DELAY,
        required=False,
        help_text="After the last step; 5 if not said.",
    )
    continues_with = KnownSlugField(
        slug_field="slug",
        queryset=EscalationPolicy.objects.current(),
        allow_null=True,
        required=False,
        help_text="Slug of the policy that goes on when nobody answered.",
    )
    is_catch_all = serializers.BooleanField(
        required=False, help_text="End every policy with it; one policy at a time."
    )
    services = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        many=True,
        required=False,
        help_text="Slugs of the services that use it, whatever policy they had.",
    )
    steps = EscalationStepSerializer(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=MOST_STEPS,
        help_text="All of them; they take the place of those before.",
    )


def about(given: dict[str, Any]) -> dict[str, Any]:
    """What the verbs take, of what was sent."""
    found = dict(given)
    if "steps" in found:
        found["steps"] = [EscalationStepSerializer.spec(dict(each)) for each in found["steps"]]
    return found


class WaySerializer(serializers.Serializer):
    """One way by which somebody would be reached. Without the right to change policies, of others:
    one of each kind that arrives, without its address.
    """

    kind = serializers.CharField(help_text="`mail`, `service` or `webhook`.")
    reaches = serializers.CharField(help_text="What it reaches; empty: you may not know.")
    outcome = serializers.ChoiceField(
        choices=[each.value for each in Outcome],
        help_text="`silent`: it arrives and wakes nobody; `held`: until quiet hours end.",
    )
    detail = serializers.CharField(help_text="Why; may be empty.")


class CalledSerializer(serializers.Serializer):
    """A person or channel that would get the message."""

    name = serializers.CharField(help_text="As people know them.")
    username = serializers.CharField(allow_null=True, help_text="Of a person; null: a channel.")
    is_reached = serializers.BooleanField(help_text="Whether any way leads there.")
    ways = WaySerializer(many=True, help_text="In the order in which they are tried.")


class AimedSerializer(serializers.Serializer):
    """One target of a step, and who is behind it then."""

    kind = serializers.ChoiceField(choices=TARGETS, help_text="What it is.")
    name = serializers.CharField(help_text="What the step aims at.")
    called = CalledSerializer(many=True, help_text="Empty: nobody.")
    reason = serializers.CharField(help_text="Why it is nobody; else empty.")


class DryStepSerializer(serializers.Serializer):
    """One step at the minute at which it would be taken."""

    minute = serializers.IntegerField(help_text="After the incident opens.")
    at = serializers.DateTimeField(help_text="The same by the clock.")
    policy = serializers.CharField(help_text="Slug of the policy.")
    round = serializers.IntegerField(help_text="From 1.")
    step = serializers.IntegerField(help_text="From 1.")
    urgency = serializers.ChoiceField(choices=Urgency.choices, help_text="Of its messages.")
    is_skipped = serializers.BooleanField(help_text="It reaches nobody, and nobody waits for it.")
    targets = AimedSerializer(many=True, help_text="Whom it calls.")


class FindingSerializer(serializers.Serializer):
    """One thing to put right before an incident finds out."""

    kind = serializers.CharField(help_text="Such as `gap`, `unreachable` or `loop`.")
    detail = serializers.CharField(help_text="In a sentence.")
    is_bad = serializers.BooleanField(help_text="Whether somebody would not be called.")


class DryRunSerializer(serializers.Serializer):
    """Who would be called, minute by minute, if nobody answered. Nothing is sent."""

    policy = serializers.CharField(help_text="Slug of the policy.")
    severity = serializers.CharField(help_text="SEV1 to SEV5.")
    at = serializers.DateTimeField(help_text="When the incident would open.")
    verdict = serializers.ChoiceField(choices=("ok", "warn", "bad"), help_text="How good it is.")
    title = serializers.CharField(help_text="The verdict in a sentence.")
    detail = serializers.CharField(help_text="What it rests on.")
    steps = DryStepSerializer(many=True, help_text="In their order; empty: nobody is called.")
    ends_at = serializers.DateTimeField(help_text="When all operators are called in the end.")
    again_at = serializers.DateTimeField(
        allow_null=True, help_text="When it starts again after that; null: never."
    )
    findings = FindingSerializer(many=True, help_text="What is wrong with the policy now.")
