"""The verbs that move an incident from its opening to its end. Each is safe against a second click:
what is so already is answered with False, and changes nothing."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from incidents import notices
from incidents.problems import WrongState
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused
from portal.search import index

from .amendments import may_name
from .choices import OPEN, ClockKind, EntryKind, IncidentState, Role
from .clocks import Clock
from .entries import Entry, entry_of
from .escalations import Escalation
from .incident_queries import idle_after
from .participants import Participant
from .plans import first
from .policies import EscalationPolicy
from .severities import Severity, name_of

NO_PLAN = "No escalation policy calls anybody."
MERGED = "Merged into another incident"  # which one is said to those who may see that
ENDED = ("mitigated_at", "resolved_at", "closed_at", "acknowledged_at", "acknowledged_by")
RUNNING = (ClockKind.ACKNOWLEDGE, ClockKind.NOTICE, ClockKind.UPDATE)


class Lifecycle(Versioned):
    """Each verb takes the incident's lock, so that two people act one after the other."""

    READ_AGAIN = None  # each verb depends on the state that it finds under the lock

    pk: Any
    state: str
    level: int
    terms: dict
    plan: list
    is_open: Any
    is_over: Any
    is_ticket: Any
    acknowledged_at: Any
    acknowledged_by: Any
    acknowledged_by_id: Any
    get_state_display: Any
    name: Any
    title: str
    outcome: str
    group_key: str
    revision: int
    is_drill: bool
    resolved_at: Any
    merged_into: Any
    merged_into_id: Any
    objects: Any
    assignments: Any
    affected: Any
    clocks: Any
    escalations: Any
    incident_alerts: Any
    incident_runs: Any
    participants: Any
    _acknowledge_alerts: Any

    class Meta:
        abstract = True

    # Somebody has it

    @transaction.atomic
    def acknowledge(self, *, by, at: datetime | None = None, how: str = "") -> bool:
        """Say that you have it: nobody else is called. False: somebody has it already.

        `how`: by what, such as the link in a message. Raises WrongState once it is over.
        """
        at = at or clock.now()
        self._take_turn()
        self._require_open("acknowledge")
        runs = Escalation.objects.stop(self, at=at)
        runs += Clock.objects.meet(self, ClockKind.ACKNOWLEDGE, at=at)
        if self.acknowledged_at and not runs:
            return False
        first = {} if self.acknowledged_at else {"acknowledged_at": at, "acknowledged_by": by}
        self._change(**first, idle_at=idle_after(self.terms, at), active_at=at)
        Participant.objects.join(self, [by], at=at)
        self._acknowledge_alerts(by=by, at=at)
        self._add(EntryKind.ACKNOWLEDGED, how, by=by, at=at)
        if not self.holder(Role.COMMANDER):
            self._give(Role.COMMANDER, by, at=at)
        record(self, "acknowledge", by=by)
        return True

    @transaction.atomic
    def escalate(self, *, by, policy=None, reason: str = "", at: datetime | None = None) -> None:
        """Call the next ones now; with a policy, call by that one instead. Raises WrongState."""
        at = at or clock.now()
        self._take_turn()
        self._require_open("escalate")
        self._require_plan(policy)
        name = policy.name if policy else ""
        self._add(EntryKind.ESCALATED, _joined(name, reason), by=by, at=at)
        if policy or not Escalation.objects.hurry(self, at=at):
            self._call(policy.plan() if policy else self.plan, at=at)
        self._touch(at)
        record(self, "escalate", by=by)

    def _require_plan(self, policy) -> None:
        if not first(policy.plan() if policy else self._plan_now()):
            raise Refused("The policy has no steps: there is nobody to call.", pointer="/policy")

    @transaction.atomic
    def call_again(self, *, at: datetime) -> bool:
        """It was acknowledged and then nothing happened: start from the top. For the engine."""
        mine = type(self).objects.idle(at).filter(pk=self.pk)
        if not mine.update(idle_at=None):
            return False
        self.refresh_from_db()
        self._add(EntryKind.ESCALATED, "Nothing happened since it was acknowledged.", at=at)
        self._call(self.plan, at=at)
        return True

    @transaction.atomic
    def repeat_calls(self, *, at: datetime) -> bool:
        """Nobody answered, and it has lain idle since: start from the top. For the engine."""
        self._take_turn()
        mine = Escalation.objects.to_repeat(at).filter(incident=self)
        if not mine.update(again_at=None) or not self.is_open:
            return False
        said = "Nobody has answered: everybody is called again."
        self._add(EntryKind.ESCALATED, said if first(self._plan_now()) else NO_PLAN, at=at)
        self._call(self.plan, at=at)
        return True

    def note_late(self, late: Clock, *, at: datetime) -> None:
        """Say that a clock has run out; where nobody has it and nobody is called, call again."""
        self._take_turn()
        about = {"clock": late.kind, "due_at": late.due_at.isoformat()}
        self._add(EntryKind.CLOCK, f"{late} is late", at=at, about=about)
        waits = self.is_open and not self.acknowledged_at and not self.is_ticket
        if waits and late.kind in RUNNING and not self._is_calling():
            self._add(EntryKind.ESCALATED, "Nobody has acknowledged it.", at=at)
            self._call(self.plan, at=at)

    def _call(self, plan: list, *, at: datetime) -> None:
        self._change(idle_at=None)
        if not Escalation.objects.start(self, plan if first(plan) else self._plan_now(), at=at):
            notices.nobody_to_call(self)

    def _plan_now(self) -> list:
        """Its own; where that has no step, by the catch-all as it is now."""
        policy = None if first(self.plan) else EscalationPolicy.objects.catch_all()
        return policy.plan() if policy else self.plan

    # How bad

    @transaction.atomic
    def change_severity(
        self, to: Severity, *, by, reason: str = "", at: datetime | None = None
    ) -> bool:
        """Go by another severity from now on: its clocks start anew, and it calls if it has to.

        A worse one calls people again although somebody has acknowledged. False: it has that one.
        """
        at = at or clock.now()
        self._take_turn()
        self._require_open("change the severity of")
        before = self.level
        if before == to.level:
            return False
        was_ticket = self.is_ticket
        self._change(level=to.level, terms=to.terms(), active_at=at)
        text = _joined(f"{name_of(before)} to {name_of(to.level)}", reason)
        self._add(EntryKind.SEVERITY, text, by=by, at=at, about={"from": before, "to": to.level})
        self._restart_clocks(at, is_worse=to.level < before)
        if self.is_ticket:
            Escalation.objects.stop(self, at=at)
        elif was_ticket or to.level < before:
            self._call(self.plan, at=at)
        record(self, "change_severity", by=by, level=(before, to.level))
        index.put(self)
        return True

    def _restart_clocks(self, at: datetime, *, is_worse: bool) -> None:
        """Of what was not done yet. What was met stays met, but for what runs again since then;
        whoever had it is asked again when it is worse.
        """
        newest = {each.kind: each for each in self.clocks.order_by("started_at", "pk")}
        anew = {ClockKind.UPDATE, *([ClockKind.ACKNOWLEDGE] if is_worse else [])}
        for kind in RUNNING:
            if kind in anew or kind not in newest or not newest[kind].met_at:
                Clock.objects.start(self, kind, at=at)
        if self.is_ticket:
            Clock.objects.stop(self, ClockKind.ACKNOWLEDGE, at=at)

    # Where it stands

    def investigate(self, *, by, text: str = "", at: datetime | None = None) -> bool:
        """The cause is open again."""
        return self._move(IncidentState.INVESTIGATING, by, text, at)

    def identify(self, *, by, text: str = "", at: datetime | None = None) -> bool:
        """The cause is known."""
        return self._move(IncidentState.IDENTIFIED, by, text, at)

    def mitigate(self, *, by, text: str = "", at: datetime | None = None) -> bool:
        """It hurts nobody any more; watched until it is resolved."""
        return self._move(IncidentState.MONITORING, by, text, at)

    @transaction.atomic
    def _move(self, to: str, by, text: str, at: datetime | None) -> bool:
        at = at or clock.now()
        self._take_turn()
        self._require_open("change the state of")
        if self.state == to:
            return False
        mitigated = {"mitigated_at": at} if to == IncidentState.MONITORING else {}
        self._say_state(to, by, text, at, **mitigated)
        self._touch(at)
        return True

    @transaction.atomic
    def resolve(self, *, by, text: str = "", at: datetime | None = None) -> bool:
        """All is well again: nobody is called, nothing is due but the review. False: it is."""
        at = at or clock.now()
        self._take_turn()
        if self.state == IncidentState.RESOLVED:
            return False
        self._require_open("resolve")
        self._end(IncidentState.RESOLVED, by, text, at, resolved_at=at)
        if not self.is_drill_or_ticket:
            Clock.objects.start(self, ClockKind.REVIEW, at=at)
        notices.resolved(self, by=by)
        return True

    @transaction.atomic
    def close(self, *, by, text: str = "", at: datetime | None = None) -> bool:
        """Nothing is left to do. What is still open is closed without a review: say why."""
        at = at or clock.now()
        self._take_turn()
        if self.state == IncidentState.CLOSED:
            return False
        if self.is_open and not text.strip():
            raise Refused("Say why it is closed before it was resolved.", pointer="/text")
        resolved = {"resolved_at": at} if self.is_open else {}
        self._end(IncidentState.CLOSED, by, text, at, **resolved, closed_at=at)
        Clock.objects.stop(self, ClockKind.REVIEW, at=at)
        return True

    @transaction.atomic
    def reopen(self, *, by, reason: str, at: datetime | None = None) -> bool:
        """It is not over: its clocks run again, and people are called. False: it is open."""
        at = at or clock.now()
        self._take_turn()
        if self.is_open:
            return False
        if self.merged_into_id:
            raise WrongState(f"{self.name} was merged: reopen {self._merged_name(by)} instead.")
        if not reason.strip():
            raise Refused("Say what came back.", pointer="/reason")
        self._refuse_twin()
        fresh = {**dict.fromkeys(ENDED), "outcome": "", "active_at": at}
        self._say_state(IncidentState.INVESTIGATING, by, reason, at, **fresh)
        Clock.objects.stop(self, ClockKind.REVIEW, at=at)
        kinds = (ClockKind.UPDATE,) if self.is_ticket else (ClockKind.ACKNOWLEDGE, ClockKind.UPDATE)
        for kind in kinds:
            Clock.objects.start(self, kind, at=at)
        if not self.is_ticket:
            self._call(self.plan, at=at)
        index.put(self)
        return True

    def _merged_name(self, person) -> str:
        """That it was merged into, unless this person may not know of it."""
        into = self.merged_into
        return into.name if person and into.is_visible_to(person) else "the other one"

    @transaction.atomic
    def merge(self, into, *, by, at: datetime | None = None) -> bool:
        """It is the same as another one, which gets its alerts, services and people.

        False: it was merged into that one already. Raises Refused and WrongState.
        """
        at = at or clock.now()
        if into.pk == self.pk:
            raise Refused("It cannot be merged into itself.", pointer="/into")
        for each in sorted((self, into), key=lambda row: row.pk):
            each._take_turn()
        if self.merged_into_id == into.pk:
            return False
        self._refuse_merge(into)
        self._hand_to(into, at)
        done = {"resolved_at": self.resolved_at or at, "closed_at": at, "merged_into": into}
        self._end(IncidentState.CLOSED, by, MERGED, at, **done)
        if may_name(into, self):
            into._add(EntryKind.MERGED, self.name, by=by, at=at, about={"incident": self.pk})
        into._touch(at)
        return True

    def _refuse_merge(self, into) -> None:
        for each in (self, into):
            if each.merged_into_id:
                detail = f"{each.name} was merged already: merge the one that has its alerts."
                raise WrongState(detail)
        if into.is_over:
            raise WrongState(f"{into.name} is over: reopen it first.")

    def _hand_to(self, into, at: datetime) -> None:
        self.incident_alerts.update(incident=into)
        self.incident_runs.update(incident=into)
        known = into.affected.values("service")
        self.affected.exclude(service__in=known).update(incident=into)
        Participant.objects.join(into, [each.person for each in self._participants()], at=at)

    def _participants(self):
        return self.participants.select_related("person")

    def _refuse_twin(self) -> None:
        twin = type(self).objects.of_group(self.group_key).first()
        if self.group_key and twin:
            name = "Another incident" if twin.is_restricted else twin.name
            raise WrongState(f"{name} is open for the same alerts: work on that one.")

    # What every verb needs

    def _end(self, to: str, by, text: str, at: datetime, **times: Any) -> None:
        Escalation.objects.stop(self, at=at)
        Clock.objects.stop(self, *RUNNING, at=at)
        ended_before = self.is_over and self.outcome  # how it ended stays when it is closed
        outcome = {"outcome": text.strip()} if text.strip() and not ended_before else {}
        self._say_state(to, by, text, at, **times, **outcome, idle_at=None, active_at=at)
        index.put(self)

    def _say_state(self, to: str, by, text: str, at: datetime, **changed: Any) -> None:
        before = self.state
        self._change(state=to, **changed)
        about = {"from": before, "to": to}
        said = _joined(self.get_state_display(), text)
        self._add(EntryKind.STATE, said, by=by, at=at, about=about)
        record(self, to, by=by, state=(before, to))

    def _touch(self, at: datetime) -> None:
        """Somebody did something: an acknowledged one is not idle."""
        acknowledged = self.acknowledged_at and not self._is_calling()
        idle_at = idle_after(self.terms, at) if acknowledged and self.is_open else None
        self._change(active_at=at, idle_at=idle_at)

    def _is_calling(self) -> bool:
        return (self.escalations.running() | self.escalations.unanswered()).exists()

    def take_turn(self) -> None:
        """For what changes rows of it, in the caller's transaction: its lock comes first."""
        self._take_turn()

    def _take_turn(self) -> None:
        """The row's lock, and all of it as it stands; its mark moves on with each entry."""
        self.claim(None, to=models.F("revision"))

    def _change(self, **changed: Any) -> None:
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=[*changed])

    def _require_open(self, verb: str) -> None:
        if self.state not in OPEN:
            state = self.get_state_display().lower()
            raise WrongState(f"{self.name} is {state}: reopen it to {verb} it.")

    def _add(self, kind: str, text: str = "", *, by=None, at: datetime, **more: Any) -> Entry:
        entry = entry_of(self, kind, text.strip(), by=by, at=at, **more)
        entry.save()
        self._change(revision=self.revision + 1)  # under the lock
        return entry

    def holder(self, role: str):
        """The person in this role now, or None."""
        row = self.assignments.filter(role=role, until=None).select_related("person").first()
        return row.person if row else None

    def _give(self, role: str, person, *, at: datetime) -> None:
        self.assignments.filter(role=role, until=None).update(until=at)
        name = person.display_name[:150]
        self.assignments.create(role=role, person=person, person_name=name, since=at)

    @property
    def is_drill_or_ticket(self) -> bool:
        return bool(self.is_drill or self.is_ticket)


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, (part.strip() for part in parts)))
