"""Runbooks and their versions that wait for a person, as cards of the first page."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from portal.accounts.people.prepared import PreparedFor
from portal.core.templatetags.look import places_named
from portal.core.web.attention import SHOWN, Act, Card, Row
from portal.core.web.days import day_of, minute_of
from runbooks.models import Runbook, State, Version, WorkingCopy

from .status import review_status, run_lesson, version_status


class VersionLine(NamedTuple):
    """What is read of a version: not its text."""

    slug: str
    title: str
    number: int
    state: str
    reviewer: int | None
    author: str
    note: str
    review_note: str
    submitted_at: datetime | None

    @property
    def by(self) -> str:
        note = f": {self.note}" if self.note else ""
        return f"v{self.number} by {self.author or 'somebody'}{note}"

    def address(self, view: str = "version") -> str:
        return reverse(f"runbooks:{view}", args=[self.slug, self.number])


class RunbookLine(NamedTuple):
    """What is read of a runbook."""

    pk: int
    slug: str
    title: str
    kind: str
    summary: str
    due: date | None
    asked: str
    published: int | None
    run_state: str | None
    run_at: datetime | None


def reviews(user, today) -> Card:
    lines = [VersionLine._make(row) for row in _reviews(user)]
    return Card("Drafts to review", [_review_row(line) for line in lines])


def _review_row(line: VersionLine) -> Row:
    act = Act("Review", address := line.address("review"), f" {line.title}")
    since = f"since {day_of(line.submitted_at)}" if line.submitted_at else ""
    return Row(address, line.title, line.by, act, when=since)


def approved(user, today) -> Card:
    lines = [VersionLine._make(row) for row in _approved(user)]
    return Card("Approved, not yet published", [_approved_row(line) for line in lines])


def _approved_row(line: VersionLine) -> Row:
    act = Act("Publish", line.address("publish"), f" {line.title}", is_post=True)
    return Row(line.address(), line.title, line.by, act)


def drafts(user, today) -> Card:
    return Card("Your drafts", [_draft_row(VersionLine._make(row)) for row in _drafts(user)])


def _draft_row(line: VersionLine) -> Row:
    is_rejected = line.state == State.REJECTED
    said = line.review_note if is_rejected else line.note
    about = f"v{line.number}" + (f": {said}" if said or is_rejected else "")
    act = Act("Edit", reverse("runbooks:edit", args=[line.slug]), f" {line.title}")
    status = version_status(line.state, line.reviewer)
    return Row(line.address(), line.title, about, act, (status,))


def authorless(user, today) -> Card:
    rows = [_draft_row(VersionLine._make(row)) for row in _authorless(user)]
    return Card("Drafts of your team without an author", rows)


def copies(user, today) -> Card:
    return Card("You were typing", [_copy_row(*row) for row in _copies(user)])


def _copy_row(slug: str | None, of: str | None, typed: str, saved_at: datetime) -> Row:
    page = reverse("runbooks:edit", args=[slug]) if slug else reverse("runbooks:new")
    title = of or typed or "A new runbook"
    act = Act("Continue", f"{page}?copy", f" with {title}")
    line = f"saved {minute_of(saved_at)}, not yet a draft"
    return Row(f"{page}?copy", title, line, act)


def stale(user, today) -> Card:
    more = f"{reverse('runbooks:list')}?attention=overdue&attention=asked"
    lines = sorted(_stale_lines(user, today), key=lambda line: (line.due or date.max, line.pk))
    verb = "Review now" if user.has_perm("runbooks.change_runbook") else "Read"
    rows = [_stale_row(line, today, verb) for line in lines[:SHOWN]]
    return Card("Your runbooks due for review", rows, more=("Show all", more))


def unowned(user, today) -> Card:
    more = f"{reverse('runbooks:list')}?attention=unowned"
    lines = [RunbookLine._make(row) for row in _unowned(user, today=today)]
    rows = [_stale_row(line, today, "Check") for line in lines]
    return Card("Runbooks without an owner that need a review", rows, more=("Show all", more))


def _stale_lines(user, today) -> set[RunbookLine]:
    """The first of each team, by an index each: as fast however many runbooks a team owns.

    Two queries a team that has any.
    """
    teams = [team for (team,) in _stale_teams(user, today=today)]
    overdue = [row for team in teams for row in _overdue(user, team=team, today=today)]
    asked = [row for team in teams for row in _asked(user, team=team)]
    return {RunbookLine._make(row) for row in overdue + asked}


def _stale_row(line: RunbookLine, today, verb: str) -> Row:
    address = reverse("runbooks:detail", args=[line.slug])
    statuses = [review_status(line.due, line.asked, on=today)]
    if line.published:
        statuses.append(run_lesson(line.kind, line.run_state, line.run_at, on=today))
    act = Act(verb, address, f" {line.title}")
    return Row(address, line.title, places_named(line.asked or line.summary), act, statuses)


def _versions(rows: QuerySet) -> QuerySet:
    about = ("number", "state", "reviewer", "author_name", "note", "review_note", "submitted_at")
    return rows.values_list("runbook__slug", "runbook__title", *about)[:SHOWN]


def _copies_of(user) -> QuerySet:
    rows = WorkingCopy.objects.filter(user=user)
    return rows.values_list("runbook__slug", "runbook__title", "title", "saved_at")[:SHOWN]


def _stale_teams_of(user, *, today) -> QuerySet:
    return Runbook.objects.visible(user).stale_teams(user, on=today).values_list("pk")


def _overdue_of(user, *, team, today) -> QuerySet:
    return _runbooks(Runbook.objects.visible(user).filter(owner=team).overdue(on=today))


def _asked_of(user, *, team) -> QuerySet:
    return _runbooks(Runbook.objects.visible(user).filter(owner=team).asked())


def _runbooks(rows: Any) -> QuerySet:
    about = ("kind", "summary", "review_due", "review_asked", "published_id", "run_state", "run_at")
    rows = rows.order_by("review_due", "pk").with_last_run()
    return rows.values_list("pk", "slug", "title", *about)[:SHOWN]


_reviews = PreparedFor(lambda user: _versions(Version.objects.reviewable_by(user)))
_approved = PreparedFor(lambda user: _versions(Version.objects.publishable_by(user)))
_drafts = PreparedFor(lambda user: _versions(Version.objects.unfinished_by(user)))
_authorless = PreparedFor(lambda user: _versions(Version.objects.authorless_for(user)))
_unowned = PreparedFor(
    lambda user, *, today: _runbooks(Runbook.objects.unowned_for(user, on=today))
)
_copies, _stale_teams = PreparedFor(_copies_of), PreparedFor(_stale_teams_of)
_overdue, _asked = PreparedFor(_overdue_of), PreparedFor(_asked_of)
