"""The words, icons and tones in which the state of versions and reviews is shown."""

from datetime import date, datetime

from django.utils.timezone import localdate

from portal.core.web.days import days
from portal.core.web.status import PUBLISHED, Status
from runbooks.models import EntryKind, Kind, RunState, State, StepState
from runbooks.models.last_runs import LONG_AGO, UNWELL
from runbooks.models.runbook import REVIEW_SOON

VERSION = {
    State.DRAFT: Status("idle", "pencil", "Draft"),
    State.IN_REVIEW: Status("review", "review", "In review"),
    State.PUBLISHED: PUBLISHED,
    State.SUPERSEDED: Status("idle", "history", "Superseded"),
    State.REJECTED: Status("warn", "warn", "Sent back"),
}
APPROVED = Status("review", "check", "Approved")
RUN = {
    RunState.RUNNING: Status("run", "play", "Running"),
    RunState.SUCCEEDED: Status("ok", "ok", "Succeeded"),
    RunState.FAILED: Status("bad", "fail", "Failed"),
    RunState.ABORTED: Status("idle", "stop", "Stopped"),
    RunState.ROLLED_BACK: Status("warn", "restore", "Rolled back"),
}
STEP = {
    StepState.OPEN: Status("idle", "none", "To do"),
    StepState.WAITING: Status("warn", "users", "Waiting for a second person"),
    StepState.DONE: Status("ok", "check", "Done"),
    StepState.FAILED: Status("bad", "fail", "Failed"),
    StepState.SKIPPED: Status("idle", "skip", "Skipped"),
}
NOT_DONE = Status("idle", "none", "Not done")
ENTRY = {
    EntryKind.STARTED: Status("run", "play", "started"),
    EntryKind.DONE: Status("ok", "check", "finished"),
    EntryKind.CONFIRMED: Status("ok", "users", "confirmed"),
    EntryKind.FAILED: Status("bad", "fail", "reported failure of"),
    EntryKind.SKIPPED: Status("idle", "skip", "skipped"),
    EntryKind.RETRIED: Status("run", "restore", "reopened"),
    EntryKind.NOTE: Status("idle", "pencil", "noted"),
    EntryKind.HANDED_OVER: Status("run", "swap", "handed over"),
    EntryKind.SUCCEEDED: Status("ok", "ok", "ended the run as succeeded"),
    EntryKind.ABORTED: Status("idle", "stop", "stopped the run"),
    EntryKind.ROLLED_BACK: Status("warn", "restore", "ended the run as rolled back"),
}
MERGED = Status("idle", "archive", "Merged")
BROKEN = Status("bad", "fail", "Broken")
WITHDRAWN = Status("idle", "x", "Withdrawn")
ASKED = Status("warn", "warn", "Review asked", loud=True)


def version_status(state: str, reviewer_id: int | None) -> Status:
    if state == State.IN_REVIEW and reviewer_id:
        return APPROVED
    if state == State.REJECTED and not reviewer_id:
        return WITHDRAWN
    return VERSION[State(state)]


def step_status(state: str, run) -> Status:
    """Nothing is left to do in a run that has ended."""
    if state == StepState.OPEN and not run.is_running:
        return NOT_DONE
    return STEP[StepState(state)]


def said_of_restored(version) -> str:
    """What was made of an old text, and what comes next."""
    made = f"v{version.number} has the text of v{version.restored_from}"
    if version.is_approved:
        return f"{made}, which was approved: it can be published without another review."
    return f"{made}. Submit it for a review."


def standing(steps: list) -> Status:
    """Where a running run is: at its first step that is neither done nor skipped."""
    left = [step for step in steps if step.state not in (StepState.DONE, StepState.SKIPPED)]
    if not left:
        return Status("run", "play", "Ready to end")
    at = min(left, key=lambda step: step.number)
    if at.state == StepState.FAILED:
        return Status("bad", "fail", f"Failed at step {at.number}", loud=True)
    if at.state == StepState.WAITING:
        return Status("warn", "users", f"Step {at.number} waits", loud=True)
    return Status("run", "play", f"Step {at.number} of {len(steps)}")


def review_status(due: date | None, asked: str, *, on: date) -> Status | None:
    """Whether somebody must look again; None while it is fresh or nothing is published."""
    if due and due < on:
        what = "Review asked," if asked else "Review"
        return Status("bad", "late", f"{what} late by {days((on - due).days)}", loud=True)
    if asked:
        return ASKED
    if due is None or due >= on + REVIEW_SOON:
        return None
    return Status(
        "warn", "stale", f"Review in {days((due - on).days)}" if due > on else "Review today"
    )


def run_lesson(kind: str, state: str | None, at: datetime | None, *, on: date) -> Status | None:
    """What the last run says of a runbook that can be followed; None while all is well."""
    if kind == Kind.REFERENCE:
        return None
    if at is None:
        return Status("idle", "none", "Never run")
    if state in UNWELL:
        return Status("bad", "fail", "Failed last time", loud=True)
    last = localdate(at)
    if on - last >= LONG_AGO:
        return Status("warn", "stale", f"Last run {days((on - last).days)} ago")
    return None
