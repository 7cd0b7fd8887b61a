"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, path

from .declaration import views as declaration
from .escalation import views as policies
from .listing import views as listing
from .room import parts, verbs
from .room import views as room
from .severities import views as severities

app_name = "incidents"

ONE = "<int:number>/"

urlpatterns: list[URLPattern] = [
    path("", listing.incidents, name="incidents"),
    path("export.csv", listing.as_csv, name="incidents-csv"),
    path("new/", declaration.new, name="declare"),
    path("severities/", severities.severities, name="severities"),
    path("severities/calendar/", severities.calendar, name="calendar"),
    path("severities/<int:level>/edit/", severities.edit, name="edit-severity"),
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path(ONE, room.incident, name="incident"),
    path(ONE + "acknowledge/", verbs.acknowledge, name="acknowledge"),
    path(ONE + "edit/", verbs.edit, name="edit"),
    *(path(f"{ONE}{name}/", verbs.page_of(name), name=name) for name in verbs.VERBS),
    path(ONE + "notes/", parts.note, name="note"),
    path(ONE + "entries/<int:pk>/pin/", parts.pin, name="pin"),
    path(ONE + "pictures/<str:name>", room.picture, name="picture"),
    path(ONE + "roles/", parts.role, name="role"),
    path(ONE + "tasks/", parts.task, name="task"),
    path(ONE + "tasks/<int:pk>/complete/", parts.complete_task, name="complete-task"),
    path(ONE + "links/", parts.link, name="link"),
    path(ONE + "services/", parts.service, name="service"),
    path(ONE + "runs/", parts.join_run, name="join-run"),
    path(ONE + "runs/start/", parts.start_run, name="start-run"),
]
