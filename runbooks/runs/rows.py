"""What the page of a run reads: each of its tables by one prepared query."""

from collections import defaultdict
from typing import NamedTuple

from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.data.queries import Columns, Prepared
from runbooks.models import Entry, Image, Run, Runbook, RunStep, Version

LARGEST_KEY = 2**63 - 1
NAMES = ("id", "username", "name", "first_name", "last_name")

_RUN, _RUNBOOK = Columns(Run), Columns(Runbook, "runbook")
_PUBLISHED = Columns(Version, "runbook__published", only=("id", "number"))
_VERSION = Columns(Version, "version", only=("id", "number", "steps", "parameters"))
_HOLDER, _SERVICE = Columns(User, "holder", only=NAMES), Columns(Service, "service")
_ROLLED_BACK = Columns(Run, "rollback_of", only=("id",))
_WHOLE = (_RUN, _RUNBOOK, _PUBLISHED, _VERSION, _HOLDER, _SERVICE, _ROLLED_BACK)

_STEP, _CONFIRMED = Columns(RunStep), Columns(User, "confirmed_by", only=NAMES)
_ENTRY, _OF_STEP = Columns(Entry), Columns(RunStep, "step", only=("id", "number"))
_ROLLBACK = Columns(Run, only=("id", "state"))
_FOLLOWED = Columns(Runbook, "runbook", only=("id", "slug", "title"))
_IMAGE, _TAKEN_OF = Columns(Image), Columns(Entry, "entry", only=("id", "step_id"))


class Pictures(NamedTuple):
    """What was taken: of a step, the oldest first, and with an entry, the newest first."""

    by_step: dict[int | None, list[Image]]
    by_entry: dict[int, list[Image]]


def run_at(pk: int) -> Run | None:
    """A run with everything that its page names; what it does not show is read when asked for."""
    found = _runs(pk=pk) if pk <= LARGEST_KEY else []
    if not found:
        return None
    run, runbook, published, version, holder, service, rolled_back = Columns.split(_WHOLE, found[0])
    runbook.published = published
    run.runbook, run.version, run.holder = runbook, version, holder
    run.service, run.rollback_of = service, rolled_back
    return run


def steps_of(run: Run) -> list[RunStep]:
    """In their order, each with who confirmed it."""
    steps = []
    for row in _steps(run=run.pk):
        step, step.confirmed_by = Columns.split((_STEP, _CONFIRMED), row)
        step.run = run
        steps.append(step)
    return steps


def entries_of(run: Run, most: int) -> list[Entry]:
    """The log, the newest first."""
    entries = []
    for row in _entries(most, run=run.pk):
        entry, entry.step = Columns.split((_ENTRY, _OF_STEP), row)
        entries.append(entry)
    return entries


def pictures_of(run: Run) -> Pictures:
    found = Pictures(defaultdict(list), defaultdict(list))
    for row in _images(run=run.pk):
        image, entry = Columns.split((_IMAGE, _TAKEN_OF), row)
        found.by_step[entry.step_id].append(image)
        found.by_entry[entry.pk].insert(0, image)
    return found


def rollbacks_of(run: Run) -> list[Run]:
    """The runs that take this one back, the newest first."""
    rollbacks = []
    for row in _rollbacks(run=run.pk):
        rollback, rollback.runbook = Columns.split((_ROLLBACK, _FOLLOWED), row)
        rollbacks.append(rollback)
    return rollbacks


@Prepared
def _runs(*, pk: int):
    return Run.objects.filter(pk=pk).order_by().values_list(*Columns.paths_of(_WHOLE))


@Prepared
def _steps(*, run: int):
    rows = RunStep.objects.filter(run=run).order_by("number")
    return rows.values_list(*Columns.paths_of((_STEP, _CONFIRMED)))


@Prepared
def _entries(most: int, *, run: int):
    rows = Entry.objects.filter(run=run).order_by("-at", "-pk")
    return rows.values_list(*Columns.paths_of((_ENTRY, _OF_STEP)))[:most]


@Prepared
def _images(*, run: int):
    rows = Image.objects.filter(entry__run=run).order_by("entry__at", "pk")
    return rows.values_list(*Columns.paths_of((_IMAGE, _TAKEN_OF)))


@Prepared
def _rollbacks(*, run: int):
    rows = Run.objects.filter(rollback_of=run).recent()  # index run_takes_back
    return rows.values_list(*Columns.paths_of((_ROLLBACK, _FOLLOWED)))
