"""The room of one incident: what goes on, what was done, who is here."""

from collections.abc import Mapping

from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from incidents.models import Entry, EvidencePicture, Incident, Presence
from portal.core.data import clock
from portal.core.media.pictures import given_out
from portal.core.web.keys import is_key

from .forms import EntryForm, forms_of
from .page import LOADED, Room

may_read = permission_required("incidents.view_incident", raise_exception=True)
NO_CONTENT = 204


def incident_of(request, number: int) -> Incident:
    """Raises Http404 also where this person may not know that it exists."""
    rows = Incident.objects.visible(request.user).select_related(*LOADED)
    return get_object_or_404(rows, pk=number)


@require_safe
@may_read
def incident(request, number: int):
    """The page; `seen` is sent by open pages that ask whether anything changed."""
    found, at = incident_of(request, number), clock.now()
    Presence.objects.note(found, request.user, at=at)
    room = Room(found, request.user, at, request.GET)
    if request.GET.get("seen") == room.mark:
        return HttpResponse(status=NO_CONTENT)
    if "seen" in request.GET and request.htmx:
        return render(request, "incidents/_room_live.html", {"room": room, "incident": found})
    return shown(request, room)


def shown(
    request,
    room: Room,
    *,
    entry: EntryForm | None = None,
    part: Mapping[str, Form] | None = None,
    status: int = 200,
):
    """The whole page; `entry` and `part` are what was refused, with all that was typed."""
    found = room.incident
    context = {"room": room, "incident": found}
    if room.may_work:
        correcting = _corrected(request, found)
        context |= {
            "correcting": correcting,
            "entry_form": entry or EntryForm(initial={"corrects": correcting and correcting.pk}),
            "forms": forms_of(request.user, part or {}),
        }
    return render(request, "incidents/incident.html", context, status=status)


def _corrected(request, found: Incident) -> Entry | None:
    """The entry that somebody is about to correct."""
    key = request.POST.get("corrects") or request.GET.get("correct") or ""
    return found.entries.filter(pk=key).first() if is_key(key) else None


@require_safe
@may_read
def picture(request, number: int, name: str):
    """A picture of its timeline."""
    found = incident_of(request, number)
    rows = EvidencePicture.objects.filter(entry__incident=found)
    return given_out(get_object_or_404(rows, name=name))
