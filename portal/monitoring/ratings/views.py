"""Rating an alert by a link in a message, and the report of the noisiest alerts."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import ValidationError

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data import clock
from portal.core.web.csv_tables import csv_lines
from portal.core.web.status import Status
from portal.monitoring.alerts.filters import NONE

from . import links
from .report import RANGES, USUAL_ORDER, USUAL_RANGE, Line, Report
from .suggestions import NIGHT, Suggestion

may_read = permission_required("monitoring.view_alert", raise_exception=True)
PER_PAGE = 50
OFFERED = 200
ASKED = ("days", "team", "service", "suggestion", "name", "order")
COLUMNS = (  # orders of the report, and the headings of the columns that are sorted so
    ("times", "Fired"),
    ("total", "In total"),
    ("median", "Median"),
    ("by_night", "By night"),
    ("acted_upon", "Acted upon"),
    ("muted", "Muted"),
    ("useful", "Useful"),
    ("noise", "Noise"),
)
STATUSES = {
    Suggestion.DELETE: Status("bad", "trash", "Delete"),
    Suggestion.MERGE: Status("warn", "link", "Merge"),
    Suggestion.LOWER: Status("warn", "chevd", "Lower severity"),
    Suggestion.RAISE: Status("warn", "up", "Raise severity"),
    Suggestion.RATE: Status("idle", "star", "Rate it"),
    Suggestion.KEEP: Status("ok", "ok", "Keep"),
    Suggestion.NONE: Status("idle", "none", "No suggestion"),
}
OF_NAMES = (
    *("name", "severity", "times", "total_seconds", "median_seconds", "by_night"),
    *("acted_upon", "acknowledged", "ended_by_hand", "with_run", "with_deployment", "muted"),
    *("useful", "noise", "suggestion", "reason"),
)


@login_not_required
@csrf_exempt  # the address itself is the secret; programs that show mail keep no cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request, key):
    """A page with one button, and what the button does; opening it changes nothing."""
    at, is_done = clock.now(), request.method == "POST"
    try:
        link = links.rate(key, at) if is_done else links.opened(key, at)
    except links.Unusable as problem:
        context = {"title": problem.title, "detail": problem.detail, "alert": problem.alert}
        return render(request, "monitoring/rate_link.html", context, status=problem.status)
    context = {"link": link, "alert": link.alert, "is_done": is_done}
    return render(request, "monitoring/rate_link.html", context)


@require_safe
@may_read
def noise(request):
    """Which alerts fire most, what people make of them, and what to do about each."""
    context = _filter_bar(request)
    try:
        report = Report(request.user, request.GET, clock.now())
    except ValidationError as error:
        context["wrong"] = " ".join(str(text) for texts in error.detail.values() for text in texts)
        return render(request, "monitoring/noise.html", context, status=400)
    page = Paginator(report.by_need, PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "report": report,
        "page": page,
        "lines": [(line, STATUSES[line.advice.suggestion]) for line in page],
        "parts": _parts(page),
        "tally": [(STATUSES[each], report.count(each)) for each in Suggestion],
    }
    return render(request, "monitoring/noise.html", context)


def _filter_bar(request) -> dict:
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name)}
    services = Service.objects.visible(request.user).values_list("slug", "name")[:OFFERED]
    return {
        "asked": asked,
        "narrowed": {*asked} - {"days", "order"},
        "days": asked.get("days", str(USUAL_RANGE)),
        "ranges": [(str(days), f"{days} days") for days in RANGES],
        "teams": list(Team.objects.values_list("slug", "name")[:OFFERED]),
        "services": [(NONE, "No service found"), *services],
        "suggestions": [(each.value, STATUSES[each].word) for each in Suggestion],
        "columns": COLUMNS,
        "orders": [*COLUMNS, ("name", "Name")],
        "order": asked.get("order", USUAL_ORDER),
        "night": NIGHT,
    }


def _parts(page) -> list[tuple[bool, list[tuple[Line, Status]]]]:
    """(whether there is something to do, the lines with their statuses), of lines by need."""
    parts = groupby(page, key=lambda line: line.advice.suggestion.is_to_do)
    return [
        (is_to_do, [(line, STATUSES[line.advice.suggestion]) for line in lines])
        for is_to_do, lines in parts
    ]


@require_safe
@may_read
def noise_csv(request):
    """The report for spreadsheets, all of it."""
    try:
        report = Report(request.user, request.GET, clock.now())
    except ValidationError:
        return redirect(f"{reverse('monitoring:noise')}?{request.GET.urlencode()}")
    content = csv_lines(OF_NAMES, map(_cells, report.by_need))
    answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="alert-names.csv"'
    return answer


def _cells(line: Line) -> list:
    of, advice = line.statistics, line.advice
    lengths = [round(of.total.total_seconds()), round(of.median.total_seconds())]
    acted = [of.acted_upon, of.acknowledged, of.ended_by_hand, of.with_run, of.with_deployment]
    about = [" / ".join(of.severities), of.times, *lengths, of.by_night, *acted, of.muted]
    return [of.name, *about, of.useful, of.noise, advice.suggestion, advice.reason]
