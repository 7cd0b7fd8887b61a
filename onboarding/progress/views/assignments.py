"""Who is asked to follow what, until when, and how far they are."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.models import Assignment
from onboarding.progress import membership
from onboarding.progress.audience import Asked, by_assignment
from onboarding.progress.forms import AssignmentForm
from portal.core.problems import Refused
from portal.core.web.refusals import refusals_shown, verb

may_read = permission_required("onboarding.view_assignment", raise_exception=True)
may_add = permission_required("onboarding.add_assignment", raise_exception=True)
SHOWN = 50


@require_safe
@may_read
def assignments(request):
    """Those that stand, the first due first."""
    offset = _offset(request)
    rows = list(_standing()[offset : offset + SHOWN + 1])
    counts = by_assignment(rows[:SHOWN], at=timezone.now())
    context = {
        "rows": [(row, _counts(request, row, counts)) for row in rows[:SHOWN]],
        "before": max(offset - SHOWN, 0) if offset else None,
        "after": offset + SHOWN if len(rows) > SHOWN else None,
        "today": timezone.localdate(),
    }
    return render(request, "onboarding/assignments.html", context)


def _counts(request, row, counts: dict) -> Asked | None:
    """How far its people are; None where that would say how far one named person is."""
    return counts.get(row.pk, Asked()) if row.counts_visible(request.user) else None


def _standing():
    return Assignment.objects.standing().select_related("guide", "user", "team", "by")


def _offset(request) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


@require_safe
@may_read
def assignment(request, pk):
    """One of them with its people, for those who may see names."""
    rows = Assignment.objects.select_related("guide", "user", "team", "by")
    row, at, offset = get_object_or_404(rows, pk=pk), timezone.now(), _offset(request)
    context = {"row": row, "counts": _counts(request, row, by_assignment([row], at=at))}
    if request.user.has_perm("onboarding.view_progress") and not row.withdrawn_at:
        people = membership.of_assignment(row, at=at, limit=SHOWN + 1, offset=offset)
        context["people"] = people[:SHOWN]
        context["before"] = max(offset - SHOWN, 0) if offset else None
        context["after"] = offset + SHOWN if len(people) > SHOWN else None
    return render(request, "onboarding/assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
@refusals_shown
def new(request):
    """Ask a person, a team or everybody new to follow a guide."""
    initial = {"guide": request.GET.get("guide")}
    form = AssignmentForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        guide = form.cleaned_data["guide"]
        try:
            row = Assignment.objects.assign(
                guide, by=request.user, at=timezone.now(), **form.asked()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Assigned: {row}.")
            return redirect(row)
    status = 400 if request.method == "POST" else 200
    return render(request, "onboarding/new_assignment.html", {"form": form}, status=status)


@verb("onboarding.change_assignment")
def withdraw(request, pk):
    """Nobody is asked any more; what people did stays."""
    row = get_object_or_404(Assignment, pk=pk)
    row.withdraw(by=request.user, at=timezone.now())
    messages.success(request, f"Withdrawn: {row}. What people did stays.")
    return redirect("onboarding:assignments")
