"""Intakes for operators: make one, connect a tool to it, see what came in."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.data import clock
from portal.core.problems import Stale
from portal.core.web.refusals import refusals_shown, verb
from portal.monitoring.alerts.reports import Unreadable
from portal.monitoring.alerts.status import answer_of, status_of_intake
from portal.monitoring.models import Intake, Received

from .configuration import configuration_of
from .deliveries import parsed
from .forms import ChangeForm, IntakeForm, TryForm
from .mappings import read

may_look = permission_required("monitoring.view_intake", raise_exception=True)
may_add = permission_required("monitoring.add_intake", raise_exception=True)
may_change = permission_required("monitoring.change_intake", raise_exception=True)
PER_PAGE = 50


@require_safe
@may_look
def intakes(request):
    lines = [(each, status_of_intake(each)) for each in _seen_by(request.user)]
    return render(request, "monitoring/intakes.html", {"lines": lines})


def _seen_by(user):
    return Intake.objects.visible(user).with_newest_error()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    """Make an intake; its key is on this one page and nowhere else."""
    form = IntakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            intake, key = form.make(by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"intake": intake, "what": "key", "parts": configuration_of(intake, key)}
            return render(request, "monitoring/intake_made.html", context)
    return render(request, "monitoring/intake_new.html", {"form": form})


@require_safe
@may_look
def intake(request, pk):
    """One intake: how a tool is connected, and what came in."""
    found = get_object_or_404(_seen_by(request.user), pk=pk)
    page = Paginator(_received(request, found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "intake": found,
        "status": status_of_intake(found),
        "parts": configuration_of(found),
        "page": page,
        "lines": [(each, answer_of(each)) for each in page],
    }
    return render(request, "monitoring/intake.html", context)


def _received(request, found: Intake):
    may_see = request.user.has_perm("monitoring.view_received")
    return found.received.all() if may_see else Received.objects.none()


def at_intake(pk) -> str:
    return Intake(pk=pk).get_absolute_url()


def _of(request, pk) -> Intake:
    return get_object_or_404(Intake.objects.visible(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, pk):
    """All but its kind and its key."""
    found = _of(request, pk)
    form = ChangeForm(request.POST if request.method == "POST" else None, intake=found)
    if request.method == "POST" and form.is_valid():
        try:
            based_on = form.cleaned_data["revision"]
            found.change(by=request.user, based_on=based_on, **form.changes)
        except ValidationError as error:
            form.refuse(error)
        except Stale as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = {"form": form, "name": form.initial["name"], "address": at_intake(pk)}
    status = 400 if form.errors else 200
    return render(request, "monitoring/intake_edit.html", context, status=status)


@never_cache
@verb("monitoring.change_intake", page=at_intake)
def renew_key(request, pk):
    """The new key is on this one page and nowhere else."""
    found = _of(request, pk)
    key = found.renew_key(by=request.user)
    context = {"intake": found, "what": "key", "parts": configuration_of(found, key)}
    return render(request, "monitoring/intake_made.html", context)


@never_cache
@verb("monitoring.change_intake", page=at_intake)
def renew_secret(request, pk):
    found = _of(request, pk)
    found.renew_secret(by=request.user)
    return render(request, "monitoring/intake_made.html", {"intake": found, "what": "secret"})


@verb("monitoring.change_intake", page=at_intake)
def revoke(request, pk):
    found = _of(request, pk)
    found.revoke(by=request.user, at=clock.now())
    messages.success(request, f"{found} is revoked: its key is refused from now on.")
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def try_mapping(request):
    """What a mapping makes of a payload that somebody pasted."""
    form = TryForm(request.POST if request.method == "POST" else None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            body = form.cleaned_data["payload"].encode("utf-8", "replace")
            found = read(parsed(body), form.cleaned_data["mapping"], at=clock.now())
            context["reports"] = found.reports
        except Unreadable as error:
            form.add_error("payload", str(error))
    return render(request, "monitoring/intake_try.html", context)
