"""Escalation policies as people see them, create them and change them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from incidents.escalation.findings import findings, general
from incidents.escalation.forms import PolicyForm, StepFormSet
from incidents.escalation.status import status_of_policy
from incidents.models import EscalationPolicy
from portal.core.data import clock
from portal.core.problems import DomainError, Stale
from portal.core.web.refusals import refusals_shown, verb

may_read = permission_required("incidents.view_escalationpolicy", raise_exception=True)
may_add = permission_required("incidents.add_escalationpolicy", raise_exception=True)
may_change = permission_required("incidents.change_escalationpolicy", raise_exception=True)
CHANGE = "incidents.change_escalationpolicy"
PER_PAGE = 50
FORM = "incidents/escalation/policy_form.html"


def policy_of(request, slug: str) -> EscalationPolicy:
    rows = EscalationPolicy.objects.visible(request.user).with_steps()
    return get_object_or_404(rows, slug=slug)


def at_policy(slug: str) -> str:
    return EscalationPolicy(slug=slug).get_absolute_url()


@require_safe
@may_read
def policies(request):
    """All of them with what is wrong; then those that are archived."""
    rows = EscalationPolicy.objects.visible(request.user).with_steps()
    rows = rows.prefetch_related("services__service").order_by("archived_at", "name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown, at = list(page), clock.now()
    found = findings([each for each in shown if not each.archived_at], at)
    lines = [
        (each, found.get(each.pk, []), status_of_policy(each, found.get(each.pk, [])))
        for each in shown
    ]
    context = {"lines": lines, "page": page, "general": general(request.user)}
    return render(request, "incidents/escalation/policies.html", context)


@require_safe
@may_read
def policy(request, slug: str):
    """Its steps, what is wrong with it, and which services use it."""
    row, at = policy_of(request, slug), clock.now()
    found = [] if row.archived_at else findings([row], at)[row.pk]
    services = row.services.select_related("service").order_by("service__name")
    context = {
        "policy": row,
        "steps": row.steps.all(),
        "findings": found,
        "status": status_of_policy(row, found),
        "chain": row.chain()[1:],
        "services": [each.service for each in services],
        "catch_all": EscalationPolicy.objects.catch_all(),
    }
    return render(request, "incidents/escalation/policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    if request.method != "POST":
        return _shown(request, PolicyForm(), StepFormSet.showing([], more=2))
    form, steps = PolicyForm(request.POST), StepFormSet.sent(request.POST)
    if "more" in request.POST:
        return _shown(request, PolicyForm(initial=form.typed()), StepFormSet.typed(request.POST))
    if all([form.is_valid(), steps.is_valid()]):
        try:
            made = EscalationPolicy.objects.make(by=request.user, steps=steps.specs, **form.about)
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{made}” created. Try it before somebody needs it.")
            return redirect(made)
    return _shown(request, form, steps, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, slug: str):
    row = policy_of(request, slug)
    if request.method != "POST":
        return _shown(request, PolicyForm.of(row), StepFormSet.of(row), row)
    form, steps = PolicyForm.of(row, request.POST), StepFormSet.sent(request.POST)
    if "more" in request.POST:
        again = PolicyForm.of(row)
        again.initial = {**again.initial, **form.typed()}
        return _shown(request, again, StepFormSet.typed(request.POST), row)
    if all([form.is_valid(), steps.is_valid()]):
        changes, based_on = {**form.about, "steps": steps.specs}, form.cleaned_data["revision"]
        try:
            EscalationPolicy.objects.get(pk=row.pk).change(
                changes, by=request.user, based_on=based_on
            )
        except Stale as refusal:
            form.add_error(None, refusal.detail)
            return _shown(request, form, steps, row, status=refusal.status)
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. Incidents that are open keep the policy as it was.")
            return redirect(row)
    return _shown(request, form, steps, row, status=400)


def _shown(request, form, steps, row=None, *, status=200):
    context = {"form": form, "steps": steps, "policy": row}
    return render(request, FORM, context, status=status)


@verb(CHANGE, page=at_policy)
def archive(request, slug: str):
    row = policy_of(request, slug)
    EscalationPolicy.objects.get(pk=row.pk).archive(by=request.user, at=clock.now())
    messages.success(request, f"“{row}” is archived: no incident is opened with it any more.")
    return redirect(row)


@verb(CHANGE, page=at_policy)
def unarchive(request, slug: str):
    row = policy_of(request, slug)
    EscalationPolicy.objects.get(pk=row.pk).unarchive(by=request.user)
    messages.success(request, f"“{row}” is in use again. Name the services that use it.")
    return redirect(row)
