"""What the verbs of the on-call room refuse."""

from portal.core.problems import Conflict, Forbidden


class RotationArchived(Conflict):
    """Nobody is on call in it any more."""

    code, title = "rotation-archived", "The rotation is archived"


class OverrideOver(Conflict):
    """It has ended, or was cancelled: there is nothing left to cancel."""

    code, title = "override-over", "The override is over"


class SwapDecided(Conflict):
    """It was agreed to, declined, cancelled, or its time has come."""

    code, title = "swap-decided", "The swap is decided"


class ShiftsChanged(Conflict):
    """Who is on call in that time is not who gives it away."""

    code, title = "shifts-changed", "The shifts changed meanwhile"


class NotTheirs(Forbidden):
    """Only certain people may do this to that row."""
