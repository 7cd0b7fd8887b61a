"""A new runbook: its kind, then its description and first text."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portal.core.markdown import MarkdownError
from portal.core.web.refusals import refusals_shown, status_of
from runbooks.documents.forms import NewForm
from runbooks.documents.preview import previewed
from runbooks.models import Image, Kind, Runbook, Template, WorkingCopy
from runbooks.problems import NameTaken

from .save import saved

KINDS = {
    Kind.DEPLOYMENT: "Bring a release to an environment, with checks before and a way back.",
    Kind.ROLLBACK: "Roll a release back, safely and fast.",
    Kind.CONFIGURATION: "Change a setting and see that it took effect.",
    Kind.TROUBLESHOOTING: "From a symptom or an alert to its cause and its cure.",
    Kind.RECOVERY: "Bring a service or its data back after a loss.",
    Kind.MAINTENANCE: "Work that returns: renewals, rotations, clean-ups.",
    Kind.INCIDENT_RESPONSE: "Who does what, and in which order, when it burns.",
    Kind.REFERENCE: "What to know, without steps to follow.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("runbooks.add_runbook", raise_exception=True)
@refusals_shown
def new(request):
    """First the kinds; with `kind` the editor with that kind's template."""
    if request.method == "POST":
        return _start(request, NewForm(request.POST))
    copy = WorkingCopy.objects.of(request.user, None).first()
    if copy and "copy" in request.GET:
        initial = {"title": copy.title, "text": copy.text, "kind": request.GET.get("kind")}
        return _editor(request, NewForm(initial=initial))
    kind = request.GET.get("kind")
    if kind in Kind.values:
        return _editor(request, NewForm(initial={"kind": kind, "text": _template(kind)}))
    kinds = [(kind.value, kind.label, KINDS[kind]) for kind in Kind]
    return render(request, "runbooks/kinds.html", {"kinds": kinds, "copy": copy})


def _template(kind: str) -> str:
    template = Template.objects.filter(kind=kind).first()
    return template.text if template else ""


def _start(request, form):
    if not form.is_valid():
        return _editor(request, form, status=400)
    if request.POST.get("action") == "preview":
        return _editor(request, form)
    try:
        runbook = _started(request.user, form)
    except MarkdownError as refusal:
        form.add_error("text", str(refusal))
        return _editor(request, form, status=status_of(refusal))
    except NameTaken as refusal:
        form.add_error("alerts", refusal.detail)
        return _editor(request, form, status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _editor(request, form, status=400)
    return saved(request, runbook.newest)


@transaction.atomic
def _started(user, form) -> Runbook:
    text = form.cleaned_data["text"]
    runbook = Runbook.objects.start(by=user, text=text, **form.known())
    Image.objects.attach(runbook, text=text, by=user)
    WorkingCopy.objects.of(user, None).delete()
    return runbook


def _editor(request, form, *, status: int = 200):
    kind = form["kind"].value()
    kind = kind if kind in Kind.values else Kind.REFERENCE
    preview = previewed(form["text"].value() or "", runbook=None, kind=kind)
    context = {"form": form, "preview": preview}
    return render(request, "runbooks/new.html", context, status=status)
