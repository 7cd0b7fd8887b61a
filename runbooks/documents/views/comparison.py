"""What differs between two versions, and the review beside it."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.core.comparing import MOST_LINES, compare_lines
from runbooks.documents.forms import ReviewForm
from runbooks.documents.preview import findings_of
from runbooks.documents.step_changes import StepChanges
from runbooks.models import Version

from .access import runbook_of, version_of

reading = permission_required("runbooks.view_runbook", raise_exception=True)


@require_safe
@reading
def compare(request, slug, old, new):
    return comparison(request, slug, old, version_of(request, slug, new))


def comparison(request, slug: str, old: int, new: Version, *, form=None, status: int = 200):
    """The page that compares; version 0 is the empty text before the first one."""
    runbook = new.runbook
    before = version_of(request, slug, old) if old else Version(runbook=runbook)
    found = compare_lines(before.text, new.text, most=MOST_LINES)
    context = {
        "runbook": runbook,
        "old": before,
        "new": new,
        "comparison": found,
        "excerpt": found.excerpt(unfolded="all" in request.GET),
        "steps": StepChanges.between(before, new),
        "findings": findings_of(new),
        "numbers": _numbers(request.user, runbook),
        "form": form or ReviewForm(),
        "own": new.author_id == request.user.pk,
    }
    return render(request, "runbooks/compare.html", context, status=status)


def _numbers(user, runbook) -> list[int]:
    rows = runbook.versions.visible(user).order_by("-number")
    return list(rows.values_list("number", flat=True)[:200])


@require_safe
@reading
def pick(request, slug):
    """From the two choices of a form to the page of that comparison."""
    runbook = runbook_of(request, slug)
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    if not all(text.isdecimal() and len(text) < 10 for text in (old, new)):
        raise Http404
    return redirect(runbook.compare_url(int(old), int(new)))


@require_safe
@reading
def review(request, slug, number):
    """To the comparison of a version with what readers see now."""
    version = version_of(request, slug, number)
    shown = version.runbook.published_number
    return redirect(version.runbook.compare_url(shown if shown != number else 0, number))
