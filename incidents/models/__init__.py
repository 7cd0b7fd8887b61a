"""All models of this app: one label, one migration history."""

from .calendars import CalendarDay, WorkingCalendar
from .choices import (
    ClockKind,
    ClockState,
    EntryKind,
    Impact,
    IncidentSource,
    IncidentState,
    Role,
)
from .clocks import Clock
from .entries import Entry, Pin
from .escalations import Escalation, EscalationState
from .incidents import Incident
from .joined import AffectedService, IncidentAlert, IncidentLink, IncidentRun, Relation, Task
from .participants import Assignment, Participant
from .policies import EscalationPolicy, EscalationStep, EscalationTarget, ServicePolicy
from .rules import IncidentRule, RuleAction
from .severities import Severity

__all__ = [
    "AffectedService",
    "Assignment",
    "CalendarDay",
    "Clock",
    "ClockKind",
    "ClockState",
    "Entry",
    "EntryKind",
    "Escalation",
    "EscalationPolicy",
    "EscalationState",
    "EscalationStep",
    "EscalationTarget",
    "Impact",
    "Incident",
    "IncidentAlert",
    "IncidentLink",
    "IncidentRule",
    "IncidentRun",
    "IncidentSource",
    "IncidentState",
    "Participant",
    "Pin",
    "Relation",
    "Role",
    "RuleAction",
    "ServicePolicy",
    "Severity",
    "Task",
    "WorkingCalendar",
]
