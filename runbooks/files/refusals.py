"""What is said of a file that could not be taken."""

import logging

from django.core.exceptions import ValidationError

from portal.core.markdown import MarkdownError
from portal.core.media.uploads import UploadRefused
from portal.core.problems import DomainError

from .block import BadBlock
from .tree import Unreadable

log = logging.getLogger(__name__)
EXPECTED = (Unreadable, BadBlock, MarkdownError, DomainError, UploadRefused, OSError)


def told(error: Exception, path: str) -> str:
    """Why a file is refused, for its line of the report; what nobody expected is logged, too."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, EXPECTED):
        return getattr(error, "detail", "") or str(error)
    log.error("A file could not be imported", exc_info=error, extra={"path": path})
    return f"unexpected: {type(error).__name__}: {error}"
