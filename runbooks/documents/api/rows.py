"""Runbooks as the API shows them: read with `values()` in one query, no model instances."""

from django.db.models import F

from portal.core.data.queries import Prepared, joined
from runbooks.models import AlertName, Runbook

SERVICES = Runbook.services.through.objects.all()
ALERTS = AlertName.objects.all()

# name of the member -> columns that it is made of
COLUMNS = {
    "slug": ("slug",),
    "title": ("title",),
    "section": ("section",),
    "kind": ("kind",),
    "owner": ("owner__slug",),
    "services": ("service_slugs",),
    "alerts": ("alert_names",),
    "summary": ("summary",),
    "version": ("published__number",),
    "newest": ("head",),
    "review_days": ("review_days",),
    "reviewed_at": ("reviewed_at",),
    "review_due": ("review_due",),
    "review_asked": ("review_asked",),
    "created_at": ("created_at",),
    "changed_at": ("changed_at",),
    "archived_at": ("archived_at",),
    "merged_into": ("merged_into__slug",),
    "etag": ("published__number", "revision"),
    "url": ("slug",),
    "last_run_at": ("run_at",),
    "last_run_state": ("run_state",),
    "text": ("published__text",),
    "html": ("published__html",),
    "parameters": ("published__parameters",),
}
OF_RUNS = ("last_run_at", "last_run_state")  # not in the detail: its ETag is of the runbook alone
DETAIL = tuple(name for name in COLUMNS if name not in OF_RUNS)
DETAIL_DEFAULT = tuple(name for name in DETAIL if name != "html")
LIST = tuple(name for name in COLUMNS if name not in ("text", "html", "parameters"))
ALWAYS = ("pk", "published__number", "revision", "slug")


def select(rows, names: tuple[str, ...], *extra: str):
    """A `values()` queryset with the columns that these members need."""
    columns = {column for name in names for column in COLUMNS[name]} | set(extra) | set(ALWAYS)
    return _with_lists(rows, columns).values(*columns)


def _with_lists(rows, columns):
    if "service_slugs" in columns:
        rows = rows.annotate(service_slugs=joined(SERVICES, F("service__slug"), owner="runbook_id"))
    if "alert_names" in columns:
        rows = rows.annotate(alert_names=joined(ALERTS, F("name"), owner="runbook_id"))
    return rows.with_last_run() if {"run_at", "run_state"} & set(columns) else rows


def columns_of(names: tuple[str, ...]) -> tuple[str, ...]:
    columns = {column for name in names for column in COLUMNS[name]}
    return tuple(sorted(columns | set(ALWAYS)))


def _at(drafts_too: bool, columns: tuple[str, ...], *, slug: str):
    seen = Runbook.objects.filter(slug=slug)
    seen = seen if drafts_too else seen.published()
    return _with_lists(seen.order_by(), columns).values_list(*columns)


_one = Prepared(_at)


def one(slug: str, names: tuple[str, ...], user) -> dict | None:
    """The columns of one runbook that this person may see; None if there is none."""
    columns = columns_of(names)
    found = _one(user.has_perm("runbooks.view_version"), columns, slug=slug)
    return dict(zip(columns, found[0], strict=True)) if found else None


def etag_of(row: dict) -> str:
    return f'"v{row["published__number"] or 0}-{row["revision"]:08x}"'


MADE = {
    "services": lambda row: sorted(row["service_slugs"].split()),
    "alerts": lambda row: sorted(row["alert_names"].split()),
    "version": lambda row: row["published__number"] or 0,
    "etag": etag_of,
    "url": lambda row: f"/runbooks/{row['slug']}/",
}


def member(row: dict, name: str):
    return MADE[name](row) if name in MADE else row[COLUMNS[name][0]]


def shown(row: dict, names: tuple[str, ...]) -> dict:
    return {name: member(row, name) for name in names}
