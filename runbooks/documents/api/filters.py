"""The filters and orders of the list of runbooks."""

from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.filters import among, changed_since, choices, in_state, refuse_strangers, texts
from portal.core.api.pagination import Ordering
from portal.search.query import narrowed
from runbooks.documents.facets import FOR_AUTHORS
from runbooks.models import Kind, Lesson, Section, State, Version

from .examples import bad

ORDERS = {
    "title": Ordering(("title",)),
    "-title": Ordering(("title",), descending=True),
    "changed": Ordering(("changed_at",)),
    "-changed": Ordering(("changed_at",), descending=True),
    "review_due": Ordering(("review_due",), nullable=True),
}
CURRENT = Q(archived_at=None)
VIEW_VERSION = "runbooks.view_version"


def _with_version(state: State) -> Q:
    return CURRENT & Q(pk__in=Version.objects.filter(state=state).values("runbook"))


STATES = {
    "current": CURRENT,
    "published": CURRENT & Q(published__isnull=False),
    "unpublished": CURRENT & Q(published=None),
    "draft": _with_version(State.DRAFT),
    "in_review": _with_version(State.IN_REVIEW),
    "archived": Q(archived_at__isnull=False),
    "all": Q(),
}


def filtered(rows, params, user):
    """The rows that the query string asks for; unknown words are a ValidationError."""
    if FOR_AUTHORS.intersection(texts(params, "state")) and not user.has_perm(VIEW_VERSION):
        raise PermissionDenied(f"Your role lacks the permission {VIEW_VERSION}, for these states.")
    rows = changed_since(in_state(rows, params, STATES), params)
    for name, known in (("section", Section.values), ("kind", Kind.values)):
        values = choices(params, name, known)
        rows = rows.filter(**{f"{name}__in": values}) if values else rows
    refuse_strangers(params, owner=Team.objects.all(), service=Service.objects.all())
    rows = among(rows, params, owner="owner__slug", service="services__slug", alert="alerts__name")
    if params.get("stale"):
        rows = _by_staleness(rows, params["stale"])
    lessons = choices(params, "last_run", Lesson.values)
    if lessons:
        rows = rows.taught(*lessons, on=timezone.localdate())
    if params.get("search"):
        rows = narrowed(rows, params["search"], user=user, kind="runbook")
    is_joined = params.get("service") or params.get("alert")
    return rows.distinct() if is_joined else rows


def _by_staleness(rows, text: str):
    if text not in ("true", "false"):
        raise bad("stale", "Use true or false.")
    stale = rows.stale(on=timezone.localdate())
    return stale if text == "true" else rows.exclude(pk__in=stale.values("pk"))
