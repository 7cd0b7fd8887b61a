"""The list, the page, its history, one version."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from runbooks.documents import listing
from runbooks.documents.facets import Selection
from runbooks.documents.page import page_of
from runbooks.documents.preview import findings_of
from runbooks.files.views import may_import
from runbooks.models import Runbook
from runbooks.models.choices import OPEN

from .access import runbook_of, version_of

VERSIONS_SHOWN = 100
UNREAD = ("text", "plain", "steps", "problems")  # of a version: what its page does not show
reading = permission_required("runbooks.view_runbook", raise_exception=True)


@require_safe
@reading
def runbooks(request):
    """All runbooks, narrowed by facets. Who asks the same again gets the same, remembered."""
    selection = Selection.of(request.GET, user=request.user, on=timezone.localdate())
    sort = request.GET.get("sort")
    sort = sort if sort in listing.SORTS else listing.ATTENTION
    key = (selection.key, sort, request.GET.get("cursor"), request.GET.get("limit"))
    try:
        shown = listing.remembered("list", key, lambda: _list(request, selection, sort))
    except ValidationError:
        return redirect("runbooks:list")
    context = {"shown": shown, "may_import": may_import(request.user)}
    return render(request, "runbooks/list.html", context)


def _list(request, selection: Selection, sort: str) -> str:
    rows = Runbook.objects.visible(request.user)
    counts = listing.counted(selection.key, lambda: _counts(selection, rows))
    page, lines = listing.page(
        selection.narrowed(rows),
        sort=sort,
        parameters=request.GET,
        drafts=selection.drafts,
        on=selection.on,
    )
    context = {
        **counts,
        "page": page,
        "lines": lines,
        "sort": sort,
        "sorts": listing.SORTS,
        "selection": selection,
        "chips": selection.chips(counts["facets"], sort=sort),
        "address": f"{selection.address(sort=sort)}&",
    }
    return render_to_string("runbooks/_list.html", context, request)


def _counts(selection: Selection, rows) -> dict:
    total, every = selection.narrowed(rows).count(), rows.current().count()
    return {
        "facets": selection.facets(rows),
        "total": total,
        "all": every,
        "apart": 0 if selection.pairs else every - total,
    }


@require_safe
@reading
def detail(request, slug):
    """What readers see; for authors of something never published, its newest draft."""
    page = page_of(slug, request.user)
    if page is None:
        return _moved(request, slug)
    runbook = page.runbook
    if runbook.successor:
        messages.info(request, f"“{runbook}” was merged into this runbook.")
        return redirect(runbook.successor)
    context = {
        "page": page,
        "runbook": runbook,
        "version": page.version or runbook.newest,
        "waiting": _waiting(request.user, runbook),
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return render(request, "runbooks/detail.html", context)


def _waiting(user, runbook):
    """The draft or version in review that readers do not see yet, for those who may."""
    if not user.has_perm("runbooks.view_version") or runbook.head == runbook.published_number:
        return None
    return runbook.versions.filter(state__in=OPEN).defer("html", *UNREAD).first()


def _moved(request, slug: str):
    """An old address leads to the new one for ever."""
    runbook = Runbook.objects.visible(request.user).at(slug)
    if runbook is None:
        raise Http404
    return redirect(runbook, permanent=True)


@require_safe
@reading
def history(request, slug):
    """All versions this person may see, the newest first."""
    runbook = runbook_of(request, slug)
    rows = runbook.versions.visible(request.user).order_by("-number").defer("html", *UNREAD)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    versions = list(rows.select_related("reviewer")[: VERSIONS_SHOWN + 1])
    older = [version.number for version in versions[1:]] + [0]
    context = {
        "runbook": runbook,
        "earlier": runbook.before_import,
        "versions": list(zip(versions, older, strict=True))[:VERSIONS_SHOWN],
        "more": versions[VERSIONS_SHOWN - 1].number if len(versions) > VERSIONS_SHOWN else None,
    }
    return render(request, "runbooks/history.html", context)


@require_safe
@reading
def version(request, slug, number):
    """One version as it was written, whatever readers see now."""
    version = version_of(request, slug, number)
    context = {
        "runbook": version.runbook,
        "version": version,
        "findings": findings_of(version),
    }
    return render(request, "runbooks/version.html", context)
