"""The parts of a video, read from its WebVTT chapters."""

from itertools import islice
from typing import NamedTuple

from .webvtt import readable_cues

MOST = 100


class Chapter(NamedTuple):
    seconds: int
    title: str

    @property
    def at(self) -> str:
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def chapters_of(text: str) -> list[Chapter]:
    """What can be read of it; the rest is left out."""
    cues = islice(readable_cues(text), MOST)
    return [Chapter(int(cue.start), cue.text.splitlines()[0].strip()) for cue in cues]
