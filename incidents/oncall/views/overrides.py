"""Putting somebody on call, and cancelling that."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Override, Rotation
from incidents.oncall import verbs
from incidents.oncall.forms import CoverForm, MomentForm, OverrideForm
from incidents.oncall.shifts import shifts
from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.refusals import verb

from .rotations import rotation_of

ADD = "incidents.add_override"
may_add = permission_required(ADD, raise_exception=True)
AHEAD = timedelta(days=35)  # in which the next shift is looked for


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request, slug):
    """Who may change rotations puts in anybody; others put in themselves."""
    found, is_lead = rotation_of(request, slug), request.user.has_perm("incidents.change_rotation")
    form_class = OverrideForm if is_lead else CoverForm
    if request.method != "POST":
        initial = _asked(request) or _next(found, request.user, clock.now())
        return _form(request, found, form_class(initial=initial), is_lead)
    form = form_class(request.POST)
    if form.is_valid() and _made(form, found, request.user, is_lead):
        messages.success(request, "The override is in place. Who is concerned is told.")
        return redirect(f"{found.get_absolute_url()}#overrides")
    return _form(request, found, form, is_lead)


def _asked(request) -> dict:
    """The times that the address names."""
    names = (("starts_at", "since"), ("ends_at", "until"))
    forms = {name: MomentForm({"at": request.GET.get(key, "")}) for name, key in names}
    found = {name: form.cleaned_data["at"] for name, form in forms.items() if form.is_valid()}
    return {name: at for name, at in found.items() if at}


def _next(found: Rotation, user, at: datetime) -> dict:
    """The times of the next shift that somebody else has, or nobody."""
    plan = Rotation.objects.filter(pk=found.pk).plans(at, at + AHEAD)[found.pk]
    for each in shifts(plan, at, at + AHEAD):
        is_whole = each.starts_at > at and each.ends_at < at + AHEAD
        if is_whole and not each.is_off and each.person != user.pk:
            return {"starts_at": each.starts_at, "ends_at": each.ends_at}
    return {}


def _made(form: CoverForm, found: Rotation, user, is_lead: bool) -> Override | None:
    """The override; what is refused stands at the field that it is about."""
    given = form.cleaned_data
    person = given["person"] if is_lead else user
    times = given["starts_at"], given["ends_at"]
    try:
        return verbs.override(
            found, person, *times, by=user, at=clock.now(), reason=given["reason"]
        )
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


def _form(request, found: Rotation, form: CoverForm, is_lead: bool):
    context = {"rotation": found, "form": form, "is_lead": is_lead}
    status = 400 if form.errors else 200
    return render(request, "oncall/override_form.html", context, status=status)


@verb(ADD, page=lambda pk: reverse("oncall:today"))
def cancel(request, pk):
    rows = Override.objects.filter(rotation__in=Rotation.objects.visible(request.user))
    found = get_object_or_404(rows.select_related("rotation", "person"), pk=pk)
    verbs.cancel(found, by=request.user, at=clock.now())
    messages.success(request, "The override is cancelled.")
    return redirect(found)
