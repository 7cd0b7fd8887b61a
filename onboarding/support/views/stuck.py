"""People who are stuck: the tasks of those who keep guides."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.guides.status import TASK
from onboarding.models import Guide, StuckReport, StuckState
from onboarding.progress import membership
from onboarding.support.forms import SettleForm
from portal.core.markdown import render as markdown
from portal.core.problems import Refused
from portal.core.web.refusals import verb

may_list = permission_required("onboarding.view_stuckreport", raise_exception=True)
may_read = permission_required("onboarding.view_guide", raise_exception=True)
SHOWN = 50


@require_safe
@may_list
def reports(request):
    """All reports, those that wait first."""
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("state", "guide")}
    asked["mine"] = "1" if request.GET.get("mine") else ""
    rows = _narrowed(StuckReport.objects.visible(request.user), asked, request.user)
    context = {
        "reports": membership.of_reports(rows.open_first()[:SHOWN]),
        "count": rows.count(),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "states": StuckState.choices,
        "guides": _guides(),
    }
    return render(request, "onboarding/stuck_reports.html", context)


def _narrowed(rows, asked: dict, user):
    if asked["state"] in StuckState.values:
        rows = rows.filter(state=asked["state"])
    if asked["guide"]:
        rows = rows.filter(guide__slug=asked["guide"])
    return rows.owned_by(user) if asked["mine"] else rows


def _guides():
    """Those in which somebody was stuck."""
    rows = Guide.objects.annotate(reports=Count("stuck")).filter(reports__gt=0)
    return rows.order_by("title").values_list("slug", "title")


@require_safe
@may_read
def report(request, pk):
    """One report with what surrounds it; who is stuck sees their own, and its answer."""
    return _shown(request, _report(request, pk), SettleForm())


def at_report(pk) -> str:
    return reverse("onboarding:stuck-report", args=[pk])


def _report(request, pk) -> StuckReport:
    rows = StuckReport.objects.visible(request.user)
    rows = rows.select_related("guide__owner", "version", "user", "answered_by")
    return get_object_or_404(rows, pk=pk)


def _shown(request, report: StuckReport, form: SettleForm, *, status: int = 200):
    step = report.version.step(str(report.key))
    context = {
        "report": report,
        "status": TASK[StuckState(report.state)],
        "step": step,
        "draft": report.guide.steps.filter(key=report.key).only("pk").first(),
        "words": markdown(step["text"]).plain if step else "",
        "published": report.guide.published_id,
        "others": _others(request, report),
        "form": form,
    }
    return render(request, "onboarding/stuck_report.html", context, status=status)


def _others(request, report: StuckReport):
    """What else was said about this step."""
    rows = StuckReport.objects.visible(request.user).filter(key=report.key).exclude(pk=report.pk)
    return membership.of_reports(rows.open_first()[:10])


@verb("onboarding.view_guide")
def read(request, pk):
    """Whoever was stuck goes on where they were; the answer waits on their first page no more."""
    report = get_object_or_404(StuckReport.objects.of(request.user), pk=pk)
    report.read(at=timezone.now())
    return redirect(report.step_url)


@verb("onboarding.change_stuckreport", page=at_report)
def settle(request, pk):
    """Answer it, or close it."""
    report, form = _report(request, pk), SettleForm(request.POST)
    close = "close" in request.POST
    if not form.is_valid():
        return _shown(request, report, form, status=400)
    try:
        report.settle(
            by=request.user, answer=form.cleaned_data["answer"], close=close, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error("answer", refusal.detail)
        return _shown(request, report, form, status=400)
    messages.success(request, "Closed." if close else "Answered: they are told.")
    return redirect(report)
