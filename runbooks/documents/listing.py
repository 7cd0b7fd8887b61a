"""The rows of the runbook list: in an indexed order, without reading a version's text."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from threading import Lock

from django.core.cache import caches
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from portal.core.api.pagination import Ordering, Page, paginate
from portal.core.data.queries import joined
from portal.core.web.status import ARCHIVED, Status
from runbooks.models import AlertName, Entry, Kind, Runbook, RunState, Version
from runbooks.models.choices import OPEN

from .status import RUN, review_status, run_lesson, version_status

SORTS = {
    "attention": ("Needs attention first", Ordering(("review_due",), nullable=True)),
    "title": ("Title", Ordering(("title",))),
    "newest": ("Newest change", Ordering(("changed_at",), descending=True)),
}
ATTENTION = "attention"
COUNTING = Lock()
MANY = 5000  # to count the facets of more takes longer than anybody waits after each change
REMEMBERED = 60  # seconds, for what changes without a runbook: names of teams and services
COLUMNS = (
    "pk",
    "slug",
    "title",
    "kind",
    "review_due",
    "review_asked",
    "archived_at",
    "changed_at",
    "owner__name",
    "published__number",
    "run_state",
    "run_at",
)


@dataclass(frozen=True)
class Line:
    """One row, in words."""

    address: str
    title: str
    kind: str
    alerts: list[str]
    owner: str
    version: int | None
    statuses: list[Status]
    lesson: Status | None  # what its last run says, if that is worth a word
    run: Status | None
    run_at: datetime | None

    @property
    def more_alerts(self) -> int:
        return len(self.alerts[1:])


def page(rows, *, sort: str, parameters, drafts: bool, on: date) -> tuple[Page, list[Line]]:
    """One page of the list and its cursors. Raises DRF's ValidationError for a bad cursor."""
    alerts = joined(AlertName.objects, "name", owner="runbook")
    found = paginate(
        rows.with_last_run().values(*COLUMNS).annotate(alert_names=alerts, **_open_version(drafts)),
        SORTS[sort][1],
        sort,
        parameters,
    )
    return found, [_line(row, on) for row in found.rows]


def _open_version(drafts: bool) -> dict:
    """Number, state and reviewer of the draft or the version in review."""
    if not drafts:
        return {}
    opened = Version.objects.filter(runbook=OuterRef("pk"), state__in=OPEN).order_by()
    names = {"open_number": "number", "open_state": "state", "open_reviewer": "reviewer_id"}
    return {name: Subquery(opened.values(column)[:1]) for name, column in names.items()}


def _line(row: dict, on: date) -> Line:
    lesson, state = _lesson(row, on), row["run_state"]
    return Line(
        address=reverse("runbooks:detail", args=[row["slug"]]),
        title=row["title"],
        kind=Kind(row["kind"]).label,
        alerts=row["alert_names"].split(),
        owner=row["owner__name"] or "",
        version=row["published__number"],
        statuses=list(_statuses(row, on)),
        lesson=lesson,
        run=lesson or (RUN[RunState(state)] if state else None),
        run_at=row["run_at"],
    )


def _lesson(row: dict, on: date) -> Status | None:
    if row["archived_at"] or not row["published__number"]:
        return None
    return run_lesson(row["kind"], row["run_state"], row["run_at"], on=on)


def _statuses(row: dict, on: date):
    if row["archived_at"]:
        yield ARCHIVED
        return
    if row.get("open_state"):
        status = version_status(row["open_state"], row["open_reviewer"])
        yield status._replace(word=f"v{row['open_number']} {status.word.lower()}")
    due = review_status(row["review_due"], row["review_asked"], on=on)
    if due:
        yield due
    if not row["owner__name"]:
        yield Status("warn", "warn", "No owner", loud=True)


def remembered(what: str, key: tuple, make):
    """What `make` returns, kept by this process for a minute or until a runbook changes.

    It may show times, which are those of the reader's zone, and what the `key` names.
    """
    name, generation = _name(what, key), _generation()
    before, made = caches["process"].get(name, (None, None))
    if before is None or before != generation:
        made = make()
        caches["process"].set(name, (generation, made), REMEMBERED)
    return made


def counted(key: tuple, count) -> dict:
    """What `count` returns, kept like `remembered`; the counts of MANY may be a minute old.

    These are shared by all processes, and of many who ask at once only one of a process counts.
    """
    name = _name("many", key)
    with COUNTING:
        shared = caches["process"].get(name) or caches["default"].get(name)
        counts = shared or remembered("counts", key, count)
        if counts["all"] > MANY:
            caches["process"].set(name, counts, REMEMBERED)
            if not shared:
                caches["default"].set(name, counts, REMEMBERED)
        return counts


def _name(what: str, key: tuple) -> str:
    zone, language = timezone.get_current_timezone_name(), get_language()
    return sha256(repr((what, key, zone, language)).encode()).hexdigest()


def _generation() -> tuple:
    """Differs after every change of any runbook or run: newest change, newest row, newest entry."""
    newest = Runbook.objects.order_by("-pk").values("pk")[:1]
    entries = Entry.objects.order_by("-pk").values("pk")[:1]
    rows = Runbook.objects.order_by("-changed_at", "-pk").annotate(
        newest_pk=Subquery(newest), entry=Subquery(entries)
    )
    return rows.values_list("pk", "changed_at", "newest_pk", "entry").first() or ()
