"""Places between two steps of one piece of work, by name: tests kill a process there.

A process of the portal passes them and does nothing; `at` is what a test puts in the way. What
must hold after a kill at each of them stands in tests/house/test_crash_points.py.
"""

from collections.abc import Callable

POINTS = {
    "claim": "a unit is taken for a lease, which is not committed",
    "claimed": "the lease is committed, and nothing was sent",
    "sent": "the other side has the message, and the portal has not noted it",
    "recorded": "that it was sent is noted, and not committed",
    "down": "an instance that is late is down, without its flip",
    "flipped": "it is down with its flip, and neither is committed",
    "announced": "a flip is marked as told, and has no alert",
    "received": "the delivery of a tool is stored, without its alerts",
    "stored": "its alerts are stored, and nobody is told",
    "told": "whom it concerns is told, and nothing is committed",
    "muted": "what mutes alerts is noted and told, and not committed",
    "stepped": "a step of an escalation is taken, and nobody is called",
    "called": "those of a step are called, and nothing is committed",
    "opened": "an incident is opened for alerts, which have not joined it",
    "joined": "alerts joined an incident, and it is not committed",
    "ended": "the timeline says that alerts are over, and it is not committed",
    "late": "that a clock of an incident is late is said, and not committed",
    "dispatched": "a communication is sent to its audience, and not committed",
    "window": "a window of maintenance is marked as told, without its messages",
}

at: Callable[[str], None] | None = None


def reach(name: str) -> None:
    if at is not None:
        at(name)
