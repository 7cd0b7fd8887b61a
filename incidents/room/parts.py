"""What people add to an incident: entries, roles, tasks, links, services, runs."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import EntryKind, Incident, Role
from incidents.models.teamwork import WORK
from portal.accounts.api.idempotency import once
from portal.core.data import clock
from portal.core.media.uploads import UploadRefused, store_image
from portal.core.problems import DomainError, Refused
from portal.core.web.refusals import refusals_shown, verb
from runbooks.models import Run, Runbook
from runbooks.models.run_queries import followable
from runbooks.problems import BadValues
from runbooks.runs.forms import StartForm

from .forms import FORMS, EntryForm
from .page import Room
from .verbs import at_incident
from .views import incident_of, shown

FOLLOW = "runbooks.add_run"


def at_part(number: int, pk: int = 0) -> str:
    return at_incident(number)


def _add(request, number: int, name: str, act: Callable):
    """Do what the form beside a part asks; what is refused is shown in it, with all that was
    typed. `act` is of (request, incident, what was given).
    """
    about = {"auto_id": f"{name}-%s", "user": request.user}
    found, form, status = incident_of(request, number), FORMS[name](request.POST, **about), 400
    if form.is_valid():
        try:
            return redirect(once(request.user, form.key, lambda: _added(request, found, form, act)))
        except (DomainError, ValidationError) as refusal:
            form.refuse(refusal)
            status = getattr(refusal, "status", 400)
            found = incident_of(request, number)
    form.focus_on_refusal()
    room = Room(found, request.user, clock.now(), request.GET)
    return shown(request, room, part={name: form}, status=status)


def _added(request, found: Incident, form, act: Callable) -> str:
    act(request, found, form.cleaned_data)
    return found.get_absolute_url()


# The timeline


@verb(WORK, page=at_incident)
def note(request, number: int):
    """Add an entry. What is refused is shown with all that was typed."""
    found, form = incident_of(request, number), EntryForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(once(request.user, form.key, lambda: _noted(request, found, form)))
        except (DomainError, ValidationError) as refusal:
            form.refuse(refusal)
    room = Room(found, request.user, clock.now(), request.GET)
    return shown(request, room, entry=form, status=400)


def _noted(request, found: Incident, form: EntryForm) -> str:
    given, by = form.cleaned_data, request.user
    if given["corrects"]:
        entry = get_object_or_404(found.entries, pk=given["corrects"])
        found.correct(entry, given["text"], by=by)
        return f"{found.get_absolute_url()}#timeline"
    picture = _stored(given["picture"])
    kind = EntryKind.EVIDENCE if picture else given["kind"] or EntryKind.NOTE
    found.note(given["text"], by=by, kind=kind, picture=picture)
    return f"{found.get_absolute_url()}#timeline"


def _stored(upload):
    if upload is None:
        return None
    try:
        return store_image(upload, name=upload.name)
    except UploadRefused as refusal:
        raise Refused(refusal.detail, pointer="/picture") from refusal


@verb(WORK, page=at_part)
def pin(request, number: int, pk: int):
    """Let everybody see an entry first, or no longer."""
    found = incident_of(request, number)
    entry = get_object_or_404(found.entries, pk=pk)
    if request.POST.get("off"):
        found.unpin(entry, by=request.user)
    else:
        found.pin(entry, by=request.user)
    return redirect(found)


# Roles and tasks


@verb(WORK, page=at_incident)
def role(request, number: int):
    """Give a role to somebody, take it oneself, or leave it to nobody."""
    return _add(request, number, "role", _assign)


def _assign(request, found: Incident, given: dict) -> None:
    to = request.user if request.POST.get("take") else given["person"]
    changed = found.assign(given["role"], to, by=request.user)
    label = Role(given["role"]).label
    said = f"{label}: {to or 'nobody'}." if changed else f"{label} is {to or 'nobody'} already."
    messages.info(request, said)


@verb(WORK, page=at_incident)
def task(request, number: int):
    return _add(request, number, "task", _add_task)


def _add_task(request, found: Incident, given: dict) -> None:
    found.add_task(given["text"], by=request.user, owner=given["owner"])


@verb(WORK, page=at_part)
def complete_task(request, number: int, pk: int):
    found = incident_of(request, number)
    found.complete_task(get_object_or_404(found.tasks, pk=pk), by=request.user)
    return redirect(found)


# Links, services, runs


@verb(WORK, page=at_incident)
def link(request, number: int):
    return _add(request, number, "link", _add_link)


def _add_link(request, found: Incident, given: dict) -> None:
    found.add_link(given["url"], given["title"], by=request.user)


@verb(WORK, page=at_incident)
def service(request, number: int):
    """Say what a service does; or that it is not affected after all."""
    return _add(request, number, "service", _affect)


def _affect(request, found: Incident, given: dict) -> None:
    if request.POST.get("spare"):
        found.spare(given["service"], by=request.user)
    else:
        found.affect(given["service"], by=request.user, impact=given["impact"])


@verb(WORK, page=at_incident)
def join_run(request, number: int):
    """A run that was started elsewhere is a part of it."""
    return _add(request, number, "run", _join_run)


def _join_run(request, found: Incident, given: dict) -> None:
    run = Run.objects.visible(request.user).filter(pk=given["run"]).first()
    if run is None:
        raise Refused(f"There is no run {given['run']}.", pointer="/run")
    if not found.join_run(run, by=request.user):
        messages.info(request, f"Run {run.pk} belongs to it already.")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((WORK, FOLLOW), raise_exception=True)
@refusals_shown
def start_run(request, number: int):
    """Follow the runbook that it was opened with, or another one, as it is published now."""
    found = incident_of(request, number)
    runbook = _chosen(request) or (found.runbook_version and found.runbook_version.runbook)
    if runbook is None:
        raise Refused(f"{found.name} was opened without a runbook. Choose one on its page.")
    version = followable(runbook)
    if request.method != "POST":
        form = StartForm(runbook, version, initial={"service": found.services.first()})
        return _starting(request, found, form)
    form = StartForm(runbook, version, request.POST)
    if not form.is_valid():
        return _starting(request, found, form, status=400)
    try:
        return redirect(once(request.user, form.key, lambda: _started(request, found, form)))
    except BadValues as refusal:
        form.refuse(refusal.wrong)
        return _starting(request, found, form, status=400)


def _chosen(request) -> Runbook | None:
    """The runbook that the address names."""
    slug = request.GET.get("runbook", "").replace("\x00", "")
    rows = Runbook.objects.visible(request.user).current()
    return get_object_or_404(rows, slug=slug) if slug else None


@transaction.atomic
def _started(request, found: Incident, form: StartForm) -> str:
    version = form.cleaned_data["version"]
    run = Run.objects.start(
        form.runbook, by=request.user, parameters=form.parameters, version=version, **form.about
    )
    found.join_run(run, by=request.user, at=run.started_at)
    return str(run.get_absolute_url())


def _starting(request, found: Incident, form: StartForm, *, status: int = 200):
    context = {"incident": found, "form": form, "runbook": form.runbook}
    return render(request, "incidents/run_start.html", context, status=status)
