"""All verbs in any order: no impossible state, and the timeline explains every change."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from incidents.models import Escalation, Incident, Relation
from portal.core.problems import DomainError
from tests.incidents.world import declare, make_policy, make_service, severity

pytestmark = [pytest.mark.django_db, pytest.mark.long]
NOW = timezone.now()
MOST = 4  # incidents
WHICH = st.integers(0, MOST - 1)
WHO = st.sampled_from(["rita", "olga"])
LEVELS = st.integers(1, 5)
STATES = st.sampled_from(["investigate", "identify", "mitigate"])
SEEN = ("state", "level", "title", "is_restricted", "acknowledged_by_id", "merged_into_id")


class Responders(RuleBasedStateMachine):
    """Two people who do anything with any of a few incidents, and an engine that calls again."""

    people: dict
    service: object
    policy: object

    def __init__(self):
        super().__init__()
        self.point = transaction.savepoint()
        self.minutes = 0
        self.rows: list[int] = []
        self.known: dict[int, tuple] = {}
        self.declare(2, "rita")

    def teardown(self):
        transaction.savepoint_rollback(self.point)

    def act(self, which: int, verb: str, **given) -> None:
        """What is refused changes nothing: then the invariants hold, too."""
        incident = Incident.objects.get(pk=self.rows[which % len(self.rows)])
        self.minutes += 3
        with suppress(DomainError):
            getattr(incident, verb)(at=NOW + timedelta(minutes=self.minutes), **given)

    @rule(level=LEVELS, who=WHO)
    def declare(self, level, who):
        if len(self.rows) < MOST:
            at = NOW + timedelta(minutes=self.minutes)
            group = f"g{len(self.rows) % 2}" if len(self.rows) > 1 else ""
            if not Incident.objects.of_group(group).exists() or not group:
                about = {"services": [self.service], "group_key": group, "at": at}
                self.rows.append(declare(self.people[who], level=level, **about).pk)

    @rule(which=WHICH, who=WHO)
    def acknowledge(self, which, who):
        self.act(which, "acknowledge", by=self.people[who])

    @rule(which=WHICH, who=WHO, other=st.booleans())
    def escalate(self, which, who, other):
        self.act(which, "escalate", by=self.people[who], policy=self.policy if other else None)

    @rule(which=WHICH)
    def fall_idle(self, which):
        self.minutes += 90
        self.act(which, "call_again")

    @rule(which=WHICH, who=WHO, level=LEVELS)
    def change_severity(self, which, who, level):
        self.act(which, "change_severity", to=severity(level), by=self.people[who])

    @rule(which=WHICH, who=WHO, verb=STATES)
    def say_state(self, which, who, verb):
        self.act(which, verb, by=self.people[who])

    @rule(which=WHICH, who=WHO)
    def resolve(self, which, who):
        self.act(which, "resolve", by=self.people[who], text="Done")

    @rule(which=WHICH, who=WHO, text=st.sampled_from(["", "Nothing"]))
    def close(self, which, who, text):
        self.act(which, "close", by=self.people[who], text=text)

    @rule(which=WHICH, who=WHO)
    def reopen(self, which, who):
        self.act(which, "reopen", by=self.people[who], reason="Back")

    @rule(which=WHICH, other=WHICH, who=WHO, verb=st.sampled_from(["merge", "relate"]))
    def join(self, which, other, who, verb):
        to = Incident.objects.get(pk=self.rows[other % len(self.rows)])
        self.act(which, verb, **{"into" if verb == "merge" else "other": to}, by=self.people[who])

    @rule(which=WHICH, who=WHO, to=st.sampled_from(["rita", "olga", None]))
    def assign(self, which, who, to):
        person = self.people[to] if to else None
        self.act(which, "assign", role="commander", to=person, by=self.people[who])

    @rule(which=WHICH, who=WHO, affected=st.booleans())
    def affect(self, which, who, affected):
        verb = "affect" if affected else "spare"
        self.act(which, verb, service=self.service, by=self.people[who])

    @rule(which=WHICH, who=WHO, title=st.sampled_from(["A", "B", ""]))
    def change(self, which, who, title):
        if title:
            self.act(which, "change", changes={"title": title}, by=self.people[who])
        else:
            self.act(which, "restrict", by=self.people[who])

    @invariant()
    def the_timeline_explains_it(self):
        for row in self.all():
            entries = [*row.entries.order_by("pk")]
            assert replayed(entries) == (row.state, row.level), [each.text for each in entries]
            seen = tuple(getattr(row, name) for name in SEEN)
            before, count = self.known.get(row.pk, (seen, 0))
            assert seen == before or len(entries) > count
            self.known[row.pk] = seen, len(entries)

    @invariant()
    def it_is_possible(self):
        for row in self.all():
            running = {each.kind for each in row.clocks.running()}
            assert running <= ({"acknowledge", "notice", "update"} if row.is_open else {"review"})
            assert row.state != "closed" or not running
            assert row.is_open or not row.escalations.running().exists()
            assert row.idle_at is None or (row.is_open and row.acknowledged_at)
            for asks in row.clocks.running().filter(kind="acknowledge"):  # anew, when it is worse
                assert not row.acknowledged_at or asks.started_at > row.acknowledged_at
            assert "acknowledge" not in running or not row.is_ticket
            assert row.assignments.filter(role="commander", until=None).count() <= 1
            assert row.active_at >= row.declared_at
            self.it_leads_to_an_end(row)
        assert Relation.objects.count() <= MOST * (MOST - 1) / 2

    def it_leads_to_an_end(self, row):
        """What was merged leads to what was not, without a circle."""
        seen = [row.pk]
        while row.merged_into_id:
            assert row.state == "closed"
            row = row.merged_into
            assert row.pk not in seen
            seen.append(row.pk)

    @invariant()
    def somebody_is_called_or_has_it(self):
        """What is open, calls people and was acknowledged by nobody has a calling or a clock."""
        waiting = Incident.objects.unacknowledged().filter(pk__in=self.rows)
        for row in waiting:
            called = Escalation.objects.running().filter(incident=row).exists()
            assert called or row.is_ticket

    def all(self):
        return Incident.objects.filter(pk__in=self.rows)


def replayed(entries) -> tuple[str, int]:
    """State and severity, by what the entries tell programs."""
    state, level = "investigating", 0
    for entry in entries:
        if entry.kind == "declared":
            level = entry.about["to"]
        if entry.kind == "severity":
            assert entry.about["from"] == level
            level = entry.about["to"]
        if entry.kind == "state":
            assert entry.about["from"] == state
            state = entry.about["to"]
    return state, level


def test_no_order_of_verbs_leads_to_an_impossible_state(rita, olga):
    Responders.people = {"rita": rita, "olga": olga}
    Responders.policy = make_policy(rita, olga)
    Responders.service = make_service(policy=Responders.policy)
    rules = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Responders, settings=rules)
