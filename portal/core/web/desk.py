"""The index of the administration: the lines that an app has in `DESK` of its `admin`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from .offers import offered
from .status import Status

MOST = 100  # more is said as "99+": no count reads a whole table
ICONS = {"review": "review", "warn": "warn", "bad": "fail"}


class Part(StrEnum):
    """What people do there, in the order of the page."""

    WRITE = "Write"
    CATALOG = "Catalog"
    PEOPLE = "People and access"
    OPERATIONS = "Operations"


class Wait(NamedTuple):
    """Rows that wait for somebody; `query` narrows the list of their model to them."""

    rows: Callable[[], QuerySet]
    words: str
    query: str
    tone: str = "warn"


class Link(NamedTuple):
    """A line of the rail."""

    label: str
    icon: str
    address: str


@dataclass(frozen=True)
class Line:
    """One kind of thing: `model` is "app.model", `new` the words of the button that makes one."""

    part: Part
    order: int  # within the part
    name: str
    about: str
    icon: str
    model: str
    new: str = ""
    waits: tuple[Wait, ...] = ()
    rail: tuple[str, str] | None = None  # label and icon of its line in the rail
    below: tuple[str, ...] = ()  # models whose pages hang below that line

    @property
    def address(self) -> str:
        return self._page("changelist")

    @property
    def new_address(self) -> str:
        return self._page("add")

    def _page(self, name: str) -> str:
        return reverse(f"admin:{self.model.replace('.', '_')}_{name}")

    def may(self, user, *verbs: str) -> bool:
        app, model = self.model.split(".")
        return any(user.has_perm(f"{app}.{verb}_{model}") for verb in verbs)

    def is_at(self, url_name: str) -> bool:
        """Whether a page of the admin hangs below it."""
        models = (model.replace(".", "_") for model in (self.model, *self.below))
        return any(url_name.startswith(f"{model}_") for model in models)


class Shown(NamedTuple):
    """A line on the page of one person."""

    name: str
    about: str
    icon: str
    address: str
    new: str
    new_address: str
    waiting: list[tuple[str, Status]]  # address of the list, and how many wait in it


def lines_for(user) -> list[Line]:
    """Those whose lists this person may see."""
    parts = list(Part)
    found = [line for app in offered("admin") for line in getattr(app, "DESK", ())]
    seen = (line for line in found if line.may(user, "view", "change"))
    return sorted(seen, key=lambda line: (parts.index(line.part), line.order))


def desk(user) -> list[dict]:
    """The parts that this person may see, each with its lines and what waits in them."""
    parts = groupby(lines_for(user), key=lambda line: line.part)
    return [
        {"title": part.value, "lines": [_shown(line, user) for line in lines]}
        for part, lines in parts
    ]


def rail_links(user, url_name: str) -> Iterator[tuple[Link, bool]]:
    """The lines of the rail, and whether the page of this name hangs below them."""
    for line in lines_for(user):
        if line.rail:
            yield Link(*line.rail, line.address), line.is_at(url_name)


def _shown(line: Line, user) -> Shown:
    new = line.new if line.may(user, "add") else ""
    address = line.new_address if new else ""
    waiting = [(f"{line.address}?{wait.query}", wait) for wait in line.waits]
    asked = [(link, _status(wait)) for link, wait in waiting]
    found = [(link, status) for link, status in asked if status]
    return Shown(line.name, line.about, line.icon, line.address, new, address, found)


def _status(wait: Wait) -> Status | None:
    """How many wait, or None."""
    count = wait.rows()[:MOST].count()
    number = count if count < MOST else f"{MOST - 1}+"
    return Status(wait.tone, ICONS[wait.tone], f"{number} {wait.words}") if count else None
