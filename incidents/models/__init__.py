"""All models of this app: one label, one migration history."""

from .audiences import Audience
from .calendars import CalendarDay, WorkingCalendar
from .calls import Call, CallOutcome, TargetKind
from .choices import ClockKind, ClockState, EntryKind, Impact, IncidentSource, IncidentState, Role
from .clocks import Clock
from .communication_choices import AudienceName, CommunicationState, Moment
from .communication_templates import CommunicationTemplate
from .communications import Communication
from .components import Component
from .entries import Entry, Pin
from .escalations import Escalation, EscalationState
from .feeds import Feed
from .incidents import Incident
from .joined import AffectedService, IncidentAlert, IncidentLink, IncidentRun, Relation, Task
from .layers import Layer, LayerMember, Restriction
from .overrides import Override
from .participants import Assignment, Participant
from .pictures import EvidencePicture
from .plans import Place
from .policies import EscalationPolicy, ServicePolicy
from .presence import Presence
from .rotations import Rotation
from .rules import IncidentRule, RuleAction
from .severities import Severity
from .steps import EscalationStep, EscalationTarget, StepSpec
from .subscriptions import StatusSubscription
from .swaps import Swap, SwapState

__all__ = [
    "AffectedService",
    "Assignment",
    "Audience",
    "AudienceName",
    "CalendarDay",
    "Call",
    "CallOutcome",
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
    "EvidencePicture",
    "Feed",
    "Impact",
    "Incident",
    "IncidentAlert",
    "IncidentLink",
    "IncidentRule",
    "IncidentRun",
    "IncidentSource",
    "IncidentState",
    "Layer",
    "LayerMember",
    "Moment",
    "Override",
    "Participant",
    "Pin",
    "Place",
    "Presence",
    "Relation",
    "Restriction",
    "Role",
    "Rotation",
    "RuleAction",
    "ServicePolicy",
    "Severity",
    "StatusSubscription",
    "StepSpec",
    "Swap",
    "SwapState",
    "TargetKind",
    "Task",
    "WorkingCalendar",
]
