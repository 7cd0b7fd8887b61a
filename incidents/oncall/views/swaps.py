"""Asking somebody to swap, and answering."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Rotation, Swap
from incidents.oncall import verbs
from incidents.oncall.overview import people_of
from incidents.oncall.shifts import Shift, shifts
from incidents.oncall.swap_forms import SwapForm, value_of
from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.days import minute_in_week
from portal.core.web.refusals import verb

from .rotations import rotation_of

ADD = "incidents.add_swap"
may_add = permission_required(ADD, raise_exception=True)
AHEAD = timedelta(days=60)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request, slug):
    found, at = rotation_of(request, slug), clock.now()
    own, others = choices(found, request.user, at)
    asked = {"shift": request.GET.get("shift", "")}
    form = SwapForm(
        request.POST if request.method == "POST" else None, own=own, others=others, initial=asked
    )
    if form.is_valid() and (made := _made(form, found, request.user, at)):
        messages.success(request, f"{made.asked} is asked. Until then you stay on call.")
        return redirect(made)
    context = {"rotation": found, "form": form, "has_shifts": bool(own)}
    status = 400 if form.errors else 200
    return render(request, "oncall/swap_form.html", context, status=status)


def choices(found: Rotation, user, at: datetime) -> tuple[list, list]:
    """(value, words) of the shifts to come: one's own, and those of others by their names."""
    plan = Rotation.objects.filter(pk=found.pk).plans(at, at + AHEAD)[found.pk]
    coming = [each for each in shifts(plan, at, at + AHEAD) if each.person]
    coming = [each for each in coming if each.starts_at > at and each.ends_at < at + AHEAD]
    own = [choice(each) for each in coming if each.person == user.pk]
    theirs: dict[str, list] = {}
    people = people_of(coming)
    for each in coming:
        if each.person != user.pk:
            theirs.setdefault(str(people[each.person]), []).append(choice(each))
    return own, sorted(theirs.items())


def choice(shift: Shift) -> tuple[str, str]:
    words = f"{minute_in_week(shift.starts_at)} to {minute_in_week(shift.ends_at)}"
    return value_of(shift.starts_at, shift.ends_at), words


def _made(form: SwapForm, found: Rotation, user, at: datetime) -> Swap | None:
    """The proposal; what is refused stands at the field that it is about."""
    given = form.cleaned_data
    more = {"back": form.in_return, "message": given["message"]}
    try:
        return verbs.propose(found, given["asked"], form.given, by=user, at=at, **more)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


def swap_of(request, pk: int) -> Swap:
    """One that concerns this person, or that they look after."""
    rows = Swap.objects.filter(rotation__in=Rotation.objects.visible(request.user))
    if not request.user.has_perm("incidents.change_rotation"):
        rows = rows.filter(Q(asker=request.user) | Q(asked=request.user))
    return get_object_or_404(rows.select_related("rotation", "asker", "asked"), pk=pk)


def at_today(pk) -> str:
    return reverse("oncall:today")


@verb(ADD, page=at_today)
def agree(request, pk):
    found = swap_of(request, pk)
    verbs.decide(found, "agree", by=request.user, at=clock.now())
    messages.success(request, f"Swapped. {found.asker} is told.")
    return redirect(found)


@verb(ADD, page=at_today)
def decline(request, pk):
    found = swap_of(request, pk)
    verbs.decide(found, "decline", by=request.user, at=clock.now())
    messages.success(request, f"Declined. {found.asker} is told, and stays on call.")
    return redirect(found)


@verb(ADD, page=at_today)
def cancel(request, pk):
    found = swap_of(request, pk)
    verbs.decide(found, "cancel", by=request.user, at=clock.now())
    messages.success(request, "The swap is cancelled.")
    return redirect(found)
