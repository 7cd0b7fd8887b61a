"""The words in which a heartbeat, its pings and its flips are told apart."""

from django.db.models import TextChoices


class HeartbeatState(TextChoices):
    """How a job stands: of several instances the worst counts."""

    NEW = "new", "New"
    UP = "up", "Up"
    STARTED = "started", "Started"
    GRACE = "grace", "Late"
    DOWN = "down", "Down"
    PAUSED = "paused", "Paused"


class Signal(TextChoices):
    """What a ping says."""

    SUCCESS = "success", "Success"
    START = "start", "Start"
    FAIL = "fail", "Failure"
    LOG = "log", "Log"
    IGNORED = "ignored", "Ignored"  # it came while the heartbeat was paused


class FlipReason(TextChoices):
    """Why a state changed."""

    SUCCESS = "success", "It reported success"
    FAILURE = "failure", "It reported a failure"
    MISSED = "missed", "It did not report in time"
    OVERRUN = "overrun", "It started and did not end in time"
    PAUSED = "paused", "Somebody paused it"
    RESUMED = "resumed", "Somebody resumed it"
    PAUSE_ENDED = "pause-ended", "The pause ended as planned"
    PING = "ping", "It reported while it was paused"


class Verdict(TextChoices):
    """What is odd about how long a run took."""

    SHORT = "short", "Suspiciously short"
    LONG = "long", "Too long"


ENDS = (Signal.SUCCESS, Signal.FAIL)
