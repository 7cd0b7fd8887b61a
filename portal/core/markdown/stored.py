"""HTML that was rendered before and kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sanitised:
    """HTML that this package made, as it was stored; nothing else is wrapped in it."""

    html: str
