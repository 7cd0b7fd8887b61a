"""How a state is shown: in a word, an icon and a tone."""

from typing import NamedTuple


class Status(NamedTuple):
    """What the tag `badge` shows."""

    tone: str
    icon: str
    word: str
    loud: bool = False
