"""The lines that an app puts in the rail: `entries(user)` of its module `navigation`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse

from .offers import offered


class Group(StrEnum):
    """What a line of the rail is for, in the order of the rail."""

    RESPOND = "Respond"
    KNOW = "Know"
    PROVE = "Prove"
    ADMINISTRATION = "Administration"


@dataclass(frozen=True)
class Entry:
    """One line: where it leads, for whom, and on which pages it is the current one."""

    group: Group
    order: int  # within the group
    label: str
    icon: str
    view: str
    also: tuple[str, ...] = ()  # views that stand below it
    rest_of: str = ""  # the namespace whose other views stand below it
    permission: str = ""
    count: Callable[[Any, bool], int] | None = None  # of (user, fresh): how many wait
    counted: str = "open"  # what the number means, for those who only hear it

    @cached_property
    def address(self) -> str:
        return reverse(self.view)

    def is_for(self, user) -> bool:
        return not self.permission or user.has_perm(self.permission)

    def is_at(self, view: str) -> bool:
        return view == self.view or view in self.also


@dataclass(frozen=True)
class Link:
    """What the command palette offers beside the rail.

    An app has them in its module `navigation`: `VERBS`, what one may do from anywhere, and
    `PAGES`, which stand below a line of the rail.
    """

    label: str
    icon: str
    view: str
    permission: str = ""

    @property
    def address(self) -> str:
        return reverse(self.view)

    def is_for(self, user) -> bool:
        return not self.permission or user.has_perm(self.permission)


class Alarm(NamedTuple):
    """What everybody has to know on every page: one line above it.

    An app offers them by `alarms(user)` of its module `navigation`, the worst first.
    """

    label: str
    level: int  # 1 is the worst
    title: str
    address: str
    state: str = ""
    is_calm: bool = False  # the state is no warning


def alarms(user) -> list[Alarm]:
    """Those of all apps."""
    apps = (app for app in offered("navigation") if hasattr(app, "alarms"))
    return [alarm for app in apps for alarm in app.alarms(user)]


def links(name: str, user) -> list[Link]:
    """The `VERBS` or `PAGES` of all apps that are for this person; those of the house come last."""
    found = (link for app in reversed(offered("navigation")) for link in getattr(app, name, ()))
    return [link for link in found if link.is_for(user)]


def urgent_links(user) -> list[Link]:
    """What has to be at hand on every page: `URGENT` of the apps' modules `navigation`."""
    return links("URGENT", user)


def links_for(kind: str, user) -> list[Link]:
    """What apps offer on the page of a thing: `LINKS_FOR[kind]` of their module `navigation`.

    The key of the thing follows in the address as `?kind=key`.
    """
    apps = (getattr(app, "LINKS_FOR", {}) for app in offered("navigation"))
    return [link for links in apps for link in links.get(kind, ()) if link.is_for(user)]


class Handled(NamedTuple):
    """Where a thing is worked on: the name and address of that, and who has it."""

    name: str
    address: str
    who: str  # as “Rita has it”
    is_open: bool


def handled(kind: str, keys: Collection[int], user) -> dict[int, Handled]:
    """Which of these things are worked on elsewhere, by key, as far as this person may know.

    An app says it by `handled(kind, keys, user)` of its module `navigation`.
    """
    apps = (app for app in offered("navigation") if hasattr(app, "handled"))
    return {key: found for app in apps for key, found in app.handled(kind, keys, user).items()}


def permitted(entries: Iterable[Entry], user) -> list[Entry]:
    """Those that this person may follow."""
    return [entry for entry in entries if entry.is_for(user)]


def current(entries: Iterable[Entry], view: str, namespace: str) -> Entry | None:
    """The line below which a page stands."""
    entries = list(entries)
    own = (entry for entry in entries if entry.is_at(view))
    rest = (entry for entry in entries if namespace and entry.rest_of == namespace)
    return next(own, None) or next(rest, None)


def rail(user) -> list[Entry]:
    """All lines for this person, group by group."""
    groups = list(Group)
    found = [entry for app in offered("navigation") for entry in app.entries(user)]
    return sorted(found, key=lambda entry: (groups.index(entry.group), entry.order))
