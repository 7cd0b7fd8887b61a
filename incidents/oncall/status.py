"""How swaps and overrides are shown."""

from datetime import datetime

from incidents.models import Override, Rotation, Swap, SwapState
from portal.core.web.status import ARCHIVED, Status

CURRENT = Status("ok", "ok", "In use")
SWAPS = {
    SwapState.PROPOSED: Status("warn", "clock", "Waits for an answer"),
    SwapState.AGREED: Status("review", "swap", "Swap agreed"),
    SwapState.DECLINED: Status("idle", "x", "Declined"),
    SwapState.CANCELLED: Status("idle", "none", "Cancelled"),
    SwapState.EXPIRED: Status("idle", "history", "Expired"),
}
NOBODY = Status("bad", "gap", "Nobody", loud=True)
ENDS = Status("warn", "calendar", "Ends")
OFF = Status("idle", "moon", "Off as planned")
RUNNING = Status("run", "play", "In force")
PLANNED = Status("idle", "calendar", "Planned")
OVER = Status("idle", "history", "Over")
CANCELLED = Status("idle", "none", "Cancelled")


def status_of_swap(swap: Swap, at: datetime) -> Status:
    return SWAPS[SwapState(swap.shown_state(at))]


def status_of_override(row: Override, at: datetime) -> Status:
    if row.cancelled_at:
        return CANCELLED
    if row.ends_at <= at:
        return OVER
    return RUNNING if row.starts_at <= at else PLANNED


def status_of_rotation(row: Rotation) -> Status:
    return ARCHIVED if row.archived_at else CURRENT
