"""The editor: a text on top of a version, kept while it is typed, merged when it is stale."""

from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.markdown import MarkdownError
from portal.core.web.refusals import refusals_shown, status_of
from runbooks.documents.forms import PreviewForm, TextForm, WorkingForm, version_numbered
from runbooks.documents.preview import previewed
from runbooks.models import Runbook, WorkingCopy
from runbooks.problems import StaleVersion

from .access import runbook_of
from .conflict import conflict, merging
from .save import saved

may_write = permission_required("runbooks.change_runbook", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@refusals_shown
def edit(request, slug):
    """The editor; a POST names with `action` what to do with the text."""
    runbook = runbook_of(request, slug)
    if runbook.successor:
        return redirect(runbook.successor)
    if request.method != "POST":
        return _open(request, runbook)
    if "started_from" in request.POST:
        return merging(request, runbook)
    form = TextForm(request.POST, base=_base(runbook, request.POST.get("based_on", "")))
    if not form.is_valid():
        return editor(request, runbook, form, status=400)
    if request.POST.get("action") == "preview":
        return editor(request, runbook, form)
    return _save(request, runbook, form)


def _open(request, runbook):
    """The newest text, or what this person left unfinished when they ask for it."""
    newest = runbook.newest
    initial = {"text": newest.text if newest else "", "based_on": runbook.head}
    copy = WorkingCopy.objects.of(request.user, runbook).first()
    if copy and "copy" in request.GET:
        initial = {"text": copy.text, "note": copy.note, "based_on": copy.based_on}
        copy = None
    elif copy and copy.text.replace("\r\n", "\n") == initial["text"].replace("\r\n", "\n"):
        copy = None
    return editor(request, runbook, TextForm(initial=initial), copy=copy)


def editor(request, runbook, form, *, copy=None, status: int = 200):
    """The page with the text and, beside it, what it will look like."""
    context = {
        "runbook": runbook,
        "form": form,
        "copy": copy,
        "preview": previewed(form["text"].value() or "", runbook=runbook, kind=runbook.kind),
    }
    return render(request, "runbooks/edit.html", context, status=status)


def _save(request, runbook, form):
    given = form.cleaned_data
    try:
        version = runbook.draft(
            given["text"], author=request.user, note=given["note"], based_on=given["based_on"]
        )
    except StaleVersion as stale:
        return conflict(request, runbook, stale, note=given["note"])
    except MarkdownError as refusal:
        form.add_error("text", str(refusal))
        return editor(request, runbook, form, status=status_of(refusal))
    return saved(request, version)


def _base(runbook, number: str) -> str:
    """The text that the editor started from: its line endings are kept."""
    version = version_numbered(runbook, number)
    return version.text if version else ""


@require_POST
@may_write
def preview(request):
    """A text as its page will show it, with the derived steps and the findings."""
    form = PreviewForm(request.POST)
    if not form.is_valid():
        preview = {"refusal": "The text holds a NUL character, or the kind is unknown."}
        return render(request, "runbooks/_preview.html", {"preview": preview}, status=400)
    given, runbook = form.cleaned_data, _optional(request)
    shown = previewed(given["text"], runbook=runbook, kind=given["kind"])
    status = 200 if request.htmx else shown.status
    return render(request, "runbooks/_preview.html", {"preview": shown}, status=status)


@require_POST
@may_write
def autosave(request):
    """Keep what is typed; answers when it was kept."""
    form = WorkingForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": "Not saved: it holds what cannot be stored."}, status=400)
    at = timezone.now()
    runbook = _optional(request)
    if request.POST.get("discard"):
        WorkingCopy.objects.of(request.user, runbook).delete()
        return redirect("runbooks:edit", runbook.slug) if runbook else redirect("runbooks:new")
    WorkingCopy.objects.keep(request.user, runbook, at=at, **form.cleaned_data)
    return JsonResponse({"saved_at": at, "shown": timezone.localtime(at).strftime("%H:%M:%S")})


def _optional(request) -> Runbook | None:
    """The runbook that `runbook` names, None if it names none. Raises Http404."""
    slug = request.POST.get("runbook", "")
    rows = Runbook.objects.visible(request.user)
    return get_object_or_404(rows, slug=slug) if slug else None
