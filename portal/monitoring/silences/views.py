"""Silences as people see them, make them, and end them; and the snooze of one alert."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.data import clock
from portal.core.problems import DomainError, Refused
from portal.core.web.days import minute_of
from portal.core.web.refusals import refusals_shown, verb
from portal.monitoring.models import Alert, Muting, Phase, Silence
from portal.monitoring.muting import verbs

from .forms import ChangeForm, ExtendForm, PreviewedForm, SilenceForm, SnoozeForm
from .preview import Preview
from .status import PHASES, status_of_silence

may_read = permission_required("monitoring.view_silence", raise_exception=True)
may_add = permission_required("monitoring.add_silence", raise_exception=True)
may_change = permission_required("monitoring.change_silence", raise_exception=True)
PER_PAGE = 50
LOADED = ("created_by", "ended_by", "replaces", "replaced_by")


@require_safe
@may_read
def silences(request):
    """Those in force, those to come, and those that are over."""
    at, rows = clock.now(), Silence.objects.visible(request.user)
    rows = rows.select_related("created_by", "ended_by")
    past = Paginator(rows.past(at), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": [
            ("Active", PHASES[Phase.ACTIVE], list(rows.active(at))),
            ("Upcoming", PHASES[Phase.UPCOMING], list(rows.upcoming(at))),
            ("Past", PHASES[Phase.PAST], list(past)),
        ],
        "page": past,
    }
    return render(request, "monitoring/silences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    """Make one; “Preview” shows which alerts it would mute now."""
    if request.method != "POST":
        return render(request, "monitoring/silence_new.html", {"form": _filled(request)})
    at, form = clock.now(), SilenceForm(request.POST)
    context = {"form": form}
    if "preview" in request.POST:
        context |= _previewed(form, request.user, at)
    elif form.is_valid() and (made := _made(form, request.user, at)):
        messages.success(request, f"Silenced until {minute_of(made.ends_at)}: {made}.")
        return redirect(made)
    return render(request, "monitoring/silence_new.html", context)


def _previewed(form: PreviewedForm, user, at) -> dict:
    """What the matchers would mute, for the page; nothing if they are wrong."""
    column = form.to_preview()
    return {} if column is None else {"preview": Preview(column, user, at)}


def _made(form: SilenceForm, user, at) -> Silence | None:
    """The silence; what is refused stands at its field."""
    column, reason = form.cleaned_data["matchers"], form.cleaned_data["reason"]
    try:
        return verbs.silence(column, by=user, at=at, reason=reason, **form.times(at))
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


def _filled(request) -> SilenceForm:
    key = request.GET.get("alert", "")
    rows = Alert.objects.visible(request.user)
    alert = rows.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None
    return SilenceForm.of(alert) if alert else SilenceForm()


@require_safe
@may_read
def silence(request, pk):
    """One silence, and what it muted."""
    rows = Silence.objects.visible(request.user).select_related(*LOADED)
    found, at = get_object_or_404(rows, pk=pk), clock.now()
    mutings = Muting.objects.filter(silence=found).select_related("alert").order_by("-pk")
    context = {
        "silence": found,
        "phase": found.phase(at),
        "status": status_of_silence(found, at),
        "successor": getattr(found, "replaced_by", None),
        "page": Paginator(mutings, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "monitoring/silence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit(request, pk):
    """Another reason or end; other matchers make a new silence in its place."""
    found, at = _of(request, pk), clock.now()
    form = ChangeForm(request.POST if request.method == "POST" else None, silence=found)
    context = {"form": form, "silence": found}
    if "preview" in request.POST and not found.is_snooze:
        context |= _previewed(form, request.user, at)
    elif form.is_valid() and (holds := _changed(form, found, request.user, at)):
        messages.success(request, _said(holds, found))
        return redirect(holds)
    status = 400 if form.errors else 200
    return render(request, "monitoring/silence_edit.html", context, status=status)


def _changed(form: ChangeForm, found: Silence, user, at) -> Silence | None:
    """The silence that holds now; what is refused stands at its field."""
    based_on = form.cleaned_data["revision"]
    try:
        return verbs.change(found, form.changes, by=user, at=at, based_on=based_on)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
    return None


def _said(holds: Silence, found: Silence) -> str:
    if holds.pk == found.pk:
        return "Saved."
    return f"Silence {found.pk} is over, and this one holds in its place."


def at_silence(pk) -> str:
    return Silence(pk=pk).get_absolute_url()


def _of(request, pk) -> Silence:
    return get_object_or_404(Silence.objects.visible(request.user), pk=pk)


@verb("monitoring.change_silence", page=at_silence)
def end(request, pk):
    found = _of(request, pk)
    verbs.end(found, by=request.user)
    what = "snooze" if found.is_snooze else "silence"
    rest = "What still fires and nobody has acknowledged calls people again."
    messages.success(request, f"The {what} is over. {rest}")
    return redirect(_origin(request, found))


def _origin(request, found: Silence):
    """Where it was ended: the list, the alert that was snoozed, or its own page."""
    place = request.POST.get("from")
    if place == "alert" and found.is_snooze:
        return Alert.objects.visible(request.user).episodes_of(found).first() or found
    return "monitoring:alerts" if place == "now" else found


@verb("monitoring.change_silence", page=at_silence)
def extend(request, pk):
    found, form = _of(request, pk), ExtendForm(request.POST)
    if not form.is_valid():
        raise Refused("Say for how much longer.")
    verbs.extend(found, by=request.user, ends_at=found.ends_at + form.span)
    messages.success(request, f"It goes on until {minute_of(found.ends_at)}.")
    return redirect(found)


@verb("monitoring.add_silence", page=lambda pk: Alert(pk=pk).get_absolute_url())
def snooze(request, pk):
    """One click at an alert: quiet for a while."""
    alert = get_object_or_404(Alert.objects.visible(request.user), pk=pk)
    form, at = SnoozeForm(request.POST), clock.now()
    if not form.is_valid():
        raise Refused("Say for how long: 30m, 2h or morning.")
    made = verbs.snooze(alert, by=request.user, at=at, ends_at=form.ends_at(at))
    messages.success(request, f"{alert} is quiet until {minute_of(made.ends_at)}.")
    return redirect("monitoring:alerts" if request.POST.get("from") == "now" else alert)
