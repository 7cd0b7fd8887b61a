from .feedback import Feedback
from .gaps import Gap
from .images import Image
from .kinds import Kind, Section, State
from .names import Address, AlertName, Link
from .runbook import Runbook
from .search import SearchEntry, SearchWord
from .templates import Template
from .version import Version
from .working import WorkingCopy

__all__ = [
    "Address",
    "AlertName",
    "Feedback",
    "Gap",
    "Image",
    "Kind",
    "Link",
    "Runbook",
    "SearchEntry",
    "SearchWord",
    "Section",
    "State",
    "Template",
    "Version",
    "WorkingCopy",
]
