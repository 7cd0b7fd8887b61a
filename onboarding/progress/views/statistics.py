"""What progress teaches, for those who write guides; names only for those who may see them."""

from django.contrib.auth.decorators import permission_required
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.models import Guide, Progress
from onboarding.progress import membership, statistics
from onboarding.progress.charts import rate_line
from portal.core.web.csv_tables import csv_lines

may_see = permission_required("onboarding.view_figures", raise_exception=True)
may_see_people = permission_required("onboarding.view_progress", raise_exception=True)

REPORTS = 10
OF_GUIDES = (
    *("guide", "title", "asked", "started", "completed"),
    *("completion_percent", "late", "stuck"),
)
OF_STEPS = ("version", "step", "title", "reached", "done", "left", "median_seconds", "stuck_open")
OF_PEOPLE = (
    *("user", "name", "state", "asked", "version", "steps_done", "steps", "seconds", "seen"),
    *("completed", "confirmed"),
)


@require_safe
@may_see
def overview(request):
    """All guides: who began, who finished, who waits for help."""
    at = timezone.now()
    rows = Progress.objects.of_current()
    lines = {guide: rate_line(weeks) for guide, weeks in statistics.trends(rows, at=at).items()}
    found = statistics.overview(_guides(request), at=at)
    weeks = statistics.trend(rows, at=at)
    context = {
        "rows": [(guide, counts, lines.get(guide.pk)) for guide, counts in found],
        "total": statistics.total(found),
        "weeks": list(reversed(weeks)),
        "line": rate_line(weeks),
    }
    return render(request, "onboarding/figures.html", context)


def _guides(request):
    return Guide.objects.visible(request.user).published().select_related("owner")


@require_safe
@may_see
def guide(request, slug):
    """One guide by version: where people leave it, how long its steps take."""
    at, guide = timezone.now(), _guide(request, slug)
    versions = statistics.of_versions(guide, at=at)
    version, counts = _chosen(request, guide, versions)
    weeks = statistics.trend(guide.progress.all(), at=at)
    context = {
        "guide": guide,
        "versions": versions,
        "version": version,
        "counts": counts,
        "steps": statistics.steps_of(version) if version else [],
        "weeks": list(reversed(weeks)),
        "line": rate_line(weeks),
        "reports": membership.of_reports(guide.stuck.all()[:REPORTS]),
        **_people(request, guide, at),
    }
    return render(request, "onboarding/guide_figures.html", context)


def _guide(request, slug) -> Guide:
    rows = Guide.objects.visible(request.user).select_related("owner")
    return get_object_or_404(rows, slug=slug)


def _chosen(request, guide, versions):
    """The version that the address asks for, else the published one, with its counts."""
    number = request.GET.get("version", "")
    found = [row for row in versions if str(row[0].number) == number]
    found += [row for row in versions if row[0].pk == guide.published_id] or versions
    return found[0] if found else (None, statistics.Counts())


def _people(request, guide, at) -> dict:
    if not request.user.has_perm("onboarding.view_progress"):
        return {}
    offset = _offset(request)
    people = membership.of_guide(guide, at=at, limit=membership.SHOWN + 1, offset=offset)
    return {
        "people": people[: membership.SHOWN],
        "teams": statistics.teams_in(guide),
        "before": max(offset - membership.SHOWN, 0) if offset else None,
        "after": offset + membership.SHOWN if len(people) > membership.SHOWN else None,
    }


def _offset(request) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


@require_safe
@may_see
def as_csv(request):
    """The overview for spreadsheets."""
    rows = statistics.overview(_guides(request), at=timezone.now())
    return _table("guides.csv", OF_GUIDES, map(_guide_cells, rows))


def _guide_cells(row) -> list:
    guide, counts = row
    people = [counts.asked.people, counts.started, counts.completed, counts.percent]
    return [guide.slug, guide.title, *people, counts.asked.late, counts.open]


@require_safe
@may_see
def steps_as_csv(request, slug):
    """The steps of one version."""
    guide = _guide(request, slug)
    version, _ = _chosen(request, guide, statistics.of_versions(guide, at=timezone.now()))
    steps = statistics.steps_of(version) if version else []
    names = ("number", "title", "reached", "done", "left", "seconds", "open")
    cells = ([version.number, *(getattr(step, name) for name in names)] for step in steps)
    return _table(f"{guide.slug}-steps.csv", OF_STEPS, cells)


@require_safe
@may_see
@may_see_people
def people_as_csv(request, slug):
    """How far each person is."""
    guide = _guide(request, slug)
    people = membership.everybody_of(guide, at=timezone.now())
    return _table(f"{guide.slug}-people.csv", OF_PEOPLE, map(_person_cells, people))


def _person_cells(row: membership.Standing) -> list:
    progress = row.progress
    seen = [progress.version.number, row.ticked] if progress else [None, 0]
    times = (progress.seen_at, progress.through_at, row.confirmed_at) if progress else (None,) * 3
    about = [
        row.user.username,
        row.user.display_name,
        row.status.word,
        "yes" if row.is_asked else "",
    ]
    return [*about, *seen, row.steps, row.seconds, *map(_time, times)]


def _time(at) -> str | None:
    return at.isoformat() if at else None


def _table(name: str, head, cells) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(head, cells), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
