from django.db import models


class IncidentState(models.TextChoices):
    INVESTIGATING = "investigating", "Investigating"
    IDENTIFIED = "identified", "Identified"
    MONITORING = "monitoring", "Monitoring"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


OPEN = (IncidentState.INVESTIGATING, IncidentState.IDENTIFIED, IncidentState.MONITORING)
OVER = (IncidentState.RESOLVED, IncidentState.CLOSED)


class IncidentSource(models.TextChoices):
    """What opened an incident."""

    PERSON = "person", "A person"
    API = "api", "The API"
    ALERT = "alert", "An alert"
    RUN = "run", "A failed run"


class ClockKind(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", "Acknowledge"
    NOTICE = "notice", "First notice"
    UPDATE = "update", "Next update"
    REVIEW = "review", "Review"
    ACTIONS = "actions", "Actions"


class ClockState(models.TextChoices):
    RUNNING = "running", "Running"
    DUE_SOON = "due_soon", "Due soon"
    LATE = "late", "Late"
    MET = "met", "Met"
    MISSED = "missed", "Missed"
    STOPPED = "stopped", "Stopped"


class Role(models.TextChoices):
    """What somebody does in an incident; each is held by one person at a time."""

    COMMANDER = "commander", "Commander"
    OPERATIONS = "operations", "Operations"
    COMMUNICATIONS = "communications", "Communications"
    SCRIBE = "scribe", "Scribe"


class Impact(models.TextChoices):
    """What an affected service does."""

    UNKNOWN = "unknown", "Not known yet"
    DEGRADED = "degraded", "Degraded"
    DOWN = "down", "Down"
    RESTORED = "restored", "Restored"


class EntryKind(models.TextChoices):
    """What a line of the timeline says."""

    DECLARED = "declared", "declared"
    CALLED = "called", "called"
    NOT_REACHED = "not_reached", "not reached"
    ACKNOWLEDGED = "acknowledged", "acknowledged"
    ESCALATED = "escalated", "escalated"
    NOBODY_ANSWERED = "nobody_answered", "nobody answered"
    SEVERITY = "severity", "changed the severity"
    STATE = "state", "changed the state"
    ROLE = "role", "changed a role"
    CLOCK = "clock", "clock"
    NOTE = "note", "noted"
    DECISION = "decision", "decided"
    FINDING = "finding", "found"
    EVIDENCE = "evidence", "added evidence"
    CORRECTION = "correction", "corrected"
    TASK = "task", "task"
    ALERT = "alert", "alert"
    RUN = "run", "run"
    SERVICE = "service", "affected service"
    LINK = "link", "link"
    RELATED = "related", "related"
    MERGED = "merged", "merged"
    COMMUNICATION = "communication", "communication"
    CHANGED = "changed", "changed"


WRITTEN = (EntryKind.NOTE, EntryKind.DECISION, EntryKind.FINDING, EntryKind.EVIDENCE)
