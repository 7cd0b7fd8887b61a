"""Whom standing assignments ask, by name, through a team or as new, and how far each of them is.

One relation that the database alone reads: a row for each way in which somebody is asked to follow
a guide, and on demand one for each person who began. Late is who has not finished on the day after:
all steps of some version, and its confirmation where one is asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from onboarding.models import Assignment, Guide
from onboarding.privacy.retention import kept_since
from portal.core.web.days import midnight

WAYS = """
SELECT a.id AS assignment, a.guide_id AS guide, a.user_id AS who, 1 AS asked, {late_given} AS late
FROM onboarding_assignment a
WHERE a.withdrawn_at IS NULL AND a.user_id IS NOT NULL {kept} {only_asked}
UNION ALL
SELECT a.id, a.guide_id, m.user_id, 1, {late_given}
FROM onboarding_assignment a JOIN accounts_team_members m ON m.team_id = a.team_id
WHERE a.withdrawn_at IS NULL {kept} {only_asked}
UNION ALL
SELECT a.id, a.guide_id, n.id, 1, {late_new}
FROM onboarding_assignment a JOIN accounts_user n ON n.date_joined >= a.created_at
WHERE a.withdrawn_at IS NULL AND a.everybody_new {kept_new} {only_asked}
"""
BEGUN = """
UNION ALL
SELECT NULL, b.guide_id, b.user_id, 0, 0
FROM onboarding_progress b WHERE b.user_id IS NOT NULL {only_begun}
"""
PEOPLE = """
FROM (
  SELECT {by}, who, MAX(asked) AS asked, MAX(late) AS late FROM ({ways}) ways GROUP BY {by}, who
) people
JOIN accounts_user u ON u.id = people.who AND u.is_active
LEFT JOIN onboarding_progress p ON p.guide_id = people.guide AND p.user_id = people.who
"""
COUNTS = """COUNT(*), COUNT(p.id), COUNT(p.finished_at),
COALESCE(SUM(CASE WHEN people.late = 1 AND p.finished_at IS NULL THEN 1 ELSE 0 END), 0)"""
ORDER = """CASE WHEN p.finished_at IS NOT NULL THEN 3 WHEN people.late = 1 THEN 0
WHEN p.id IS NULL THEN 1 ELSE 2 END, u.username"""


@dataclass(frozen=True)
class Asked:
    """How many are asked, and how far those are."""

    people: int = 0
    begun: int = 0
    done: int = 0
    late: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(
            self.people + other.people,
            self.begun + other.begun,
            self.done + other.done,
            self.late + other.late,
        )

    @property
    def waiting(self) -> int:
        """Those who have not begun."""
        return self.people - self.begun

    @property
    def begun_only(self) -> int:
        """Those who began and have not finished."""
        return self.begun - self.done


@dataclass(frozen=True)
class Person:
    """Somebody who is asked, or began by themselves."""

    user: int
    is_asked: bool
    is_late: bool


def by_version(*, at: datetime, guide: Guide | None = None) -> dict[tuple[int, int | None], Asked]:
    """(guide, version that they follow, or None before they begin) -> those who are asked."""
    ways = _Ways(at, guide=guide)
    sql = f"SELECT people.guide, p.version_id, {COUNTS} {ways.people('guide')}"
    rows = ways.run(f"{sql} GROUP BY people.guide, p.version_id")
    return {(row[0], row[1]): Asked(*row[2:]) for row in rows}


def by_guide(*, at: datetime) -> dict[int, Asked]:
    """Guide -> those who are asked to follow it."""
    found: dict[int, Asked] = {}
    for (guide, _), asked in by_version(at=at).items():
        found[guide] = found.get(guide, Asked()) + asked
    return found


def by_assignment(assignments: Iterable[Assignment], *, at: datetime) -> dict[int, Asked]:
    """Assignment -> those whom it asks."""
    keys = [row.pk for row in assignments]
    if not keys:
        return {}
    ways = _Ways(at, assignments=keys)
    sql = f"SELECT people.assignment, {COUNTS} {ways.people('assignment, guide')}"
    rows = ways.run(f"{sql} GROUP BY people.assignment")
    return {row[0]: Asked(*row[1:]) for row in rows}


def people_of(guide: Guide, *, at: datetime, limit: int, offset: int = 0) -> list[Person]:
    """Who is asked to follow a guide or began by themselves; see ORDER."""
    return _people(_Ways(at, guide=guide, begun=True), limit, offset)


def people_asked(row: Assignment, *, at: datetime, limit: int, offset: int = 0) -> list[Person]:
    """Whom an assignment asks; see ORDER."""
    return _people(_Ways(at, assignments=[row.pk]), limit, offset)


def _people(ways: "_Ways", limit: int, offset: int) -> list[Person]:
    sql = f"SELECT people.who, people.asked, people.late, p.finished_at {ways.people('guide')}"
    rows = ways.run(f"{sql} ORDER BY {ORDER} LIMIT %s OFFSET %s", limit, offset)
    return [Person(row[0], bool(row[1]), bool(row[2]) and row[3] is None) for row in rows]


class _Ways:
    """The relation as SQL, narrowed to a guide or to assignments, with its parameters."""

    def __init__(self, at: datetime, *, guide=None, assignments=None, begun=False):
        self.on = timezone.localdate(at)
        self.keys = assignments or ([guide.pk] if guide else [])
        self.column = "id" if assignments else "guide_id"
        self.begun = begun
        self.days = _distinct_days()
        self.since = kept_since(at)

    def people(self, by: str) -> str:
        """The FROM clause: one row for each person and value of these columns."""
        only = self._only("a", self.column)
        late_given, late_new = self._late("a.created_at"), self._late("n.date_joined")
        ways = WAYS.format(
            late_given=late_given,
            late_new=late_new,
            kept=self._kept("a.created_at"),
            kept_new=self._kept("n.date_joined"),
            only_asked=only,
        )
        if self.begun:
            ways += BEGUN.format(only_begun=self._only("b", "guide_id"))
        return PEOPLE.format(by=by, ways=ways)

    def _only(self, table: str, column: str) -> str:
        marks = ", ".join(["%s"] * len(self.keys))
        return f"AND {table}.{column} IN ({marks})" if self.keys else ""

    def _kept(self, asked_at: str) -> str:
        return "" if self.since is None else f"AND {asked_at} >= %s"

    def _late(self, since: str) -> str:
        """Whether the day is past: the one given, or so many days after a moment."""
        more = "".join(f" WHEN a.due_days = %s AND {since} < %s THEN 1" for _ in self.days)
        given = "WHEN a.due_on < %s THEN 1 WHEN a.due_on IS NOT NULL THEN 0"
        return f"CASE {given}{more} ELSE 0 END"

    def _parameters(self) -> list[Any]:
        late: list[Any] = [connection.ops.adapt_datefield_value(self.on)]
        for days in self.days:
            since = midnight(self.on - timedelta(days=days))
            late += [days, connection.ops.adapt_datetimefield_value(since)]
        if self.since is not None:
            late.append(connection.ops.adapt_datetimefield_value(self.since))
        return [*late, *self.keys] * 3 + (self.keys if self.begun else [])

    def run(self, sql: str, *more: Any) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self._parameters(), *more])
            return cursor.fetchall()


def _distinct_days() -> list[int]:
    rows = Assignment.objects.standing().filter(due_on=None, due_days__isnull=False)
    return list(rows.order_by("due_days").values_list("due_days", flat=True).distinct())
