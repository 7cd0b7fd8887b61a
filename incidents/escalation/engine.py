"""What the engine does to call people: a step that is due, what failed, what lies idle.

Each function does one unit, in one transaction, and says whether there was one.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from incidents import notices
from incidents.models import (
    Call,
    CallOutcome,
    Entry,
    EntryKind,
    Escalation,
    EscalationState,
    Participant,
    TargetKind,
)
from incidents.models.entries import entry_of
from incidents.models.plans import Place, following, pause, turn
from portal.accounts.models import User
from portal.core.data import crash_points
from portal.core.problems import Overtaken

from .audience import Aimed, Audience, Called, operators

log = logging.getLogger(__name__)


def take_due(now: datetime) -> bool:
    """Claim one escalation that is due, and take its step."""
    escalation = Escalation.claim(now)
    if escalation is None:
        return False
    try:
        take(escalation, now)
    except Overtaken as refusal:  # acknowledged meanwhile, or another engine has it
        log.info("%s: %s", escalation, refusal.detail)
    return True


def take(escalation: Escalation, at: datetime) -> None:
    """Call those of the next step that reaches anybody; after the last one, everybody.

    Raises Overtaken, and does nothing, if somebody acknowledged since it was claimed.
    """
    incident, plan = escalation.incident, escalation.plan
    but, is_restricted = _raised_by(escalation), incident.is_restricted
    audience = Audience(plan, incident.terms, at, is_restricted=is_restricted, but=but)
    skipped, place = turn(plan, escalation.place, lambda each: audience.reaches(each, at))
    with transaction.atomic():
        _move_on(escalation, place, at)
        crash_points.reach("stepped")
        for number, each in enumerate(skipped):
            step = Step(escalation, each, number, at)
            step.skip(audience.of(each, at), audience.urgency(each))
        if place is None:
            _end(escalation, at)
        else:
            step = Step(escalation, place, len(skipped), at)
            step.call(audience.of(place, at), audience.urgency(place))
        crash_points.reach("called")


def _raised_by(escalation: Escalation) -> int | None:
    """Who made it worse, for which these are called: they know, and call others."""
    rows = Entry.objects.of_kinds(EntryKind.SEVERITY).filter(incident=escalation.incident_id)
    return rows.filter(at=escalation.started_at).values_list("by", flat=True).first()


def _move_on(escalation: Escalation, place: Place | None, at: datetime) -> None:
    count = escalation.turn + 1
    if place is None:
        idle = escalation.incident.terms["idle_minutes"]
        again_at = at + timedelta(minutes=idle) if idle else None
        ended = {"state": EscalationState.ENDED, "ended_at": at, "again_at": again_at}
        escalation.conclude(turn=count, **escalation.at_place(None), **ended)
        return
    after = escalation.at_place(following(escalation.plan, place))
    due_at = at + pause(escalation.plan, place)
    escalation.conclude(turn=count, due_at=due_at, **after)


class Step:
    """One step as it is taken: its calls, its line in the timeline, its messages."""

    def __init__(self, escalation: Escalation, place: Place, number: int, at: datetime):
        self.escalation, self.place, self.at = escalation, place, at
        self.incident = escalation.incident
        self.key = f"incidents-call-{escalation.pk}-{escalation.turn}-{number}"

    @property
    def name(self) -> str:
        stage = self.escalation.plan[self.place.stage]
        again = f", round {self.place.round + 1}" if self.place.round else ""
        return f"{stage['name']}, step {self.place.step + 1}{again}"

    def skip(self, aimed: list[Aimed], urgency: str) -> None:
        """Nobody is reached by it: say so, and wait for nobody."""
        self.store(aimed)
        self._tell(aimed, urgency)  # they may read it later, as after quiet hours
        text = f"{self.name}: {_unreached(aimed) or 'it aims at nobody'}. It was skipped."
        self.say(EntryKind.NOT_REACHED, text, aimed)

    def call(self, aimed: list[Aimed], urgency: str) -> None:
        self.store(aimed)
        self._tell(aimed, urgency)
        missing = _unreached(aimed)
        text = f"{self.name}: {', '.join(_names(aimed))}" + (
            f". Not reached: {missing}" if missing else ""
        )
        self.say(EntryKind.CALLED, text, aimed)

    def store(self, aimed: list[Aimed]) -> None:
        Call.objects.bulk_create(self._calls(aimed))

    def _calls(self, aimed: list[Aimed]):
        for number, target in enumerate(aimed):
            about = {"kind": target.kind, "target_name": target.name[:150]}
            if not target.called and target.why:
                nobody = {"outcome": CallOutcome.NOBODY, "why": target.why}
                yield self._row(f"n{number}", **about, **nobody)
            for each in target.called:
                yield self._row(_mark(each), **about, **_columns(each), message_key=self.key)

    def _row(self, mark: str, **columns: Any) -> Call:
        place = self.place._asdict()
        turn = self.escalation.turn
        return Call(
            escalation=self.escalation, incident=self.incident, at=self.at, turn=turn,
            key=f"{self.key}-{mark}", **place, **columns,
        )  # fmt: skip

    def _tell(self, aimed: list[Aimed], urgency: str) -> None:
        called = [each.who for target in aimed for each in target.called]
        people = [each for each in called if isinstance(each, User)]
        Participant.objects.join(self.incident, people, at=self.at)
        channels = [each for each in called if not isinstance(each, User)]
        about = {"key": self.key, "urgency": urgency, "step": self.name}
        notices.called(self.incident, people=people, channels=channels, **about)

    def say(self, kind: str, text: str, aimed: list[Aimed]) -> None:
        about = {
            **self.place._asdict(),
            "turn": self.escalation.turn,
            "called": _names(aimed),
            "not_reached": [{"name": name, "why": why} for name, why in _missing(aimed)],
        }
        entry_of(self.incident, kind, text, by=None, at=self.at, about=about).save()


def _end(escalation: Escalation, at: datetime) -> None:
    """Nobody answered: say so, and call everybody who may help."""
    found = operators(at, escalation.incident.terms, notices.OPERATE)
    place = Place(len(escalation.plan))
    step = Step(escalation, place, 0, at)
    step.key = f"{step.key}-operators"
    aimed = [Aimed(TargetKind.OPERATORS, "All operators", tuple(found), "there is none")]
    step.store(aimed)
    people = [each.who for each in found]
    Participant.objects.join(step.incident, people, at=at)
    notices.nobody_answered(
        step.incident, people=people, key=step.key, again_at=escalation.again_at
    )
    names = ", ".join(_names(aimed)) or "nobody, as there is none"
    step.say(EntryKind.NOBODY_ANSWERED, f"The policy has ended. All operators: {names}", aimed)


def _mark(called: Called) -> str:
    return f"{'p' if called.is_person else 'c'}{called.who.pk}"


def _columns(called: Called) -> dict[str, Any]:
    """A person whom nothing reaches has failed already."""
    failed = {} if called.reaches else {"outcome": CallOutcome.FAILED, "why": called.why_not}
    about = {"person" if called.is_person else "channel": called.who}
    return {**about, "name": str(called.who)[:150], **failed}


def _names(aimed: list[Aimed]) -> list[str]:
    """Who is called, with what stands for them where that says more."""
    found = []
    for target in aimed:
        names = [str(each.who) for each in target.called if each.reaches]
        if names and target.kind in (TargetKind.TEAM, TargetKind.ROTATION):
            found.append(f"{target.name} ({', '.join(names)})")
        else:
            found.extend(names)
    return found


def _missing(aimed: list[Aimed]) -> list[tuple[str, str]]:
    """What reaches nobody, and why."""
    found = [(target.name, target.why) for target in aimed if target.why]
    people = [each for target in aimed for each in target.called if not each.reaches]
    return found + [(str(each.who), each.why_not) for each in people]


def _unreached(aimed: list[Aimed]) -> str:
    return ", ".join(f"{name} ({why})" for name, why in _missing(aimed))
