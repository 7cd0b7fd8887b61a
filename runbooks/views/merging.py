"""Two people saved: both texts, and the merge of them, with a choice where they disagree."""

from django.contrib import messages
from django.shortcuts import redirect, render

from portal.core.comparing import Merge, merge
from portal.core.markdown import MarkdownError
from portal.core.refusals import status_of
from runbooks.forms import MergeForm
from runbooks.models import WorkingCopy
from runbooks.problems import StaleVersion

CHOICES = ("theirs", "yours", "both")


def conflict(request, runbook, stale: StaleVersion, *, note: str):
    """The page that offers the merge. What was typed is kept first."""
    theirs, started = stale.theirs, stale.base.number if stale.base else 0
    if theirs.author_id == request.user.pk and theirs.text == stale.yours:
        messages.info(request, f"v{theirs.number} holds this text already.")
        return redirect(theirs)
    copy = {"text": stale.yours, "note": note, "based_on": started}
    WorkingCopy.objects.keep(request.user, runbook, **copy)
    found = merge(stale.base.text if stale.base else "", theirs.text, stale.yours)
    context = {"merge": found, "text": found.merged_text, "choices": {}, "note": note}
    return _page(request, runbook, theirs, started, context, status=409)


def _page(request, runbook, theirs, started: int, context: dict, *, status: int):
    choices = context["choices"]
    rows = [(each, choices.get(each.number, "theirs")) for each in context["merge"].conflicts]
    context |= {"runbook": runbook, "theirs": theirs, "started_from": started, "conflicts": rows}
    context["before"] = ",".join(f"{number}:{word}" for number, word in choices.items())
    return render(request, "runbooks/conflict.html", context, status=status)


def merging(request, runbook):
    """What the merge page sends: a choice, the merged text, or what becomes of one's own."""
    theirs = runbook.versions.filter(number=_number(request, "based_on")).first()
    form = MergeForm(request.POST, base=theirs.text if theirs else "")
    if theirs is None or not form.is_valid():
        messages.error(request, "That could not be read. Your text is kept: open it again here.")
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
        return _chosen(request, runbook, theirs, given)
    return _save_merged(request, runbook, theirs, given)


def _keep(request, runbook, given: dict):
    copy = {"text": given["yours"], "note": given["note"], "based_on": given["started_from"]}
    WorkingCopy.objects.keep(request.user, runbook, **copy)
    messages.success(request, "Your text is kept. The editor offers it to you, and nobody else.")
    return redirect(runbook)


def _chosen(request, runbook, theirs, given: dict, *, status: int = 200):
    """The same page with the choices made, and with what was typed into the merged text."""
    found = _merge(runbook, theirs, given)
    before = _choices(found, _pairs(request.POST.get("before", "")))
    now = _choices(found, {n: request.POST.get(f"c{n}", "") for n in _numbers(found)})
    text = _with_choices(found, before, now, given["text"])
    context = {"merge": found, "text": text, "choices": now, "note": given["note"]}
    return _page(request, runbook, theirs, given["started_from"], context, status=status)


def _with_choices(found: Merge, before: dict, now: dict, typed: str) -> str:
    """The text of the new choices; where it was edited by hand, that is kept."""
    again = merge(found.resolve(before), found.resolve(now), typed)
    return again.resolve(dict.fromkeys(_numbers(again), "yours"))


def _save_merged(request, runbook, theirs, given: dict):
    from .writing import saved

    try:
        version = runbook.draft(
            given["text"], author=request.user, note=given["note"], based_on=theirs.number
        )
    except StaleVersion as stale:
        return conflict(request, runbook, stale, note=given["note"])
    except MarkdownError as refusal:
        messages.error(request, str(refusal))
        return _chosen(request, runbook, theirs, given, status=status_of(refusal))
    return saved(request, version)


def _merge(runbook, theirs, given: dict) -> Merge:
    base = runbook.versions.filter(number=given["started_from"]).first()
    return merge(base.text if base else "", theirs.text, given["yours"])


def _numbers(found: Merge) -> list[int]:
    return [each.number for each in found.conflicts]


def _choices(found: Merge, wanted: dict[int, str]) -> dict[int, str]:
    return {n: wanted[n] for n in _numbers(found) if wanted.get(n) in CHOICES}


def _pairs(text: str) -> dict[int, str]:
    """`1:yours,2:both` as the page keeps it."""
    pairs = (pair.partition(":") for pair in text.split(",")[:10_000])
    return {int(n): word for n, _, word in pairs if n.isdecimal() and len(n) < 6}


def _number(request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
