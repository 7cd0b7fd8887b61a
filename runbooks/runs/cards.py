"""Runs that wait for a person, as cards of the first page."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.html import format_html

from portal.accounts.models import User
from portal.accounts.people.prepared import PreparedFor
from portal.core.data.queries import SEPARATOR, joined
from portal.core.templatetags.look import moment
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.status import Status
from runbooks.documents.status import standing
from runbooks.models import Entry, EntryKind, Run, RunStep
from runbooks.models.entries import message_to

HOLDER = ("name", "first_name", "last_name", "username")
HANDED = ("by", "by_name", "text", "at")


class Line(NamedTuple):
    """What is read of a run."""

    pk: int
    title: str
    environment: str
    release: str
    started_at: datetime
    steps: str
    rolled_back_by: int | None
    handed_by: int | None  # who gave it to somebody else last, and what the log says of it
    handed_by_name: str | None
    handed_text: str | None
    handed_at: datetime | None
    name: str | None
    first_name: str | None
    last_name: str | None
    username: str | None

    @property
    def holder(self) -> str:
        if self.username is None:
            return "nobody"
        return User(**{field: getattr(self, field) for field in HOLDER}).display_name

    def row(self, label: str, about: str, said: str) -> Row:
        where = "".join(f"{each}, " for each in (self.environment, self.release) if each)
        address = reverse("runbooks:run", args=[self.pk])
        line, act = format_html("{}{}", where, said), Act(label, address, about)
        return Row(address, self.title, line, act, (self.status,))

    @property
    def status(self) -> Status:
        """Where it stands: being rolled back, or at which step."""
        if self.rolled_back_by is not None:
            return Status("warn", "restore", f"Being rolled back by run {self.rolled_back_by}")
        return standing([_step(text) for text in self.steps.split(SEPARATOR) if text])


class Step(NamedTuple):
    number: int
    state: str


def held(user, today) -> Card:
    lines = [Line._make(row) for row in _held(user)]
    rows = [line.row("Continue", f" with {line.title}", _since(line, user)) for line in lines]
    return Card("Your active runs", rows, Priority.NOW)


def confirmations(user, today) -> Card:
    said = "led by {}: a step waits until somebody else confirms it"
    lines = [Line._make(row) for row in _confirmations(user)]
    rows = [line.row("Open", f" {line.title}", said.format(line.holder)) for line in lines]
    return Card("Waiting for your confirmation", rows, Priority.NOW)


def unled(user, today) -> Card:
    lines = [Line._make(row) for row in _unled(user)]
    said = "nobody leads it: take the lead, or end it"
    rows = [line.row("Open", f" {line.title}", said) for line in lines]
    return Card("Runs that nobody leads", rows, Priority.NOW)


def _since(line: Line, user) -> str:
    """Since when; of a run that somebody else handed over, by whom and with which message."""
    if line.handed_at is None or line.handed_by == user.pk:
        return format_html("since {}", moment(line.started_at, "j M, H:i"))
    message, at = message_to(user, line.handed_text or ""), moment(line.handed_at, "j M, H:i")
    said = f": “{message}”" if message else ""
    return format_html("handed over by {} on {}{}", line.handed_by_name or "somebody", at, said)


def _step(text: str) -> Step:
    number, _, state = text.partition(":")
    return Step(int(number), state)


def _lines(rows: QuerySet) -> QuerySet:
    step = Concat(Cast("number", TextField()), Value(":"), "state")
    steps = joined(RunStep.objects.all(), step, owner="run")
    about = ("pk", "runbook__title", "environment", "release", "started_at")
    handed = Entry.objects.filter(run=OuterRef("pk"), kind=EntryKind.HANDED_OVER)
    last = (Subquery(handed.order_by("-at", "-pk").values(name)[:1]) for name in HANDED)
    back = Run.objects.running().filter(rollback_of=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    of_holder = (f"holder__{name}" for name in HOLDER)
    return rows.values_list(*about, steps, Subquery(back), *last, *of_holder)[:SHOWN]


_held = PreparedFor(lambda user: _lines(Run.objects.held_by(user)))
_unled = PreparedFor(lambda user: _lines(Run.objects.unled_for(user)))
_confirmations = PreparedFor(lambda user: _lines(Run.objects.waiting_for(user)))
