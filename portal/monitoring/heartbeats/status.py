"""The words, icons and tones in which heartbeats and their pings are shown."""

from portal.core.web.status import Status
from portal.monitoring.models import HeartbeatState, Signal, Verdict

STATE = {
    HeartbeatState.DOWN: Status("bad", "fail", "Down", loud=True),
    HeartbeatState.GRACE: Status("warn", "stale", "Late"),
    HeartbeatState.STARTED: Status("run", "play", "Started"),
    HeartbeatState.NEW: Status("idle", "none", "New"),
    HeartbeatState.PAUSED: Status("idle", "mute", "Paused"),
    HeartbeatState.UP: Status("ok", "ok", "Up"),
}
SIGNAL = {
    Signal.SUCCESS: Status("ok", "ok", "Success"),
    Signal.START: Status("run", "play", "Start"),
    Signal.FAIL: Status("bad", "fail", "Failure"),
    Signal.LOG: Status("idle", "list", "Log"),
    Signal.IGNORED: Status("idle", "skip", "Ignored"),
}
VERDICT = {
    Verdict.SHORT: Status("warn", "warn", "Suspiciously short"),
    Verdict.LONG: Status("warn", "late", "Too long"),
}


def state_of(state: str) -> Status:
    return STATE[HeartbeatState(state)]


def signal_of(signal: str) -> Status:
    return SIGNAL[Signal(signal)]


def verdict_of(verdict: str) -> Status | None:
    return VERDICT[Verdict(verdict)] if verdict else None
