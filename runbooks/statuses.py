"""The words, icons and tones in which the state of versions and reviews is shown."""

from datetime import date, timedelta
from typing import NamedTuple

from .models import State

SOON = timedelta(days=14)


class Status(NamedTuple):
    """What `_status.html` shows."""

    tone: str
    icon: str
    word: str
    loud: bool = False


VERSION = {
    State.DRAFT: Status("idle", "pencil", "Draft"),
    State.IN_REVIEW: Status("review", "review", "In review"),
    State.PUBLISHED: Status("ok", "ok", "Published"),
    State.SUPERSEDED: Status("idle", "history", "Superseded"),
    State.REJECTED: Status("warn", "warn", "Sent back"),
}
APPROVED = Status("review", "check", "Approved")
WITHDRAWN = Status("idle", "x", "Withdrawn")
ASKED = Status("warn", "warn", "Review asked", loud=True)


def version_status(state: str, reviewer_id: int | None) -> Status:
    if state == State.IN_REVIEW and reviewer_id:
        return APPROVED
    if state == State.REJECTED and not reviewer_id:
        return WITHDRAWN
    return VERSION[State(state)]


def review_status(due: date | None, asked: str, *, on: date) -> Status | None:
    """Whether somebody must look again; None while it is fresh or nothing is published."""
    if asked:
        return ASKED
    if due is None or due >= on + SOON:
        return None
    if due < on:
        return Status("bad", "late", f"Review late by {_days(on - due)}", loud=True)
    return Status("warn", "stale", f"Review in {_days(due - on)}" if due > on else "Review today")


def _days(span: timedelta) -> str:
    return f"{span.days} day{'' if span.days == 1 else 's'}"
