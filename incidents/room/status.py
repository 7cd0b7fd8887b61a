"""How incidents, their clocks and services stand, in words, icons and tones."""

from incidents.models import ClockState, Entry, EntryKind, Impact, Incident, IncidentState
from portal.core.web.status import Status

NOT_ACKNOWLEDGED = Status("bad", "fire", "Not acknowledged", loud=True)
ASKS_AGAIN = Status("bad", "fire", "Not acknowledged since the severity changed", loud=True)
STATE = {
    IncidentState.INVESTIGATING: Status("run", "search", "Investigating"),
    IncidentState.IDENTIFIED: Status("run", "flag", "Identified"),
    IncidentState.MONITORING: Status("run", "eye", "Monitoring"),
    IncidentState.RESOLVED: Status("ok", "ok", "Resolved"),
    IncidentState.CLOSED: Status("idle", "archive", "Closed"),
}
MERGED = Status("idle", "git", "Merged")
RESTRICTED = Status("review", "lock", "Restricted", loud=True)
DRILL = Status("review", "flag", "Drill", loud=True)
CLOCK = {
    ClockState.RUNNING: Status("idle", "clock", "Running"),
    ClockState.DUE_SOON: Status("warn", "stale", "Due soon"),
    ClockState.LATE: Status("bad", "late", "Late"),
    ClockState.MET: Status("ok", "ok", "Met"),
    ClockState.MISSED: Status("bad", "late", "Missed"),
    ClockState.STOPPED: Status("idle", "none", "Stopped"),
}
IMPACT = {
    Impact.UNKNOWN: Status("idle", "help", "Not known yet"),
    Impact.DEGRADED: Status("warn", "warn", "Degraded"),
    Impact.DOWN: Status("bad", "fail", "Down"),
    Impact.RESTORED: Status("ok", "ok", "Restored"),
}
ENTRY = {
    EntryKind.DECLARED: Status("bad", "fire", "declared"),
    EntryKind.CALLED: Status("run", "phone", "called"),
    EntryKind.NOT_REACHED: Status("bad", "mute", "not reached"),
    EntryKind.ACKNOWLEDGED: Status("ok", "check", "acknowledged"),
    EntryKind.ESCALATED: Status("warn", "up", "escalated"),
    EntryKind.NOBODY_ANSWERED: Status("bad", "warn", "Nobody answered"),
    EntryKind.SEVERITY: Status("warn", "trend", "changed the severity:"),
    EntryKind.STATE: Status("run", "flag", "set it to"),
    EntryKind.ROLE: Status("run", "users", "changed a role:"),
    EntryKind.CLOCK: Status("warn", "clock", "Clock"),
    EntryKind.NOTE: Status("idle", "pencil", "noted"),
    EntryKind.DECISION: Status("review", "flag", "decided"),
    EntryKind.FINDING: Status("idle", "file", "found"),
    EntryKind.EVIDENCE: Status("idle", "image", "added evidence"),
    EntryKind.CORRECTION: Status("warn", "pencil", "corrected an entry"),
    EntryKind.TASK: Status("idle", "task", "changed the tasks:"),
    EntryKind.ALERT: Status("bad", "bell", "Alert"),
    EntryKind.RUN: Status("run", "play", "added a run:"),
    EntryKind.SERVICE: Status("warn", "services", "changed the services:"),
    EntryKind.LINK: Status("idle", "link", "added a link:"),
    EntryKind.RELATED: Status("idle", "link", "related it to"),
    EntryKind.MERGED: Status("idle", "git", "merged into it:"),
    EntryKind.COMMUNICATION: Status("ok", "mega", "sent"),
    EntryKind.CHANGED: Status("idle", "pencil", "changed it:"),
}
ALERT_OVER = Status("ok", "ok", ENTRY[EntryKind.ALERT].word)


def entry_status(entry: Entry) -> Status:
    """What a line of the timeline looks like; alerts that are over are no bad news."""
    is_over = entry.kind == EntryKind.ALERT and entry.about.get("state") != "firing"
    return ALERT_OVER if is_over else ENTRY[EntryKind(entry.kind)]


def status_of(incident: Incident) -> Status:
    """Where it stands; loud while nobody has acknowledged it."""
    if incident.merged_into_id:
        return MERGED
    if incident.is_open and not incident.acknowledged_at and not incident.is_ticket:
        return NOT_ACKNOWLEDGED
    return STATE[IncidentState(incident.state)]


def marks_of(incident: Incident) -> list[Status]:
    """What everybody has to know of it before anything else."""
    marks = ((incident.is_restricted, RESTRICTED), (incident.is_drill, DRILL))
    return [mark for is_so, mark in marks if is_so]
