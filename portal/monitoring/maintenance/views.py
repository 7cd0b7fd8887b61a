"""Maintenance as people see it: what runs, what comes, one plan, and planning it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.data import clock
from portal.core.data.schedules import in_words
from portal.core.problems import DomainError
from portal.core.web.next_runs import next_runs_of
from portal.core.web.refusals import refusals_shown, verb
from portal.monitoring.models import Maintenance, Phase, Window
from portal.monitoring.muting import verbs

from .feed import address_for
from .forms import ChangeForm, MaintenanceForm
from .status import status_of

may_read = permission_required("monitoring.view_maintenance", raise_exception=True)
may_add = permission_required("monitoring.add_maintenance", raise_exception=True)
may_change = permission_required("monitoring.change_maintenance", raise_exception=True)
PER_PAGE = 50
LOADED = ("maintenance__planned_by", "ended_by")


@require_safe
@may_read
def calendar(request):
    """What runs and what comes, by time; then what is over."""
    at, rows = clock.now(), Window.objects.visible(request.user).select_related(*LOADED)
    rows = rows.prefetch_related("maintenance__services")
    coming = rows.upcoming(at).order_by("starts_at", "pk")
    past = rows.past(at).order_by("-ends_at", "-pk")
    page = Paginator(coming, PER_PAGE).get_page(request.GET.get("page"))
    groups = [
        ("Under way", rows.active(at).order_by("ends_at", "pk")),
        ("Planned", page),
        ("Over or cancelled", past[:20]),
    ]
    context = {
        "groups": [
            (title, [(each, status_of(each, at)) for each in group]) for title, group in groups
        ],
        "page": page,
        "feed": address_for(request.user),
    }
    return render(request, "monitoring/maintenance.html", context)


@verb("monitoring.view_maintenance", page=lambda: reverse("monitoring:maintenance"))
def renew_feed(request):
    """Another address of the calendar for this person; whoever has the old one reads it no more."""
    request.user.renew_calendars()
    messages.success(request, "The calendar has a new address. The old one opens nothing any more.")
    return redirect(f"{reverse('monitoring:maintenance')}#calendar")


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    at = clock.now()
    if request.method != "POST":
        soon = at.replace(second=0, microsecond=0) + timedelta(hours=1)
        form = MaintenanceForm.fresh(soon)
    else:
        form = MaintenanceForm(request.POST)
        is_asked = "preview" not in request.POST and form.is_right(at)
        if is_asked and (made := _made(form, request.user, at)):
            messages.success(request, f"“{made}” is planned.")
            return redirect(made)
    return render(request, "monitoring/maintenance_new.html", _form(form, at))


def _form(form: MaintenanceForm, at: datetime) -> dict[str, Any]:
    return {"form": form, **next_runs_of(form, at)}


def _made(form: MaintenanceForm, user, at: datetime) -> Maintenance | None:
    """The plan; what is refused stands at the field that it is about."""
    try:
        return verbs.plan(by=user, at=at, **form.about)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, pk):
    found = get_object_or_404(Maintenance.objects.visible(request.user), pk=pk)
    is_sent, at = request.method == "POST", clock.now()
    form = ChangeForm(request.POST if is_sent else None, plan=found)
    if is_sent and "preview" not in request.POST and form.is_right(at):
        try:
            based_on = form.cleaned_data["revision"]
            verbs.replan(found, form.changes, by=request.user, based_on=based_on)
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = _form(form, at) | {"name": form.initial["title"], "address": at_plan(pk)}
    status = 400 if form.errors else 200
    return render(request, "monitoring/maintenance_edit.html", context, status=status)


@require_safe
@may_read
def plan(request, pk):
    """One plan and its windows."""
    rows = Maintenance.objects.visible(request.user).select_related("planned_by")
    found, at = get_object_or_404(rows, pk=pk), clock.now()
    is_over = Case(When(ends_at__gt=at, cancelled_at=None, then=0), default=1)
    windows = found.windows.select_related("ended_by").annotate(is_over=is_over)
    windows = windows.order_by("is_over", Case(When(is_over=0, then="starts_at")), "-starts_at")
    page = Paginator(windows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": found,
        "services": found.services.all(),
        "words": in_words(found.cron) if found.cron else "",
        "zone": found.zone if found.cron and found.zone != get_current_timezone_name() else "",
        "city": found.zone.rpartition("/")[2].replace("_", " "),
        "is_current": found.cancelled_at is None and found.windows.current(at).exists(),
        "lines": [(each, status_of(each, at), each.phase(at) != Phase.PAST) for each in page],
        "page": page,
    }
    return render(request, "monitoring/maintenance_plan.html", context)


def at_plan(pk) -> str:
    return Maintenance(pk=pk).get_absolute_url()


def at_calendar(pk) -> str:
    return reverse("monitoring:maintenance")


@verb("monitoring.change_maintenance", page=at_plan)
def cancel(request, pk):
    found = get_object_or_404(Maintenance.objects.visible(request.user), pk=pk)
    verbs.cancel(found, by=request.user)
    messages.success(request, f"“{found}” is cancelled: no window of it is left.")
    return redirect(found)


@verb("monitoring.change_maintenance", page=at_calendar)
def end_window(request, pk):
    rows = Window.objects.visible(request.user).select_related("maintenance")
    found = get_object_or_404(rows, pk=pk)
    verbs.end(found, by=request.user)
    said = "cancelled" if found.cancelled_at else "over. What still fires calls people again"
    messages.success(request, f"This window is {said}.")
    return redirect(found.maintenance)
