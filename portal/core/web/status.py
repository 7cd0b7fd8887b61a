"""How a state is shown: in a word, an icon and a tone."""

from typing import NamedTuple


class Status(NamedTuple):
    """What the tag `badge` shows."""

    tone: str
    icon: str
    word: str
    loud: bool = False


# what documents of several apps can be
PUBLISHED = Status("ok", "ok", "Published")
UNPUBLISHED = Status("idle", "none", "Not published")
ARCHIVED = Status("idle", "archive", "Archived")
HELPED = {True: Status("ok", "yes", "Helped"), False: Status("warn", "no", "Did not help")}
