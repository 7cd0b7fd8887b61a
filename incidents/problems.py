"""What a verb refuses, and what the person can do about it."""

from portal.core.problems import Conflict


class WrongState(Conflict):
    """The verb does not fit the state that the incident is in."""

    code, title = "wrong-state", "Not in this state"
