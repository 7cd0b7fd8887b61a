"""All models of this app: one label, one migration history."""

from .alerts import Alert
from .choices import AlertState, IntakeKind
from .intakes import Intake
from .judgements import Judgement
from .received import Event, Received

__all__ = ["Alert", "AlertState", "Event", "Intake", "IntakeKind", "Judgement", "Received"]
