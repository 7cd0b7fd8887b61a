"""All models of this app: one label, one migration history."""

from .audiences import Audience
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
from .communication_choices import AudienceName, CommunicationState, Moment
from .communication_templates import CommunicationTemplate
from .communications import Communication
from .components import Component
from .entries import Entry, Pin
from .escalations import Escalation, EscalationState
from .incidents import Incident
from .joined import AffectedService, IncidentAlert, IncidentLink, IncidentRun, Relation, Task
from .participants import Assignment, Participant
from .policies import EscalationPolicy, EscalationStep, EscalationTarget, ServicePolicy
from .severities import Severity
from .subscriptions import StatusSubscription

__all__ = [
    "AffectedService",
    "Assignment",
    "Audience",
    "AudienceName",
    "CalendarDay",
    "Clock",
    "ClockKind",
    "ClockState",
    "Communication",
    "CommunicationState",
    "CommunicationTemplate",
    "Component",
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
    "Moment",
    "Participant",
    "Pin",
    "Relation",
    "Role",
    "ServicePolicy",
    "Severity",
    "StatusSubscription",
    "Task",
    "WorkingCalendar",
]
