"""From an alert to its runbook, and what to do when there is none."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.problems import Refused
from portal.core.web.refusals import verb
from runbooks.documents.forms import AlertDraftForm, DismissForm
from runbooks.models import Gap, Kind, Runbook, Template
from runbooks.problems import NameTaken

from .page import AlertPage, title_of

GAPS_SHOWN = 50


@require_safe
@permission_required("runbooks.view_runbook", raise_exception=True)
def alert(request, name):
    """The runbook of an alert, or a page that helps without one: never a 404.

    The one page whose GET writes: it counts, in `Gap`, that somebody looked in vain.
    """
    name = name.strip("/").replace("\x00", "")
    runbooks = Runbook.objects.visible(request.user).select_related("owner")
    if runbook := runbooks.answering(name):
        return redirect(runbook)
    if request.method == "GET":
        Gap.objects.note(name, at=timezone.now())
    page = AlertPage(name, request.user, draft_of=runbooks.drafted_for(name))
    return render(request, "runbooks/alert.html", {"page": page})


@verb("runbooks.add_runbook")
def draft(request):
    """A draft from the template for an alert that has no runbook; an existing one is shown."""
    form = AlertDraftForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["alert"][0])
    name = form.cleaned_data["alert"]
    try:
        runbook = _start(name, request.user)
    except NameTaken as taken:
        messages.warning(request, str(taken))
        return redirect("alert", name)
    return redirect("runbooks:edit", runbook.slug)


def _start(name: str, user) -> Runbook:
    kind = Kind.TROUBLESHOOTING
    template = Template.objects.filter(kind=kind).first()
    text = template.text if template else ""
    note = f"From the template, for {name}"
    return Runbook.objects.start(
        title_of(name), by=user, text=text, note=note, kind=kind, alerts=[name]
    )


@require_safe
@permission_required("runbooks.view_gap", raise_exception=True)
def gaps(request):
    """Alerts that were looked up in vain, the most wanted first; or those that were dismissed."""
    dismissed = "dismissed" in request.GET
    rows = (
        Gap.objects.dismissed().select_related("dismissed_by") if dismissed else Gap.objects.open()
    )
    page = Paginator(rows, GAPS_SHOWN).get_page(request.GET.get("page"))
    query = "dismissed=1" if dismissed else ""
    return render(request, "runbooks/gaps.html", {"page": page, "query": query})


def at_gaps(pk) -> str:
    return reverse("runbooks:gaps")


@verb("runbooks.dismiss_gap", page=at_gaps)
def dismiss(request, pk):
    gap, form = get_object_or_404(Gap, pk=pk), DismissForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["reason"][0])
    gap.dismiss(by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, f"{gap} is dismissed. It stays under “Dismissed”.")
    return redirect("runbooks:gaps")


@verb("runbooks.dismiss_gap", page=at_gaps)
def take_back(request, pk):
    gap = get_object_or_404(Gap, pk=pk)
    gap.take_back(by=request.user)
    messages.success(request, f"{gap} is reopened.")
    return redirect("runbooks:gaps")
