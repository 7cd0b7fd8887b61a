"""Of any policies at all: an escalation ends, loud, and whoever can be reached was called."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.escalation.dry_run import DryRun
from incidents.models import (
    Call,
    Escalation,
    EscalationPolicy,
    EscalationTarget,
    Incident,
    Rotation,
)
from portal.accounts.models import Team
from portal.notifications.models import Channel, Delivery
from tests.incidents.world import declare, severity

from .conftest import NOW, told, work_until

pytestmark = pytest.mark.django_db

# What a step may aim at; only "good", "team" and "channel" lead to anybody
AIMS = ("good", "mute", "gone", "closed", "reader", "team", "empty", "nobody", "channel", "off")
REACHED = {"good", "team", "channel"}
STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.lists(st.sampled_from(AIMS), max_size=3)), max_size=3
)
POLICIES = st.lists(
    st.fixed_dictionaries(
        {
            "steps": STEPS,
            "rounds": st.integers(1, 3),
            "after": st.none() | st.integers(0, 2),  # cycles included
        }
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture
def aims(rita, paul, alice, nina, olga):
    """Everything that a step may aim at, as the columns of a target."""
    paul.email = ""
    paul.save()
    alice.is_active = False
    alice.save()
    team, empty = (Team.objects.create(slug=slug, name=slug) for slug in ("shop", "empty"))
    team.members.set([rita, nina])
    rotation = Rotation.objects.make(by=olga, at=NOW, slug="r", name="R", time_zone="UTC")
    channels = [
        Channel.objects.add(by=None, name=name, kind="mail", address=f"{name}@example.org")[0]
        for name in ("on", "off")
    ]
    Channel.objects.filter(name="off").update(is_active=False)
    return {
        "good": {"person": rita},
        "mute": {"person": paul},
        "closed": {"person": alice},
        "reader": {"person": nina},
        "team": {"team": team},
        "empty": {"team": empty},
        "nobody": {"rotation": rotation},
        "channel": {"channel": channels[0]},
        "off": {"channel": channels[1]},
    }


def make(policies: list[dict], aims: dict) -> list[EscalationPolicy]:
    rows = []
    for number, about in enumerate(policies):
        row = EscalationPolicy.objects.create(
            slug=f"p{number}", name=f"P{number}", rounds=about["rounds"]
        )
        for position, (delay, names) in enumerate(about["steps"]):
            step = row.steps.create(position=position, delay_minutes=delay)
            rows_of = [EscalationTarget(step=step, **aims[name]) for name in names if name in aims]
            EscalationTarget.objects.bulk_create(rows_of)
        rows.append(row)
    for row, about in zip(rows, policies, strict=True):
        if about["after"] is not None and about["after"] < len(rows):
            row.continues_with = rows[about["after"]]
            row.save()
    return rows


def expected(policies: list[dict]) -> bool:
    """Whether anybody can be reached by the first policy and those after it."""
    seen, number = set(), 0
    while number is not None and number < len(policies) and number not in seen:
        seen.add(number)
        if any(REACHED & {*names} for _, names in policies[number]["steps"]):
            return True
        number = policies[number]["after"]
    return False


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(policies=POLICIES, has_last=st.booleans(), level=st.sampled_from([1, 3]))
def test_it_ends_with_the_operators_and_is_what_the_dry_run_said(aims, policies, has_last, level):
    rows = make(policies, aims)
    if has_last:
        last = EscalationPolicy.objects.create(slug="last", name="Last", is_catch_all=True)
        step = last.steps.create(position=0, delay_minutes=0)
        EscalationTarget.objects.create(step=step, **aims["good"])
    try:
        _check(rows[0], has_last or expected(policies), level)
    finally:
        for model in (Delivery, Call, Escalation, Incident, EscalationPolicy):
            model.objects.all().delete()


def idle_time(incident) -> timedelta:
    return timedelta(minutes=incident.terms["idle_minutes"])


def _check(policy: EscalationPolicy, is_reached: bool, level: int) -> None:
    dry = DryRun(policy.plan(), severity(level).terms(), NOW)
    incident = declare(None, level=level, policy=policy, at=NOW)

    work_until(10_000)

    calls = Call.objects.exclude(kind="operators")
    assert calls.filter(outcome="waiting").exists() == is_reached
    if not Escalation.objects.filter(turn__gt=0).exists():  # not a step in any of them
        assert Escalation.objects.get().again_at == NOW + idle_time(incident)
        assert told(incident) == [(0, "No escalation policy calls anybody.")]
        assert Delivery.objects.filter(key__startswith="incidents-nobody").exists()
        return
    ended = Escalation.objects.get()
    assert ended.state == "ended" and ended.again_at
    lines = told(incident)
    assert lines[-1] == (dry.minutes, "The policy has ended. All operators: Olga Operator")
    assert [minute for minute, _ in lines[:-1]] == [line.minute for line in dry.lines]
    assert Call.objects.get(kind="operators").person.username == "olga"
