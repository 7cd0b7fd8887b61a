"""Rules as people see them, try them, and change them."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Incident, IncidentRule
from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.refusals import refusals_shown, verb
from portal.monitoring.models import Alert

from . import trial
from .forms import RuleForm, TrialForm

may_read = permission_required("incidents.view_incidentrule", raise_exception=True)
may_add = permission_required("incidents.add_incidentrule", raise_exception=True)
may_change = permission_required("incidents.change_incidentrule", raise_exception=True)
LATELY = timedelta(days=30)
SHOWN = 20


@require_safe
@may_read
def rules(request):
    """All of them, in the order in which they are asked."""
    since = clock.now() - LATELY
    seen = Incident.objects.visible(request.user).declared_since(since)
    lately = Count("incidents", filter=Q(incidents__in=seen))
    rows = IncidentRule.objects.visible(request.user).select_related("service", "policy")
    shipped = seen.filter(rule=None, source="alert").count()
    context = {"rules": rows.annotate(lately=lately), "shipped": shipped}
    return render(request, "incidents/rules.html", context)


@require_safe
@may_read
def rule(request, pk):
    """One rule, and what it opened."""
    found = _of(request, pk)
    opened = Incident.objects.visible(request.user).filter(rule=found)[:SHOWN]
    return render(request, "incidents/rule.html", {"rule": found, "opened": opened})


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    form = RuleForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := _made(form, request.user)):
        messages.success(request, f"Rule “{made}” created.")
        return redirect("incidents:rules")
    context = {"form": form}
    return render(request, "incidents/rule_form.html", context, status=_status(form))


def _made(form: RuleForm, user) -> IncidentRule | None:
    """The rule; what is refused stands at its field."""
    try:
        return IncidentRule.objects.make(by=user, **form.given)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, pk):
    found = _of(request, pk)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=found)
    if form.is_valid() and _changed(form, found, request.user):
        messages.success(request, "Saved.")
        return redirect(found)
    context = {"form": form, "rule": found}
    return render(request, "incidents/rule_form.html", context, status=_status(form))


def _changed(form: RuleForm, found: IncidentRule, user) -> bool:
    """What is refused stands at its field."""
    try:
        found.change(form.given, by=user, based_on=form.cleaned_data["revision"])
        return True
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return False


def _status(form) -> int:
    return 400 if form.errors else 200


def _of(request, pk) -> IncidentRule:
    rows = IncidentRule.objects.visible(request.user).select_related("service", "policy")
    return get_object_or_404(rows, pk=pk)


def at_rules(pk) -> str:
    return reverse("incidents:rules")


@verb("incidents.change_incidentrule", page=at_rules)
def move(request, pk):
    """One place up or down."""
    found = _of(request, pk)
    place = 1 + IncidentRule.objects.filter(position__lt=found.position).count()
    found.move(place + (1 if request.POST.get("to") == "down" else -1), by=request.user)
    return redirect("incidents:rules")


@verb("incidents.change_incidentrule", page=at_rules)
def remove(request, pk):
    found = _of(request, pk)
    name = found.name
    found.remove(by=request.user)
    messages.success(request, f"Rule “{name}” removed. What it opened stays.")
    return redirect("incidents:rules")


@require_safe
@may_read
def try_rules(request):
    """Which rule matches an alert, and what would happen."""
    form = TrialForm(request.GET or None)
    found = _tried(form, request.user) if form.is_valid() else None
    context = {"form": form, "trial": found}
    return render(request, "incidents/rules_try.html", context, status=_status(form))


def _tried(form: TrialForm, user) -> trial.Trial | None:
    if key := form.cleaned_data["alert"]:
        rows = Alert.objects.visible(user).select_related("service__owner", "runbook")
        if alert := rows.filter(pk=key).first():
            return trial.of_alert(alert, user)
        form.add_error("alert", f"There is no alert {key}.")
        return None
    return trial.of_labels(form.cleaned_data["labels"], user)
