"""Runs that wait for a person, as cards of the first page."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.html import format_html

from portal.accounts.models import User
from portal.accounts.people.prepared import PreparedFor
from portal.core.data.queries import SEPARATOR, joined
from portal.core.templatetags.look import moment
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from runbooks.documents.status import standing
from runbooks.models import Run, RunStep

HOLDER = ("name", "first_name", "last_name", "username")


class Line(NamedTuple):
    """What is read of a run."""

    pk: int
    title: str
    environment: str
    release: str
    started_at: datetime
    steps: str
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
        steps = [_step(text) for text in self.steps.split(SEPARATOR) if text]
        line, act = format_html("{}{}", where, said), Act(label, address, about)
        return Row(address, self.title, line, act, (standing(steps),))


class Step(NamedTuple):
    number: int
    state: str


def held(user, today) -> Card:
    lines = [Line._make(row) for row in _held(user)]
    rows = [line.row("Continue", f" with {line.title}", _since(line)) for line in lines]
    return Card("You are in the middle of", rows, Priority.NOW)


def confirmations(user, today) -> Card:
    said = "led by {}: a step waits until somebody else confirms it"
    lines = [Line._make(row) for row in _confirmations(user)]
    rows = [line.row("Open", f" {line.title}", said.format(line.holder)) for line in lines]
    return Card("Wait for you to confirm", rows, Priority.NOW)


def _since(line: Line) -> str:
    return format_html("since {}", moment(line.started_at, "j M H:i"))


def _step(text: str) -> Step:
    number, _, state = text.partition(":")
    return Step(int(number), state)


def _lines(rows: QuerySet) -> QuerySet:
    step = Concat(Cast("number", TextField()), Value(":"), "state")
    steps = joined(RunStep.objects.all(), step, owner="run")
    about = ("pk", "runbook__title", "environment", "release", "started_at")
    return rows.values_list(*about, steps, *(f"holder__{name}" for name in HOLDER))[:SHOWN]


_held = PreparedFor(lambda user: _lines(Run.objects.held_by(user)))
_confirmations = PreparedFor(lambda user: _lines(Run.objects.waiting_for(user)))
