"""All incidents: those that are open first, then the history."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from incidents.models import Incident, IncidentState
from incidents.models.severities import HIGHEST, LOWEST, name_of
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.pagination import paginate
from portal.core.data import clock

from . import export, filters
from .page import LOADED, OPEN_SHOWN, lines_of

may_read = permission_required("incidents.view_incident", raise_exception=True)
OFFERED = 200
TEMPLATE = "incidents/list.html"


@require_safe
@may_read
def incidents(request):
    """Without filters the open ones stand above, and those that are over below."""
    at, context = clock.now(), _filter_bar(request)
    visible = Incident.objects.visible(request.user)
    is_whole = not context["asked"] and "cursor" not in request.GET
    try:
        rows = filters.narrowed(visible, request.GET, user=request.user)
        rows = rows if context["asked"] else rows.over()
        order = filters.NEWEST_FIRST
        found = paginate(rows.values_list(*order.keys), order, "incidents", request.GET)
    except ValidationError as error:
        wrong = " ".join(str(text) for texts in error.detail.values() for text in texts)
        return render(request, TEMPLATE, {**context, "wrong": wrong}, status=400)
    keys = [row[-1] for row in found.rows]
    shown = Incident.objects.select_related(*LOADED).in_bulk(keys)
    context["lines"] = lines_of((shown[key] for key in keys if key in shown), at)
    if is_whole:
        context |= _open(visible, at)
    return render(request, TEMPLATE, {**context, "page": found})


def _open(visible, at) -> dict:
    """The worst first, of these the newest."""
    rows = visible.open().select_related(*LOADED).order_by("level", "-declared_at", "-pk")
    found = list(rows[: OPEN_SHOWN + 1])
    shown = lines_of(found[:OPEN_SHOWN], at)
    return {"open": shown, "has_more_open": len(found) > OPEN_SHOWN, "is_whole": True}


def _filter_bar(request) -> dict:
    asked = {name: request.GET[name] for name in filters.ASKED if request.GET.get(name)}
    states = (
        (filters.OPEN, "Open"),
        (filters.UNACKNOWLEDGED, "Open, not acknowledged"),
        (filters.OVER, "Over"),
        *IncidentState.choices,
    )
    levels = range(HIGHEST, LOWEST + 1)
    return {
        "asked": asked,
        "query": urlencode(asked),
        "states": states,
        "severities": [(name_of(each).lower(), name_of(each)) for each in levels],
        "services": Service.objects.visible(request.user).values_list("slug", "name")[:OFFERED],
        "owners": Team.objects.order_by("name").values_list("slug", "name")[:OFFERED],
        "drills": [("no", "No drills"), ("yes", "Only drills")],
    }


@require_safe
@may_read
def as_csv(request):
    """What the list shows with these filters, for spreadsheets."""
    try:
        visible = Incident.objects.visible(request.user)
        rows = filters.narrowed(visible, request.GET, user=request.user)
    except ValidationError as error:
        wrong = " ".join(str(text) for texts in error.detail.values() for text in texts)
        return HttpResponse(wrong, status=400, content_type="text/plain; charset=utf-8")
    answer = export.as_csv(rows)
    answer.headers["Content-Disposition"] = 'attachment; filename="incidents.csv"'
    return answer
