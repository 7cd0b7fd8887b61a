"""How policies, steps and ways look."""

from portal.core.web.status import ARCHIVED, Status

from .contacts import Outcome

OUTCOMES = {
    Outcome.ARRIVES: Status("ok", "ok", "Would arrive"),
    Outcome.SILENT: Status("warn", "moon", "Wakes nobody"),
    Outcome.MAY_FAIL: Status("warn", "warn", "May fail"),
    Outcome.HELD: Status("warn", "moon", "Waits for quiet hours"),
    Outcome.CANNOT: Status("bad", "nophone", "Cannot", loud=True),
}
NOBODY = Status("bad", "gap", "Nobody", loud=True)
CATCH_ALL = Status("idle", "shield", "Catch-all")
READY = Status("ok", "ok", "Ready")
TO_FIX = Status("warn", "warn", "To fix", loud=True)
REACHES_NOBODY = Status("bad", "gap", "To fix", loud=True)


def status_of_policy(policy, findings) -> Status:
    if policy.archived_at:
        return ARCHIVED
    if any(each.is_bad for each in findings):
        return REACHES_NOBODY
    return TO_FIX if findings else READY
