from .entries import Entry, EntryKind
from .feedback import Feedback
from .gaps import Gap
from .images import Image
from .kinds import Kind, Section, State
from .last_runs import Lesson
from .names import Address, AlertName, Link
from .run_rows import RunState
from .run_steps import RunStep, StepState, TypedNote
from .runbook import Runbook
from .runs import Run
from .search import SearchEntry, SearchWord
from .templates import Template
from .version import Version
from .working import WorkingCopy

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
    "SearchEntry",
    "SearchWord",
    "Section",
    "State",
    "StepState",
    "Template",
    "TypedNote",
    "Version",
    "WorkingCopy",
]
