"""One rotation: its page, and creating, changing and archiving it."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Rotation
from incidents.oncall.findings import findings
from incidents.oncall.forms import LayerFormSet, RotationForm
from incidents.oncall.hours import written
from incidents.oncall.overview import lines
from incidents.oncall.status import status_of_override, status_of_rotation, status_of_swap
from portal.core.data import clock
from portal.core.problems import DomainError, Stale
from portal.core.web.refusals import refusals_shown, verb

from .today import feed_of, picture_of

may_read = permission_required("incidents.view_rotation", raise_exception=True)
may_add = permission_required("incidents.add_rotation", raise_exception=True)
may_change = permission_required("incidents.change_rotation", raise_exception=True)
CHANGE = "incidents.change_rotation"
MOST = 20  # overrides and swaps


def rotation_of(request, slug: str) -> Rotation:
    return get_object_or_404(Rotation.objects.visible(request.user), slug=slug)


def at_rotation(slug: str) -> str:
    return Rotation(slug=slug).get_absolute_url()


@require_safe
@may_read
def rotation(request, slug):
    """Who is on call in it, its layers, overrides, swaps and calendar."""
    found, at = rotation_of(request, slug), clock.now()
    rows = Rotation.objects.filter(pk=found.pk)
    (line,) = lines(rows, at)
    wrong = None if found.archived_at else findings(rows, at)
    context = {
        "rotation": line.rotation,
        "line": line,
        "status": status_of_rotation(found),
        "layers": layers_of(found),
        "gaps": wrong.gaps[:MOST] if wrong else [],
        "endings": wrong.endings if wrong else [],
        "picture": picture_of(request, rows, at),
        "overrides": overrides_of(found, request.user, at),
        "swaps": swaps_of(found, request.user, at),
        "feed": feed_of(request.user, found),
        "may_cover": request.user.has_perm("incidents.add_override"),
    }
    return render(request, "oncall/rotation.html", context)


def layers_of(found: Rotation):
    """(layer, its hours as lines) with the highest first."""
    rows = found.layers.order_by("-position")
    rows = rows.prefetch_related("members__person", "restrictions")
    return [
        (row, written(each.hours for each in row.restrictions.all()).splitlines()) for row in rows
    ]


def overrides_of(found: Rotation, user, at: datetime):
    """(override, status, whether this person may cancel it): those to come, then the last."""
    rows = found.overrides.select_related("person", "made_by", "rotation")
    coming = [*rows.current(at)[:MOST]]
    past = [*rows.past(at).order_by("-ends_at", "-pk")[:5]]
    return [
        (
            each,
            status_of_override(each, at),
            not each.is_over(at) and each.may_be_cancelled_by(user),
        )
        for each in (*coming, *past)
    ]


def swaps_of(found: Rotation, user, at: datetime):
    """(swap, status, whether this person answers it, whether they may cancel it)."""
    rows = found.swaps.select_related("asker", "asked", "rotation")[:MOST]
    return [
        (
            each,
            status_of_swap(each, at),
            each.is_open(at) and each.asked == user,
            each.is_open(at) and (each.asker == user or user.has_perm(CHANGE)),
        )
        for each in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    if request.method != "POST":
        return _form(request, RotationForm.fresh(), LayerFormSet.fresh())
    form, layers = RotationForm(request.POST), LayerFormSet(request.POST, prefix="layers")
    if "more" in request.POST:
        return _more(request, form)
    if _are_valid(form, layers):
        about = form.about
        about["slug"] = about["slug"] or slugify(about["name"])
        try:
            made = Rotation.objects.make(
                by=request.user, at=clock.now(), layers=layers.specs, **about
            )
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{made}” created.")
            return redirect(made)
    return _form(request, form, layers)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, slug):
    found = rotation_of(request, slug)
    if request.method != "POST":
        return _form(request, RotationForm.of(found), LayerFormSet.of(found), found)
    form = RotationForm.of(found, request.POST)
    layers = LayerFormSet(request.POST, prefix="layers")
    if "more" in request.POST:
        return _more(request, form, found)
    if not _are_valid(form, layers):
        return _form(request, form, layers, found)
    changes, based_on = {**form.about, "layers": layers.specs}, form.cleaned_data["revision"]
    try:
        found.change(changes, by=request.user, at=clock.now(), based_on=based_on)
    except Stale as refusal:
        form.add_error(None, refusal.detail)
        return _form(request, form, layers, found, status=refusal.status, theirs=found)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
        return _form(request, form, layers, found)
    messages.success(request, "Saved.")
    return redirect(found)


def _are_valid(form: RotationForm, layers: LayerFormSet) -> bool:
    """All of both, so that each field says what is wrong."""
    return all([form.is_valid(), layers.is_valid()])


def _more(request, form: RotationForm, found: Rotation | None = None):
    """What was typed, with room for one more layer; nothing is checked yet."""
    again = RotationForm(initial=form.typed)
    if found:
        del again.fields["slug"]
    return _form(request, again, LayerFormSet.typed(request.POST, more=1), found)


def _form(request, form, layers, found=None, *, status=200, theirs=None):
    has_errors = form.errors or (layers.is_bound and layers.total_error_count())
    context = {
        "form": form,
        "layers": layers,
        "rotation": found,
        "theirs": layers_of(theirs) if theirs else None,
    }
    status = 400 if has_errors and status == 200 else status
    return render(request, "oncall/rotation_form.html", context, status=status)


@verb(CHANGE, page=at_rotation)
def archive(request, slug):
    found = rotation_of(request, slug)
    found.archive(by=request.user, at=clock.now())
    messages.success(request, f"“{found}” is archived: nobody is on call in it any more.")
    return redirect(found)


@verb(CHANGE, page=at_rotation)
def unarchive(request, slug):
    found = rotation_of(request, slug)
    found.unarchive(by=request.user, at=clock.now())
    messages.success(request, f"“{found}” is in use again.")
    return redirect(found)
