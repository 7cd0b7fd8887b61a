from .choices import Kind, Section, State
from .entries import Entry, EntryKind
from .feedback import Feedback
from .gaps import Gap
from .images import Image
from .last_runs import Lesson
from .names import Address, AlertName, Link
from .run_queries import RunState
from .run_steps import RunStep, StepState, TypedNote
from .runbook import Runbook
from .runs import Run
from .templates import Template
from .versions import Version
from .working_copies import WorkingCopy

__all__ = [
    "Address",
    "AlertName",
    "Entry",
    "EntryKind",
    "Feedback",
    "Gap",
    "Image",
    "Kind",
    "Lesson",
    "Link",
    "Run",
    "RunState",
    "RunStep",
    "Runbook",
    "Section",
    "State",
    "StepState",
    "Template",
    "TypedNote",
    "Version",
    "WorkingCopy",
]
