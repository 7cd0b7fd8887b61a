"""How a state is shown: in a word, an icon and a tone."""

from typing import NamedTuple


class Status(NamedTuple):
    """What `_status.html` shows."""

    tone: str
    icon: str
    word: str
    loud: bool = False
