"""The page for two people who saved on top of the same version, and what it sends."""

from django.contrib import messages
from django.shortcuts import redirect, render

from portal.core.markdown import MarkdownError
from portal.core.web.refusals import status_of
from runbooks.documents.forms import MergeForm
from runbooks.documents.merge import Conflict
from runbooks.models import WorkingCopy
from runbooks.problems import StaleVersion

from .save import saved


def conflict(request, runbook, stale: StaleVersion, *, note: str):
    """The page that offers the merge. What was typed is kept first."""
    theirs = stale.theirs
    if theirs.author_id == request.user.pk and theirs.text == stale.yours:
        messages.info(request, f"v{theirs.number} holds this text already.")
        return redirect(theirs)
    found = Conflict.found(stale)
    copy = {"text": stale.yours, "note": note, "based_on": found.started_from}
    WorkingCopy.objects.keep(request.user, runbook, **copy)
    return _page(request, found, note, status=409)


def _page(request, conflict: Conflict, note: str, *, status: int = 200):
    context = {"runbook": conflict.runbook, "conflict": conflict, "note": note}
    return render(request, "runbooks/conflict.html", context, status=status)


def merging(request, runbook):
    """What the merge page sends: a choice, the merged text, or what becomes of one's own."""
    found = Conflict.chosen(runbook, request.POST)
    form = MergeForm(request.POST, base=found.theirs.text if found else "")
    if found is None or not form.is_valid():
        messages.error(request, "That could not be read. Your text is saved: open it again here.")
        return redirect("runbooks:edit", runbook.slug)
    given = form.cleaned_data
    action = request.POST.get("action", "merge")
    if action == "discard":
        WorkingCopy.objects.of(request.user, runbook).delete()
        messages.success(request, "Your text is discarded.")
        return redirect(runbook)
    if action == "keep":
        return _keep(request, runbook, given)
    if action == "merge":
        return _page(request, found, given["note"])
    return _save_merged(request, found, given)


def _keep(request, runbook, given: dict):
    copy = {"text": given["yours"], "note": given["note"], "based_on": given["started_from"]}
    WorkingCopy.objects.keep(request.user, runbook, **copy)
    messages.success(request, "Your text is saved. The editor offers it to you, and nobody else.")
    return redirect(runbook)


def _save_merged(request, found: Conflict, given: dict):
    note = given["note"]
    try:
        version = found.runbook.draft(
            given["text"], author=request.user, note=note, based_on=found.theirs.number
        )
    except StaleVersion as stale:
        return conflict(request, found.runbook, stale, note=note)
    except MarkdownError as refusal:
        messages.error(request, str(refusal))
        return _page(request, found, note, status=status_of(refusal))
    return saved(request, version)
