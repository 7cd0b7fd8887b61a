"""What the engine does for the search: each call is one unit and says whether there was one."""

from datetime import datetime, timedelta

from . import index, registry

BETWEEN = timedelta(seconds=10)


def catch_up(now: datetime) -> bool:
    """Index what an import noted and did not come to: it ended before its time."""
    return index.catch_up() > 0


class Following:
    """Compares rows of apps below the search, which know nothing of it, with what it says."""

    def __init__(self) -> None:
        self.looked_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        if self.looked_at and self.looked_at <= now < self.looked_at + BETWEEN:
            return False
        self.looked_at = now
        followed = (kind for kind in registry.kinds() if kind.is_followed)
        return sum(map(index.follow, followed)) > 0
