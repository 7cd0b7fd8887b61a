"""All models of this app: one label, one migration history."""

from .alerts import Alert
from .choices import AlertState, IntakeKind, MutedBy, Phase
from .intakes import Intake
from .judgements import Judgement
from .maintenance import Maintenance, Window
from .mutings import Muting
from .received import Event, Received
from .silences import Silence

__all__ = [
    "Alert",
    "AlertState",
    "Event",
    "Intake",
    "IntakeKind",
    "Judgement",
    "Maintenance",
    "MutedBy",
    "Muting",
    "Phase",
    "Received",
    "Silence",
    "Window",
]
