"""All models of this app: one label, one migration history."""

from .calendars import CalendarDay, WorkingCalendar
from .calls import Call, CallOutcome, TargetKind
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
from .plans import Place
from .policies import EscalationPolicy, ServicePolicy
from .severities import Severity
from .steps import EscalationStep, EscalationTarget, StepSpec

__all__ = [
    "AffectedService",
    "Assignment",
    "CalendarDay",
    "Call",
    "CallOutcome",
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
    "IncidentRun",
    "IncidentSource",
    "IncidentState",
    "Participant",
    "Pin",
    "Place",
    "Relation",
    "Role",
    "ServicePolicy",
    "Severity",
    "StepSpec",
    "TargetKind",
    "Task",
    "WorkingCalendar",
]
