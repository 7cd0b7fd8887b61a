"""What the engine does for the search: each call is one unit and says whether there was one."""

from datetime import datetime

from . import index


def catch_up(now: datetime) -> bool:
    """Index what an import noted and did not come to: it ended before its time."""
    return index.catch_up() > 0
