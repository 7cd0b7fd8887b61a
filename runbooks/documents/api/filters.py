"""The filters and orders of the list of runbooks."""

from django.utils import timezone

from portal.core.api.pagination import Ordering
from runbooks.models import Kind, Lesson, Section, State
from runbooks.search import search

from .examples import bad

ORDERS = {
    "title": Ordering(("title",)),
    "-title": Ordering(("title",), descending=True),
    "changed": Ordering(("changed_at",)),
    "-changed": Ordering(("changed_at",), descending=True),
    "review_due": Ordering(("review_due",), nullable=True),
}
STATES = ("published", "unpublished", "draft", "in_review", "archived", "current")
FOUND_AT_MOST = 2000


def filtered(rows, params, user):
    """The rows that the query string asks for; unknown words are a ValidationError."""
    rows = _by_state(rows, params.get("state", "current"))
    rows = _by_choice(rows, params, "section", Section.values)
    rows = _by_choice(rows, params, "kind", Kind.values)
    for name, column in (("owner", "owner__slug"), ("service", "services__slug")):
        if params.get(name):
            rows = rows.filter(**{f"{column}__in": _texts(params, name)})
    if params.get("alert"):
        rows = rows.filter(alerts__name__in=_texts(params, "alert"))
    if params.get("stale"):
        rows = _by_staleness(rows, params["stale"])
    if params.get("last_run"):
        rows = _by_last_run(rows, params.getlist("last_run"))
    if params.get("search"):
        found = search(params["search"], user=user, limit=FOUND_AT_MOST)
        rows = rows.filter(pk__in=[hit.runbook_id for hit in found.hits])
    return rows.distinct() if params.get("service") else rows


def _texts(params, name: str) -> list[str]:
    values = params.getlist(name)
    if any("\x00" in value for value in values):
        raise bad(name, "NUL characters match nothing.")
    return values


def _by_choice(rows, params, name: str, known):
    values = params.getlist(name)
    if set(values) - set(known):
        raise bad(name, f"Use one of {', '.join(known)}.")
    return rows.filter(**{f"{name}__in": values}) if values else rows


def _by_state(rows, state: str):
    match state:
        case "archived":
            return rows.archived()
        case "published":
            return rows.current().published()
        case "unpublished":
            return rows.unpublished()
        case State.DRAFT | State.IN_REVIEW:
            return rows.current().filter(versions__state=state)
        case "current":
            return rows.current()
    raise bad("state", f"Use one of {', '.join(STATES)}.")


def _by_staleness(rows, text: str):
    if text not in ("true", "false"):
        raise bad("stale", "Use true or false.")
    stale = rows.stale(on=timezone.localdate())
    return stale if text == "true" else rows.exclude(pk__in=stale.values("pk"))


def _by_last_run(rows, lessons: list[str]):
    if set(lessons) - set(Lesson.values):
        raise bad("last_run", f"Use one of {', '.join(Lesson.values)}.")
    return rows.taught(*lessons, on=timezone.localdate())
