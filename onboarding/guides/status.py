"""The words, icons and tones in which the state of guides and reports is shown."""

from datetime import date

from onboarding.models import StuckState
from onboarding.notices import REMIND_BEFORE
from portal.core.web.days import days
from portal.core.web.status import Status

STUCK = {
    StuckState.OPEN: Status("warn", "hand", "Waiting for an answer"),
    StuckState.ANSWERED: Status("ok", "ok", "Answered"),
    StuckState.CLOSED: Status("idle", "check", "Closed"),
}
# the same as tasks of those who keep the guide
TASK = STUCK | {StuckState.OPEN: Status("warn", "hand", "Stuck", loud=True)}
COMPLETED = Status("ok", "ok", "Completed")
COMPLETED_BEFORE = Status("ok", "ok", "Completed before")  # and follows a newer version now
UNCONFIRMED = Status("warn", "eye", "Not confirmed")
BEGUN = Status("run", "play", "In progress")
NOT_BEGUN = Status("idle", "none", "Not started")
LATE = Status("bad", "late", "Late", loud=True)
CHANGED = Status("warn", "pencil", "Changed since")
WITHDRAWN = Status("idle", "x", "Withdrawn")


def due_status(due: date | None, *, on: date) -> Status | None:
    """Late is loud, soon is a warning, later only says the day."""
    if due is None:
        return None
    left = (due - on).days
    if left < 0:
        return Status("bad", "late", f"Late by {days(-left)}", loud=True)
    if left <= REMIND_BEFORE.days:
        word = ("Due today", "Due tomorrow")[left] if left < 2 else f"Due in {days(left)}"
        return Status("warn", "stale", word)
    return Status("idle", "calendar", f"Due {due.day} {due:%b}")
