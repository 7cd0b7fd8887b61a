"""What an app puts on the first page: `cards(user, at)` of its module `attention`.

The module may also have `EMPTY`, a sentence for the day on which nothing waits, and
`welcome(user)`: the address where this person starts at the very first sign-in, or nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from portal.core.web.status import Status

SHOWN = 6  # rows of a card


class Priority(IntEnum):
    """The higher on the page, the sooner somebody has to act."""

    NOW = 1  # it goes on this minute
    WAITING = 2  # somebody waits, or is late
    CARE = 3  # what one looks after
    LOOK = 4  # nothing to do


class Act(NamedTuple):
    """What one does with a row. The label goes on in `about` for those who only hear it."""

    label: str
    address: str
    about: str = ""
    is_post: bool = False
    fields: tuple[tuple[str, str], ...] = ()  # that are sent with it


class Row(NamedTuple):
    """One thing that waits: what, where it stands, a line about it, and what to do."""

    address: str
    title: str
    line: str = ""
    act: Act | None = None
    statuses: Iterable[Status | None] = ()
    when: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class Card:
    """Rows under a heading; or, with `template`, a part of the page with a look of its own."""

    title: str
    rows: list[Row] = field(default_factory=list)
    priority: Priority = Priority.CARE
    more: tuple[str, str] | None = None  # words and address of all of them
    is_counted: bool = True  # the number of rows stands beside the heading
    template: str = ""
    styles: tuple[str, ...] = ()  # that the template needs
    context: dict = field(default_factory=dict)
    is_task: bool = True  # whether it needs this person
