"""Alerts as people see them: now, in the past, and one explained."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from portal.architecture.models import Service
from portal.core.api.pagination import paginate
from portal.core.data import clock
from portal.core.problems import Refused
from portal.core.web.refusals import verb
from portal.monitoring.models import Alert, Intake

from . import filters, resolution
from .forms import RateForm, ResolveForm
from .page import LOADED, Explained, Now, lines_of

may_read = permission_required("monitoring.view_alert", raise_exception=True)
ASKED = ("state", "name", "service", "intake", "runbook", "since")
OFFERED = 200


@require_safe
@may_read
def now(request):
    """What fires at this moment."""
    page = Now(request.user, clock.now(), timezone.localdate())
    return render(request, "monitoring/now.html", {"page": page})


@require_safe
@may_read
def history(request):
    """All alerts, the newest first, narrowed by what they have in common."""
    context = _filter_bar(request)
    try:
        rows = filters.narrowed(Alert.objects.visible(request.user), request.GET)
        found = paginate(
            rows.values_list(*filters.NEWEST_FIRST.keys),
            filters.NEWEST_FIRST,
            "alerts",
            request.GET,
        )
    except ValidationError as error:
        context["wrong"] = " ".join(str(text) for texts in error.detail.values() for text in texts)
        return render(request, "monitoring/history.html", context, status=400)
    keys = [row[-1] for row in found.rows]
    shown = Alert.objects.select_related(*LOADED).in_bulk(keys)
    lines = lines_of((shown[key] for key in keys if key in shown), request.user, clock.now())
    return render(request, "monitoring/history.html", {**context, "page": found, "lines": lines})


def _filter_bar(request) -> dict:
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name)}
    services = Service.objects.visible(request.user).values_list("slug", "name")[:OFFERED]
    return {
        "asked": asked,
        "address": f"{urlencode(asked)}&" if asked else "",
        "states": [
            ("unattended", "Firing, nobody yet"),
            ("acknowledged", "Acknowledged"),
            ("muted", "Firing, muted"),
            ("firing", "Firing"),
            ("resolved", "Resolved"),
        ],
        "services": [(filters.NONE, "No service found"), *services],
        "intakes": list(Intake.objects.order_by("name").values_list("pk", "name")[:OFFERED]),
        "runbooks": [(filters.NONE, "No runbook found")],
    }


@require_safe
@may_read
def alert(request, pk):
    """One alert, explained."""
    rows = Alert.objects.visible(request.user).select_related(*LOADED, "resolved_by")
    page = Explained(get_object_or_404(rows, pk=pk), request.user, clock.now())
    return render(request, "monitoring/alert.html", {"page": page, "alert": page.alert})


def at_alert(pk) -> str:
    return Alert(pk=pk).get_absolute_url()


def _of(request, pk) -> Alert:
    return get_object_or_404(Alert.objects.visible(request.user), pk=pk)


def _back(request, found: Alert):
    """To the list, if it was done there."""
    return redirect("monitoring:alerts") if request.POST.get("from") == "now" else redirect(found)


@verb("monitoring.acknowledge_alert", page=at_alert)
def acknowledge(request, pk):
    found = _of(request, pk)
    found.acknowledge(by=request.user)
    messages.success(request, f"You have {found} in hand: it is acknowledged.")
    return _back(request, found)


@verb("monitoring.rate_alert", page=at_alert)
def rate(request, pk):
    found, form = _of(request, pk), RateForm(request.POST)
    if not form.is_valid():
        raise Refused("Say whether it was useful, or noise.")
    rating = found.rate(by=request.user, useful=form.cleaned_data["verdict"] == "useful")
    messages.success(request, f"{found} is rated: {rating.word}. You may change that.")
    return _back(request, found)


@verb("monitoring.resolve_alert", page=at_alert)
def resolve(request, pk):
    found, form = _of(request, pk), ResolveForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["note"][0])
    resolution.resolve(found, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"{found} is resolved by hand.")
    return _back(request, found)
