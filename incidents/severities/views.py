"""Severities: what they mean and what follows; the working calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Severity, WorkingCalendar
from incidents.models.severities import WHEN_UNSURE
from portal.core.problems import DomainError, Stale

from .forms import CalendarForm, SeverityForm

may_read = permission_required("incidents.view_severity", raise_exception=True)
may_change = permission_required("incidents.change_severity", raise_exception=True)
may_plan = permission_required("incidents.change_workingcalendar", raise_exception=True)


@require_safe
@may_read
def severities(request):
    """All five, the worst first."""
    calendar = WorkingCalendar.objects.current()
    context = {
        "severities": Severity.objects.visible(request.user),
        "unsure": WHEN_UNSURE,
        "calendar": calendar,
        "week": calendar.day_names,
    }
    return render(request, "incidents/severities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def edit(request, level: int):
    """Of two who edit at once, the later one is told, and loses nothing."""
    found = get_object_or_404(Severity, level=level)
    if request.method != "POST":
        return _editing(request, found, SeverityForm.of(found))
    form, status = SeverityForm(request.POST), 400
    if form.is_valid():
        try:
            found.change(form.changes, by=request.user, based_on=form.cleaned_data["revision"])
        except Stale:
            return _stale(request, found, form)
        except (DomainError, ValidationError) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{found} is saved. It counts for incidents to come.")
            return redirect("incidents:severities")
    return _editing(request, found, form, status=status)


def _stale(request, found: Severity, form: SeverityForm):
    """What was typed stays; what differs from what stands there now is said."""
    theirs = Severity.objects.get(pk=found.pk)
    differing = [
        (SeverityForm.base_fields[name].label or name.replace("_", " ").capitalize(), now)
        for name, value in form.changes.items()
        if (now := getattr(theirs, name)) != value
    ]
    again = SeverityForm(initial={**form.changes, "revision": theirs.revision})
    return _editing(request, theirs, again, differing=differing, status=409)


def _editing(request, found, form, *, differing=None, status: int = 200):
    context = {"severity": found, "form": form, "differing": differing}
    return render(request, "incidents/severity_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may_plan
def calendar(request):
    """Which days count as business days."""
    found = WorkingCalendar.objects.current()
    if request.method != "POST":
        return _planning(request, CalendarForm(initial=_planned(found)))
    form = CalendarForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        about = {name: given[name] for name in ("weekdays", "country", "subdivision")}
        try:
            found.plan(**about, exceptions=given["exceptions"], by=request.user)
        except (DomainError, ValidationError) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved. It counts for what becomes due from now on.")
            return redirect("incidents:severities")
    return _planning(request, form, status=400)


def _planned(found: WorkingCalendar) -> dict:
    days = found.days.all() if found.pk else []
    lines = [f"{each.day} {'working' if each.is_working else 'off'} {each.name}" for each in days]
    return {
        "weekdays": found.weekdays or list(range(5)),
        "country": found.country,
        "subdivision": found.subdivision,
        "exceptions": "\n".join(line.strip() for line in lines),
    }


def _planning(request, form, *, status: int = 200):
    return render(request, "incidents/calendar.html", {"form": form}, status=status)
