"""Everything that the page of a runbook shows, read in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Replace
from django.urls import reverse

from portal.core.data.queries import SEPARATOR, Prepared, joined
from runbooks.models import AlertName, Feedback, Link, Runbook, Version

LINKS_SHOWN = 20
BETWEEN = "\x1e"  # ASCII's record separator, between an address and a name
OF_RUNBOOK = (
    "pk",
    "slug",
    "title",
    "section",
    "kind",
    "head",
    "archived_at",
    "merged_into_id",
    "published_id",
    "reviewed_at",
    "review_due",
    "review_asked",
    "review_days",
)
OF_VERSION = (
    "id",
    "number",
    "state",
    "author_name",
    "reviewer_id",
    "published_at",
    "hash",
    "html",
    "toc",
    "parameters",
)
LISTS = (
    *("alert_names", "service_names", "link_names", "yes", "no", "my_answer"),
    *("run_state", "run_at", "is_watched"),
)
OTHERS = ("owner__name", "published__reviewer__name", "published__reviewer__username")
COLUMNS = (*OF_RUNBOOK, *(f"published__{name}" for name in OF_VERSION), *OTHERS, *LISTS)


@dataclass(frozen=True)
class Named:
    """An address and its name, of something that is only linked to."""

    url: str
    name: str


@dataclass(frozen=True)
class Page:
    """What `runbooks/detail.html` shows; the runbook and its version are not for saving."""

    runbook: Runbook
    version: Version | None
    owner: str
    reviewer: str
    alerts: list[str]
    services: list[Named]
    links: list[Named]
    yes: int
    no: int
    my_answer: bool | None
    run_state: str | None  # of the last run
    run_at: datetime | None
    is_watched: bool

    @property
    def kind(self) -> str:
        return self.runbook.kind


def _rows(drafts_too: bool, *, slug: str, user: int):
    seen = Runbook.objects.filter(slug=slug).with_last_run().order_by()
    if not drafts_too:
        seen = seen.published()
    answers = Feedback.objects.filter(runbook=OuterRef("pk")).order_by().values("runbook")
    mine = Feedback.objects.filter(version=OuterRef("published"), user_id=user)
    services = Runbook.services.through.objects.all()
    watching = Runbook.watchers.through.objects.order_by()
    links = Link.objects.filter(source__archived_at=None, source__published__isnull=False)
    return seen.annotate(
        alert_names=joined(AlertName.objects.all(), F("name"), owner="runbook"),
        service_names=joined(services, _named("service", "slug", "name"), owner="runbook"),
        link_names=joined(links, _named("source", "slug", "title"), owner="target"),
        yes=Subquery(answers.annotate(n=Count("pk", filter=Q(helpful=True))).values("n")),
        no=Subquery(answers.annotate(n=Count("pk", filter=Q(helpful=False))).values("n")),
        my_answer=Subquery(mine.values("helpful")[:1]),
        is_watched=Exists(watching.filter(runbook=OuterRef("pk"), user=user)),
    ).values_list(*COLUMNS)


def _named(relation: str, address: str, name: str) -> Concat:
    """The name without the separator, which somebody may have pasted into a title."""
    whole = Replace(F(f"{relation}__{name}"), Value(SEPARATOR), Value(" "))
    return Concat(F(f"{relation}__{address}"), Value(BETWEEN), whole)


_page = Prepared(_rows)


def page_of(slug: str, user) -> Page | None:
    """The page as this person may see it; None if there is none at this address."""
    found = _page(user.has_perm("runbooks.view_version"), slug=slug, user=user.pk)
    return _made(dict(zip(COLUMNS, found[0], strict=True))) if found else None


def _made(row: dict[str, Any]) -> Page:
    runbook = Runbook(**{name: row[name] for name in OF_RUNBOOK})
    version = None
    if row["published_id"]:
        version = Version(**{name: row[f"published__{name}"] for name in OF_VERSION})
        version.runbook = runbook
        runbook.published = version
    return Page(
        runbook,
        version,
        row["owner__name"] or "",
        row["published__reviewer__name"] or row["published__reviewer__username"] or "",
        sorted(row["alert_names"].split()),
        _things(row["service_names"], "architecture:service"),
        _things(row["link_names"], "runbooks:detail")[:LINKS_SHOWN],
        row["yes"] or 0,
        row["no"] or 0,
        row["my_answer"],
        row["run_state"],
        row["run_at"],
        row["is_watched"],
    )


def _things(text: str, address: str) -> list[Named]:
    parts = {part for part in text.split(SEPARATOR) if part}
    pairs = sorted((part.split(BETWEEN, 1) for part in parts), key=_name)
    return [Named(reverse(address, args=[slug]), name) for slug, name in pairs]


def _name(pair: list[str]) -> str:
    return pair[1].lower()
