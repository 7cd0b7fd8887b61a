"""The clocks of an incident as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.models import Clock, ClockKind, ClockState, Incident, Role
from portal.core.templatetags.look import duration
from portal.core.web.days import days
from portal.core.web.status import Status

from .status import CLOCK

DONE = (ClockState.MET, ClockState.MISSED, ClockState.STOPPED)
RUNS = (ClockState.RUNNING, ClockState.DUE_SOON, ClockState.LATE)
DOES = {  # who has to
    ClockKind.ACKNOWLEDGE: Role.COMMANDER,
    ClockKind.NOTICE: Role.COMMUNICATIONS,
    ClockKind.UPDATE: Role.COMMUNICATIONS,
    ClockKind.REVIEW: Role.COMMANDER,
    ClockKind.ACTIONS: Role.COMMANDER,
}
STOPPED = {ClockKind.REVIEW: "closed without"}
WAITS = {
    ClockKind.REVIEW: ("review_days", "review_in_business_days", "starts when resolved"),
    ClockKind.ACTIONS: ("action_days", "actions_in_business_days", "starts with the review"),
}


@dataclass(frozen=True)
class Face:
    """One clock: what is due, how it stands, how long it had, by when, and who has to."""

    title: str
    value: str
    status: Status | None = None
    rest: str = ""  # words behind the status
    due_at: datetime | None = None  # of one that runs
    is_late: bool = False
    who: str = ""

    @property
    def tone(self) -> str:
        return self.status.tone if self.status else ""

    @property
    def look(self) -> str:
        """The class of its value: quiet where it does not run, coloured while it presses."""
        if self.status in (None, CLOCK[ClockState.STOPPED]):
            return " muted-val"
        return " tone" if self.due_at and self.tone != "idle" else ""


def faces_of(
    incident: Incident, clocks: Iterable[Clock], holders: dict[str, str], at: datetime
) -> list[Face]:
    """One for each kind that its severity has, or that has run."""
    newest: dict[str, Clock] = {each.kind: each for each in clocks}  # the oldest come first
    found = (_face(incident, kind, newest.get(kind), holders, at) for kind in ClockKind)
    return [face for face in found if face]


def _face(incident, kind: ClockKind, clock: Clock | None, holders, at: datetime) -> Face | None:
    if clock is None:
        return _waiting(incident, kind)
    state = clock.state(at)
    status, of = CLOCK[state], f"of {duration(clock.length)}"
    if state == ClockState.STOPPED:
        return Face(str(kind.label), "None", status, STOPPED.get(kind, "not due any more"))
    if state in DONE:
        ended = clock.met_at or clock.stopped_at or at
        return Face(str(kind.label), duration(ended - clock.started_at), status, of)
    who = holders.get(DOES[kind]) or holders.get(Role.COMMANDER, "")
    return Face(
        str(kind.label),
        left(clock.due_at - at),
        status,
        of,
        due_at=clock.due_at,
        is_late=state == ClockState.LATE,
        who=who,
    )


def left(span: timedelta) -> str:
    """“4 min 48 s left”, or by how much it is late."""
    return f"{duration(-span)} late" if span < timedelta() else f"{duration(span)} left"


def _waiting(incident: Incident, kind: ClockKind) -> Face | None:
    if kind not in WAITS or incident.is_over:
        return None
    column, business, starts = WAITS[kind]
    count = incident.terms.get(column)
    if not count:
        return None
    words = f"{count} business {'day' if count == 1 else 'days'}"
    return Face(
        str(kind.label), words if incident.terms.get(business) else days(count), rest=starts
    )
