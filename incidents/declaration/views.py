"""Declare an incident: three questions and one button, also on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Incident, IncidentRun, IncidentSource, Severity
from portal.architecture.models import Service
from portal.core.problems import DomainError
from portal.core.web.keys import is_key
from portal.monitoring.models import Alert
from runbooks.models import Run
from runbooks.problems import BadValues

from .consequences import Callers, due_of
from .forms import DeclareForm, runbooks_of
from .places import places_for

may_declare = permission_required("incidents.add_incident", raise_exception=True)
SAME_SHOWN = 3
LONGEST_PREFILL = 200


@dataclass(frozen=True)
class Origin:
    """What it is declared from: an alert, a run, a service; each if this person may see it."""

    alert: Alert | None
    run: Run | None
    service: Service | None

    @property
    def runbook(self):
        return (self.alert.runbook if self.alert else None) or (self.run and self.run.runbook)

    @property
    def initial(self) -> dict[str, Any]:
        about: dict[str, Any] = {
            "alert": self.alert and self.alert.pk,
            "run": self.run and self.run.pk,
        }
        if self.service:
            about["where"] = self.service.slug
        if self.runbook and self.runbook.published_id and not self.run:
            about["runbook"] = self.runbook.slug
        return about | {"title": self.title[:LONGEST_PREFILL]}

    @property
    def title(self) -> str:
        if self.alert:
            return f"{self.alert.name}: {self.alert.summary}".removesuffix(": ")
        return f"{self.run.runbook} fails" if self.run else ""


def origin_of(request, asked) -> Origin:
    """By the numbers in the address, or in the hidden fields of the form."""
    user = request.user
    alerts = Alert.objects.visible(user).select_related("service__owner", "runbook")
    runs = Run.objects.visible(user).select_related("service__owner", "runbook")
    alert, run = _one(alerts, asked.get("alert")), _one(runs, asked.get("run"))
    slug = asked.get("service", "").replace("\x00", "")
    rows = Service.objects.visible(user).select_related("owner")
    named = rows.filter(slug=slug).first() if slug else None
    service = named or (alert and alert.service) or (run and run.service)
    return Origin(alert, run, service or None)


def _one(rows, key: str | None):
    return rows.filter(pk=key).first() if is_key(key or "") else None


@require_http_methods(["GET", "HEAD", "POST"])
@may_declare
def new(request):
    """The form; what is refused is shown with all that was typed."""
    is_post = request.method == "POST"
    origin = origin_of(request, request.POST if is_post else request.GET)
    places = places_for(request.user, first=origin.service)
    offered = runbooks_of(request.user, places, first=origin.runbook)
    about = {"user": request.user, "offered": offered}
    if not is_post:
        return _asking(request, DeclareForm(initial=origin.initial, **about), origin, places)
    form = DeclareForm(request.POST, **about)
    if form.is_valid():
        try:
            return _declared(request, form, origin)
        except (DomainError, ValidationError) as refusal:
            form.refuse(refusal)
    return _asking(request, form, origin, places, status=400)


def _declared(request, form: DeclareForm, origin: Origin):
    given, by = form.cleaned_data, request.user
    with transaction.atomic():
        incident = Incident.objects.declare(
            title=given["title"],
            severity=given["level"],
            by=by,
            services=form.services,
            runbook=given["runbook"],
            source=IncidentSource.RUN if origin.run else IncidentSource.PERSON,
            request_key=form.key,
            description=given["description"],
            is_drill=given["is_drill"],
            is_restricted=given["is_restricted"],
        )
        left = [*_not_added(incident, origin, by)]
    if given["runbook"] and given["starts"] and by.has_perm("runbooks.add_run"):
        return redirect(_started(incident, given["runbook"], by))
    messages.success(request, f"{incident.name} is declared.")
    for what in left:
        messages.warning(request, f"The {what} was not added: it cannot belong to {incident.name}.")
    return redirect(incident)


def _not_added(incident: Incident, origin: Origin, by) -> Iterator[str]:
    """Add alert and run that it is declared from; gives those of another incident."""
    alert, run = origin.alert, origin.run
    if alert and incident.is_open:
        incident.join_alerts([alert])
        if not incident.incident_alerts.filter(alert=alert).exists():
            yield "alert"
    if run and not IncidentRun.objects.filter(run=run).exists():
        incident.join_run(run, by=by)
    elif run and not incident.incident_runs.filter(run=run).exists():
        yield "run"


def _started(incident: Incident, runbook, by) -> str:
    """The page of the run; where it needs values first, the page that asks for them."""
    if known := incident.incident_runs.filter(run__runbook=runbook).first():
        return reverse("runbooks:run", args=[known.run_id])
    try:
        with transaction.atomic():
            run = Run.objects.start(runbook, by=by, service=incident.services.first())
            incident.join_run(run, by=by, at=run.started_at)
    except (BadValues, DomainError):
        return reverse("incidents:start-run", args=[incident.pk])
    return str(run.get_absolute_url())


def _asking(request, form: DeclareForm, origin: Origin, places, *, status: int = 200):
    callers = Callers(place.service for place in places)
    open_ones = Incident.objects.visible(request.user).open()
    same = open_ones.order_by("level", "-declared_at")
    if origin.service:
        same = same.of_service(origin.service.slug) or same
    severities = list(Severity.objects.all())
    context = {
        "form": form,
        "origin": origin,
        "places": [(place, callers.calls(place.service)) for place in places],
        "calls_else": callers.calls(),
        "severities": severities,
        "follows": [(each, due_of(each)) for each in severities],
        "same": list(same[:SAME_SHOWN]),
    }
    return render(request, "incidents/declare.html", context, status=status)
