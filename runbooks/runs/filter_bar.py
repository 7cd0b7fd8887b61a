"""The filters above lists of runs: what was asked for, what may be chosen, and where it leads."""

from calendar import monthrange
from datetime import date

from django.utils.http import urlencode

from portal.architecture.models import Service
from runbooks.documents.status import RUN
from runbooks.models import Kind, Run, Runbook, RunState

from .filters import TEXTS

DAYS = ("from", "until")
ASKED = (*TEXTS, "service", "state", "kind", *DAYS)
DEPLOYED = (Kind.DEPLOYMENT, Kind.ROLLBACK)
OFFERED = 200


def filter_bar(request, rows, *, kinds=tuple(Kind), unseen=("runbook",)) -> dict:
    """What `_run_filter.html` shows; `unseen` are the filters that have no field there."""
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name)}
    hidden = {name: asked[name] for name in unseen if name in asked}
    return {
        "asked": asked,
        "hidden": hidden,
        "chips": [_chip(name, asked, request.user) for name in hidden],
        "query": urlencode(asked),
        "calendar_query": urlencode(_in_calendar(asked)),
        "states": [(state, RUN[state].word) for state in RunState],
        "kinds": [(kind.value, kind.label) for kind in kinds],
        "services": _services(),
        "environments": rows.environments(),
    }


def month_filters(request, rows) -> dict:
    """The same above the calendar, which has months in place of days."""
    context = filter_bar(request, rows, kinds=DEPLOYED, unseen=("runbook", *DAYS))
    month = request.GET.get("month")
    return context | ({"hidden": context["hidden"] | {"month": month}} if month else {})


def within(asked: dict[str, str], first: date) -> str:
    """The query string of what is asked for in the month that begins on that day."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    begin = max(asked.get("from", ""), first.isoformat())
    end = min(asked.get("until", "9"), last.isoformat())
    return urlencode({**asked, "from": begin, "until": end})


def _in_calendar(asked: dict[str, str]) -> dict[str, str]:
    """The month of the days that were asked for."""
    kept = {name: value for name, value in asked.items() if name not in DAYS}
    day = asked.get("from") or asked.get("until")
    return {**kept, "month": day[:7]} if day else kept


def _chip(name: str, asked: dict[str, str], user) -> dict[str, str]:
    label = asked[name]
    if name == "runbook" and "\x00" not in label:
        titles = Runbook.objects.visible(user).filter(slug=label).values_list("title", flat=True)
        label = titles.first() or label
    left = urlencode({other: value for other, value in asked.items() if other != name})
    return {"name": name.capitalize(), "label": label, "without": f"?{left}"}


def _services():
    """(slug, name) of what may have been deployed: the catalog, and what is gone from it."""
    kept = Service.objects.order_by().values_list("slug", "name")
    return kept.union(Run.objects.former_services()).order_by("name")[:OFFERED]
