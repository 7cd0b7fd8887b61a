"""One thing that another tool watches, and whether it is there twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError


class UnknownExport(ValidationError):
    """Something that is none of what is read."""


@dataclass
class Found:
    """A heartbeat to be, or why it becomes none."""

    name: str
    origin: str
    about: dict[str, Any] = field(default_factory=dict)
    is_paused: bool = False
    not_taken: str = ""
    target: str = ""  # the address that it looks at; empty for jobs that report


def check(name: str, origin: str, kind: str, target: str = "") -> Found:
    """Something that looks at others by itself."""
    why = f"it is a check of the kind {kind or '?'}, and heartbeats are jobs that report"
    return Found(name, origin, not_taken=why, target=target)


class Duplicates:
    """Names what is there twice: by its name, in the portal too, or by what it looks at."""

    def __init__(self, names: Iterable[str]):
        self.names = set(names)
        self.targets: dict[str, str] = {}

    def named(self, found: Iterable[Found]) -> Iterator[Found]:
        for each in found:
            if not each.not_taken and each.name in self.names:
                each.not_taken = "another heartbeat has this name"
            self.names.add(each.name)
            self._look(each)
            yield each

    def _look(self, each: Found) -> None:
        """The same address, whatever scheme and slash it is written with."""
        key = each.target.partition("://")[2] or each.target
        if not key:
            return
        mine = f"“{each.name}” of {each.origin}"
        first = self.targets.setdefault(key.rstrip("/").lower(), mine)
        if first is not mine:
            each.not_taken += f"; it is there twice: {first} looks at the same"


def text(value: Any) -> str:
    return "" if value is None else str(value).replace("\x00", "").strip()


def seconds(value: Any) -> timedelta | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return timedelta(seconds=value) if is_number and 0 < value < 10**9 else None
