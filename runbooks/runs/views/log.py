"""Lists of runs: all of them, the deployment log, its calendar, and what they teach."""

from calendar import Calendar
from datetime import date, timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from portal.core.api.pagination import paginate
from portal.core.web.days import midnight
from runbooks.documents.status import RUN
from runbooks.documents.views.access import runbook_of
from runbooks.models import Run, RunState
from runbooks.runs import export, filters
from runbooks.runs.filter_bar import DEPLOYED, filter_bar, month_filters, within
from runbooks.runs.statistics import figures_of

may_read = permission_required("runbooks.view_run", raise_exception=True)
IN_A_MONTH = 2000


@require_safe
@may_read
def runs(request):
    """All runs, the newest first."""
    rows = Run.objects.visible(request.user)
    return _list(request, rows, filter_bar(request, rows), "runbooks/runs.html")


@require_safe
@may_read
def log(request):
    """Runs of deployment and rollback runbooks."""
    rows = Run.objects.visible(request.user).deployments()
    asked = filter_bar(request, rows, kinds=DEPLOYED)
    return _list(request, rows, asked, "runbooks/deployments.html")


def _list(request, rows, context: dict, template: str):
    try:
        found = export.ROW.values(filters.narrowed(rows, request.GET), keys=export.KEYS)
        page = paginate(found, filters.NEWEST_FIRST, "runs", request.GET)
    except ValidationError as error:
        context["wrong"] = " ".join(str(text) for text in _texts(error.detail))
        return render(request, template, context, status=400)
    read = export.ROW.reader(export.ROW.usual(), export.KEYS)
    lines = [_line(read(row)) for row in page.rows]
    return render(request, template, {**context, "page": page, "lines": lines})


def _line(row: dict) -> dict:
    took = None if row["duration"] is None else timedelta(seconds=row["duration"])
    return row | {"status": RUN[RunState(row["state"])], "took": took}


def _texts(detail) -> list:
    lists = (texts if isinstance(texts, list) else [texts] for texts in detail.values())
    return [text for texts in lists for text in texts]


@require_safe
@may_read
def calendar(request):
    """A month of deployments, day by day."""
    rows = Run.objects.visible(request.user).deployments()
    today, context = timezone.localdate(), month_filters(request, rows)
    try:
        rows = filters.narrowed(rows, request.GET)
        first = _month(request.GET.get("month"))
    except ValidationError as error:
        context["wrong"] = " ".join(str(text) for text in _texts(error.detail))
        return render(request, "runbooks/deployment_calendar.html", context, status=400)
    is_chosen, first = first is not None, (first or today).replace(day=1)
    weeks = _weeks(rows, first, today)
    shown = sum(len(day["runs"]) for week in weeks for day in week)
    context |= {
        "most": IN_A_MONTH if shown == IN_A_MONTH else None,
        "first": first,
        "export_query": within(context["asked"], first),
        "list_query": within(context["asked"], first) if is_chosen else context["query"],
        "weeks": weeks,
        "total": sum(len(day["runs"]) for week in weeks for day in week if day["inside"]),
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (first + timedelta(days=32)).strftime("%Y-%m"),
    }
    return render(request, "runbooks/deployment_calendar.html", context)


def _month(text: str | None) -> date | None:
    return filters.day({"month": f"{text}-01"}, "month") if text else None


def _weeks(rows, first: date, today: date) -> list[list[dict]]:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1] + timedelta(days=1)
    span = (midnight(begin), midnight(end))
    found = rows.filter(started_at__gte=span[0], started_at__lt=span[1])
    by_day: dict[date, list] = {}
    newest = found.select_related("runbook", "service").recent()[:IN_A_MONTH]
    for run in reversed(newest):
        by_day.setdefault(timezone.localdate(run.started_at), []).append(run)
    return [[_day(day, first, today, by_day.get(day, [])) for day in week] for week in weeks]


def _day(day: date, first: date, today: date, runs: list) -> dict:
    return {"date": day, "inside": day.month == first.month, "today": day == today, "runs": runs}


@require_safe
@may_read
def as_csv(request):
    """The deployment log for spreadsheets, sent while it is read."""
    rows = _exported(request)
    if isinstance(rows, HttpResponse):
        return rows
    answer = export.as_csv(rows)
    answer.headers["Content-Disposition"] = 'attachment; filename="deployments.csv"'
    return answer


@require_safe
@may_read
def as_json(request):
    """The same for programs and archives."""
    rows = _exported(request)
    if isinstance(rows, HttpResponse):
        return rows
    answer = StreamingHttpResponse(export.json_lines(rows), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="deployments.json"'
    return answer


def _exported(request):
    rows = Run.objects.visible(request.user).deployments()
    try:
        return filters.narrowed(rows, request.GET)
    except ValidationError as error:
        text = "\n".join(str(text) for text in _texts(error.detail))
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


@require_safe
@may_read
def figures(request, slug):
    """What the runs of a runbook teach."""
    runbook = runbook_of(request, slug)
    context = {
        "runbook": runbook,
        "figures": figures_of(runbook),
        "latest": runbook.runs.visible(request.user).recent().select_related("version")[:20],
        "today": timezone.localdate(),
    }
    return render(request, "runbooks/figures.html", context)
