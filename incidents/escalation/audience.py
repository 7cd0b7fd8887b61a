"""Whom the targets of a frozen plan are at a time: the people and channels behind their names."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from incidents.models import Rotation, TargetKind
from incidents.models.plans import Place, Plan, places, step_at
from incidents.models.teamwork import WORK
from incidents.oncall.plans import Plan as RotationPlan
from incidents.oncall.shifts import shifts
from portal.accounts.models import Team, User
from portal.core.data.among import PreparedAmong
from portal.core.data.queries import columns_of, row_of
from portal.notifications.models import Channel

from .contacts import Contacts, Way, urgency_of, way_of_channel

Target = dict[str, Any]
DAY = timedelta(days=1)
CHANGE = "incidents.change_escalationpolicy"
RESTRICTED = "the incident is restricted"
RAISED_IT = "raised the severity"


@dataclass(frozen=True)
class Called:
    """One person or channel behind a target, with the ways that lead there."""

    who: User | Channel
    ways: tuple[Way, ...]

    @property
    def is_person(self) -> bool:
        return isinstance(self.who, User)

    @property
    def reaches(self) -> bool:
        return any(way.reaches for way in self.ways)

    @property
    def wakes(self) -> bool:
        return any(way.wakes for way in self.ways)

    def ways_for(self, reader: User) -> tuple[Way, ...]:
        """As this person may see them: contact methods are known to their owner, and to who
        changes policies. Others see by which kinds it would arrive.
        """
        if reader == self.who or reader.has_perm(CHANGE):
            return self.ways
        return tuple(dict.fromkeys(way.bare for way in self.ways if way.reaches))

    @property
    def why_not(self) -> str:
        """Why it reaches nobody."""
        held = next((way.until for way in self.ways if way.until), None)
        return "quiet hours" if held else "no contact method works"


@dataclass(frozen=True)
class Aimed:
    """A target at a time: who is behind it, or why nobody is.

    Without both, another target of the step calls them already.
    """

    kind: str
    name: str
    called: tuple[Called, ...] = ()
    why: str = ""

    @property
    def reaches(self) -> bool:
        return any(each.reaches for each in self.called)


class Audience:
    """Everybody whom a plan may call; a number of queries that the plan's length does not change.

    Answers for the time from `at` to `within` later. `is_restricted`: such an incident is told to
    no channel. `but`: who made it worse is not called for that, as long as anybody else is.
    """

    def __init__(
        self,
        plan: Plan,
        terms: dict,
        at: datetime,
        *,
        within: timedelta = timedelta(),
        is_restricted: bool = False,
        but: int | None = None,
    ):
        self.plan, self.terms, self.is_restricted = plan, terms, is_restricted
        keys = _keys(plan)
        self._teams = _members(keys["team"])
        self._channels = Channel.objects.in_bulk(keys["channel"]) if keys["channel"] else {}
        self._rotations = _rotations(keys["rotation"], at, at + within + DAY)
        members = {each for team in self._teams.values() for each in team}
        members |= {each for _, plan in self._rotations.values() for each in _holders(plan)}
        self._people, self._able = _people(keys["person"] | members)
        self._contacts = Contacts(self._people[key] for key in self._able)
        self._found: dict[str, Callable[[Target, datetime], tuple[list, str]]] = {
            "person": self._person,
            "team": self._team,
            "rotation": self._rotation,
            "channel": self._channel,
        }
        self._but = but
        if but is not None and not any(self.reaches(place, at) for place in places(plan)):
            self._but = None

    def urgency(self, place: Place) -> str:
        return urgency_of(step_at(self.plan, place), self.terms)

    def of(self, place: Place, at: datetime) -> list[Aimed]:
        """The targets of a step at this time, each person and channel once."""
        seen: set = set()
        urgency = self.urgency(place)
        return [
            self._aimed(target, urgency, at, seen)
            for target in step_at(self.plan, place)["targets"]
        ]

    def reaches(self, place: Place, at: datetime) -> bool:
        return any(each.reaches for each in self.of(place, at))

    def rotation(self, target: Target) -> tuple[Rotation, RotationPlan] | None:
        """The rotation behind a target, and its plan; None if it is none."""
        is_one = target["kind"] == "rotation"
        return self._rotations.get(target["pk"]) if is_one else None

    def unreached_on_call(self, plan: RotationPlan, since: datetime, until: datetime) -> list[User]:
        """Who is on call in that time and cannot be called."""
        keys = dict.fromkeys(each.person for each in shifts(plan, since, until) if each.person)
        people = [self._people[key] for key in keys if key in self._people]
        return [
            each
            for each in people
            if each.pk not in self._able or not self._contacts.is_reachable(each, since)
        ]

    def _aimed(self, target: Target, urgency: str, at: datetime, seen: set) -> Aimed:
        kind, name = target["kind"], target["name"]
        if kind not in self._found:
            return Aimed(kind, name, why="this version cannot call it")
        found, why = self._found[kind](target, at)
        fresh = [each for each in found if each not in seen and not self._is_left_out(each)]
        seen.update(fresh)
        if found and all(map(self._is_left_out, found)):
            why = RAISED_IT if kind == TargetKind.PERSON else f"{found[0]} {RAISED_IT}"
        called = tuple(Called(each, self._ways(each, urgency, at)) for each in fresh)
        return Aimed(kind, name, called, why)

    def _is_left_out(self, who: User | Channel) -> bool:
        return isinstance(who, User) and who.pk == self._but

    def _ways(self, who: User | Channel, urgency: str, at: datetime) -> tuple[Way, ...]:
        if isinstance(who, Channel):
            return (way_of_channel(who),)
        return tuple(self._contacts.ways(who, urgency, at))

    # What the kinds of targets are: who is behind them, and why nobody is

    def _person(self, target: Target, at: datetime) -> tuple[list, str]:
        person = self._people.get(target["pk"])
        if person is None:
            return [], "the account is gone"
        if not person.is_active:
            return [], "the account is closed"
        if person.pk not in self._able:
            return [], "the role may not work on incidents"
        return [person], ""

    def _team(self, target: Target, at: datetime) -> tuple[list, str]:
        if target["pk"] not in self._teams:
            return [], "the team is gone"
        found = [self._people[key] for key in self._teams[target["pk"]] if key in self._able]
        return found, "" if found else "the team has nobody who may work on incidents"

    def _rotation(self, target: Target, at: datetime) -> tuple[list, str]:
        if target["pk"] not in self._rotations:
            return [], "the rotation is gone"
        rotation, plan = self._rotations[target["pk"]]
        if rotation.archived_at:
            return [], "the rotation is archived"
        person = plan.holder(at).person
        if person is None:
            return [], "nobody is on call"
        if person not in self._able:
            return [], f"{self._people[person]} is on call and may not work on incidents"
        return [self._people[person]], ""

    def _channel(self, target: Target, at: datetime) -> tuple[list, str]:
        channel = self._channels.get(target["pk"])
        if channel is None:
            return [], "the channel is gone"
        if self.is_restricted:
            return [], RESTRICTED
        return ([], "the channel is switched off") if channel.unusable else ([channel], "")


def operators(at: datetime, terms: dict, permission: str) -> list[Called]:
    """All whom the end of a plan calls."""
    people = list(User.objects.who_may(permission).distinct().order_by("pk"))
    contacts, urgency = Contacts(people), "high"
    return [Called(each, tuple(contacts.ways(each, urgency, at))) for each in people]


def _keys(plan: Plan) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for stage in plan:
        for step in stage["steps"]:
            for target in step["targets"]:
                found[target["kind"]].add(target["pk"])
    return found


def _members(teams: set[int]) -> dict[int, list[int]]:
    """The keys of the people of each team."""
    if not teams:
        return {}
    found: dict[int, list[int]] = {}
    rows = Team.objects.filter(pk__in=teams).order_by("pk", "members__pk")
    for team, person in rows.values_list("pk", "members"):
        found.setdefault(team, []).extend([person] if person else [])
    return found


def _rotations(
    keys: set[int], since: datetime, until: datetime
) -> dict[int, tuple[Rotation, RotationPlan]]:
    if not keys:
        return {}
    rows = Rotation.objects.filter(pk__in=keys)
    plans = rows.plans(since, until)
    return {row.pk: (row, plans[row.pk]) for row in rows}


def _holders(plan: RotationPlan) -> set[int]:
    """All whom a rotation may put on call."""
    found = {person for layer in plan.layers for person in layer.members}
    found |= {override.person for override in plan.overrides}
    return {each for each in found if each is not None}


def _people(keys: Iterable[int]) -> tuple[dict[int, User], set[int]]:
    """The people of these keys, and the keys of those who may work on incidents."""
    rows = [(row_of(User, row[:-1]), row[-1]) for row in _PEOPLE(keys)]
    people = {person.pk: person for person, _ in rows}
    return people, {person.pk for person, is_able in rows if is_able}


def _read(keys: list[int]) -> QuerySet:
    able = Exists(User.objects.who_may(WORK).filter(pk=OuterRef("pk")))
    return User.objects.filter(pk__in=keys).order_by().values_list(*columns_of(User), able)


_PEOPLE = PreparedAmong(_read)
