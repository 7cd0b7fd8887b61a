"""Addresses of calendars: new ones, and their end."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from incidents.models import Feed, Rotation
from portal.core.data import clock
from portal.core.web.refusals import verb

from .rotations import at_rotation, rotation_of

READ = "incidents.view_rotation"
NEW = "The calendar has a new address. The old one no longer works."
FIRST = "The calendar has an address: add it to your calendar app."
REVOKED = "The address of the calendar no longer works."


def at_today() -> str:
    return reverse("oncall:today")


@verb(READ, page=at_today)
def renew(request):
    return _renewed(request, None, at_today())


@verb(READ, page=at_today)
def revoke(request):
    return _revoked(request, None, at_today())


@verb(READ, page=at_rotation)
def renew_of_rotation(request, slug):
    return _renewed(request, rotation_of(request, slug), at_rotation(slug))


@verb(READ, page=at_rotation)
def revoke_of_rotation(request, slug):
    return _revoked(request, rotation_of(request, slug), at_rotation(slug))


def _renewed(request, rotation: Rotation | None, page: str):
    rows = Feed.objects.filter(person=request.user, rotation=rotation)
    said = NEW if rows.exists() else FIRST
    Feed.objects.open(request.user, rotation, at=clock.now())
    messages.success(request, said)
    return redirect(f"{page}#calendar")


def _revoked(request, rotation: Rotation | None, page: str):
    for each in Feed.objects.filter(person=request.user, rotation=rotation):
        each.revoke(by=request.user)
    messages.success(request, REVOKED)
    return redirect(f"{page}#calendar")
