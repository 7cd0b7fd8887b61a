"""From an alert to its runbook, and what to do when there is none."""

import re

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.problems import Refused
from portal.core.web.refusals import verb
from runbooks.alerts.nearest import nearest
from runbooks.documents.forms import AlertDraftForm
from runbooks.models import AlertName, Gap, Kind, Runbook, Template
from runbooks.problems import NameTaken

GAPS_SHOWN = 50
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@require_safe
@permission_required("runbooks.view_runbook", raise_exception=True)
def alert(request, name):
    """The runbook of an alert, or a page of the nearest ones: never a 404.

    The one page whose GET writes: it counts, in `Gap`, that somebody looked in vain.
    """
    name = name.strip("/").replace("\x00", "")
    runbook = Runbook.objects.visible(request.user).answering(name)
    if runbook:
        return redirect(runbook)
    if request.method == "GET":
        Gap.objects.note(name, at=timezone.now())
    near = nearest(name[:200], user=request.user)
    context = {"name": name, "near": near, "is_name": AlertName.allows(name)}
    return render(request, "runbooks/alert.html", context)


@verb("runbooks.add_runbook")
def draft(request):
    """A draft from the template for an alert that has no runbook; an existing one is shown."""
    form = AlertDraftForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["alert"][0])
    name = form.cleaned_data["alert"]
    try:
        runbook = _start(name, request.user)
    except NameTaken:
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


def title_of(alert: str) -> str:
    """A title for the runbook of an alert: KubePodCrashLooping, “Kube pod crash looping”."""
    words = [
        word if len(word) > 1 and word.isupper() else word.lower() for word in WORD.findall(alert)
    ]
    text = " ".join(words) or alert
    return text[:1].upper() + text[1:]


@require_safe
@permission_required("runbooks.view_gap", raise_exception=True)
def gaps(request):
    """Alerts that were looked up in vain, the most wanted first."""
    page = Paginator(Gap.objects.open(), GAPS_SHOWN).get_page(request.GET.get("page"))
    return render(request, "runbooks/gaps.html", {"page": page})
