"""The words, icons and tones in which alerts and what came in are shown."""

from portal.core.web.status import Status
from portal.monitoring.models import Alert, Intake, MutedBy, Received
from portal.monitoring.models.severities import CALM

FIRING = Status("bad", "bell", "Firing")
ACKNOWLEDGED = Status("run", "check", "Acknowledged")
RESOLVED = Status("ok", "ok", "Resolved")
MUTED = {
    MutedBy.SILENCE: Status("idle", "mute", "Silenced"),
    MutedBy.MAINTENANCE: Status("idle", "calendar", "In maintenance"),
    MutedBy.DEPENDENCY: Status("idle", "link", "Grouped"),
}
NO_SERVICE = Status("warn", "warn", "Needs a service", loud=True)
NO_RUNBOOK = Status("warn", "none", "No runbook", loud=True)
REVOKED = Status("idle", "lock", "Revoked")
NOTHING_YET = Status("idle", "clock", "Nothing came yet")
RECEIVES = Status("ok", "ok", "Receives")
REFUSED = Status("bad", "fail", "Last one refused")


def status_of(alert: Alert) -> Status:
    if not alert.is_firing:
        return RESOLVED
    if alert.muted_by:
        return MUTED[MutedBy(alert.muted_by)]
    return ACKNOWLEDGED if alert.acknowledged_at else FIRING


def status_of_severity(word: str) -> Status:
    """As its tool says it; what can wait is no red, and without a word nothing can."""
    tone = "warn" if word.strip().lower() in CALM else "bad"
    return Status(tone, "bell", word.strip().capitalize() or "No severity")


def status_of_intake(intake: Intake) -> Status:
    """Of an intake that was read `with_newest_error`."""
    if intake.revoked_at:
        return REVOKED
    if not intake.received_at:
        return NOTHING_YET
    return REFUSED if intake.newest_error else RECEIVES


def answer_of(received: Received) -> Status:
    if received.is_refused:
        return Status("bad", "fail", str(received.answer))
    return Status("warn" if received.error else "ok", "ok", str(received.answer))
