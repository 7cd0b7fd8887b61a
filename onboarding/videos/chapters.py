"""The parts of a video, read from its WebVTT chapters."""

import re
from typing import NamedTuple

MOST = 100
CUE = re.compile(
    r"^(?:(?P<h>\d{2,4}):)?(?P<m>[0-5]\d):(?P<s>[0-5]\d)\.\d{3}[ \t]+-->[^\n]*\n(?P<title>[^\n]+)",
    re.MULTILINE,
)


class Chapter(NamedTuple):
    seconds: int
    title: str

    @property
    def at(self) -> str:
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def chapters_of(text: str) -> list[Chapter]:
    """What can be read of it; the rest is left out."""
    cues = CUE.finditer(text.replace("\r\n", "\n").replace("\r", "\n"))
    return [_chapter(cue) for cue, _ in zip(cues, range(MOST), strict=False)]


def _chapter(cue) -> Chapter:
    hours, minutes, seconds = (int(cue[name] or 0) for name in ("h", "m", "s"))
    return Chapter(hours * 3600 + minutes * 60 + seconds, cue["title"].strip())
