"""The list of heartbeats, one of them, and what is done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.data import clock
from portal.core.problems import Refused, Stale
from portal.core.web.next_runs import next_runs as runs_of
from portal.core.web.next_runs import next_runs_of
from portal.core.web.refusals import refusals_shown, verb
from portal.monitoring.heartbeats import announcements
from portal.monitoring.heartbeats.forms import HeartbeatForm, PauseForm
from portal.monitoring.heartbeats.listing import listing
from portal.monitoring.heartbeats.page import HeartbeatPage
from portal.monitoring.heartbeats.status import signal_of
from portal.monitoring.models import Heartbeat, Ping

may_read = permission_required("monitoring.view_heartbeat", raise_exception=True)
may_add = permission_required("monitoring.add_heartbeat", raise_exception=True)
may_change = permission_required("monitoring.change_heartbeat", raise_exception=True)
PAUSED = "Paused. No ping is expected meanwhile; an alert that fires stays open."
RESUMED = "Resumed. It is expected one period from now; what was down is down until it succeeds."
SCHEDULED = ("monitoring.add_heartbeat", "monitoring.add_maintenance")  # forms with a schedule
ABOUT = ("service__owner", "owner", "runbook")


def heartbeat_of(request, pk: int) -> Heartbeat:
    return get_object_or_404(Heartbeat.objects.visible(request.user), pk=pk)


def at_heartbeat(pk, **more) -> str:
    return reverse("monitoring:heartbeat", args=[pk])


@require_safe
@may_read
def heartbeats(request):
    """All of them, the worst first."""
    number = request.GET.get("page")
    context = listing(request.user, request.GET, at=clock.now(), number=number)
    return render(request, "monitoring/heartbeats.html", context)


@require_safe
@may_read
def heartbeat(request, pk):
    """How one stands, what it reported, and how it is called, for those who may know that."""
    at = clock.now()
    rows = Heartbeat.objects.visible(request.user).standing(at).select_related(*ABOUT)
    found = get_object_or_404(rows, pk=pk)
    page = HeartbeatPage(found, request.user, at, request.GET.get("page"))
    context = {"page": page, "heartbeat": found, "pause": PauseForm(), "now": at}
    return render(request, "monitoring/heartbeat.html", context)


@require_safe
@may_read
def ping(request, pk, number):
    """One ping with what came with it."""
    rows = Ping.objects.filter(instance__heartbeat=heartbeat_of(request, pk))
    found = rows.select_related("instance__heartbeat").filter(pk=number).first()
    if found is None:
        raise Http404
    context = {"ping": found, "status": signal_of(found.signal)}
    return render(request, "monitoring/ping.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    """What it is and when it is expected; its address is shown on its page then."""
    form = HeartbeatForm(request.POST if request.method == "POST" else None)
    if "preview" in request.POST:
        return _form(request, HeartbeatForm(initial=request.POST.dict()))
    if not form.is_valid():
        return _form(request, form)
    try:
        made = Heartbeat.objects.make(by=request.user, **form.about)
    except ValidationError as error:
        form.refuse(error)
        return _form(request, form)
    messages.success(request, "Created. Let the job call the address below.")
    return redirect(made)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, pk):
    found = heartbeat_of(request, pk)
    if request.method != "POST":
        return _form(request, HeartbeatForm.of(found), found)
    if "preview" in request.POST:
        return _form(request, HeartbeatForm(initial=request.POST.dict()), found)
    form = HeartbeatForm(request.POST)
    if not form.is_valid():
        return _form(request, form, found)
    try:
        found.change(form.about, by=request.user, based_on=form.cleaned_data["revision"])
    except ValidationError as error:
        form.refuse(error)
        return _form(request, form, found)
    except Stale as refusal:
        form.add_error(None, refusal.detail)
        return _form(request, form, found, status=refusal.status)
    messages.success(request, "Saved.")
    return redirect(found)


def _form(request, form, found: Heartbeat | None = None, *, status: int = 200):
    status = 400 if form.errors and status == 200 else status
    context = {"form": form, "heartbeat": found, **next_runs_of(form, clock.now())}
    return render(request, "monitoring/heartbeat_form.html", context, status=status)


@require_safe
def next_runs(request):
    """When a cron expression would start, for a form, while somebody types."""
    if not any(map(request.user.has_perm, SCHEDULED)):
        raise PermissionDenied
    asked = (request.GET.get(name, "") for name in ("cron", "zone"))
    told = runs_of(*asked, clock.now())
    return render(request, "monitoring/_next_runs.html", told)


@verb("monitoring.pause_heartbeat", page=at_heartbeat)
def pause(request, pk):
    found, form, at = heartbeat_of(request, pk), PauseForm(request.POST), clock.now()
    if not form.is_valid():
        raise Refused("Choose for how long it is paused.")
    found.pause(by=request.user, until=at + form.span if form.span else None, at=at)
    messages.success(request, PAUSED)
    return redirect(found)


@verb("monitoring.pause_heartbeat", page=at_heartbeat)
def resume(request, pk):
    found = heartbeat_of(request, pk)
    found.resume(by=request.user)
    messages.success(request, RESUMED)
    return redirect(found)


@verb("monitoring.change_heartbeat", page=at_heartbeat)
def rotate(request, pk):
    found = heartbeat_of(request, pk)
    found.rotate(by=request.user)
    messages.success(request, "It has a new address. The old one is answered 404 from now on.")
    return redirect(found)


@verb("monitoring.delete_heartbeat", page=at_heartbeat)
def delete(request, pk):
    found = heartbeat_of(request, pk)
    announcements.remove(found, by=request.user)
    messages.success(request, f"Deleted “{found.name}” with all its pings.")
    return redirect("monitoring:heartbeats")


@verb("monitoring.change_heartbeat", page=at_heartbeat)
def forget_instance(request, pk, number):
    """A host that is gone: nobody waits for it any more."""
    found = heartbeat_of(request, pk)
    instance = get_object_or_404(found.instances, pk=number)
    announcements.forget(found, instance, by=request.user)
    messages.success(request, f"“{instance.name}” is not expected any more.")
    return redirect(found)
