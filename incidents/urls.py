"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, URLResolver, include, path

from .communication import templates
from .communication import views as communication
from .declaration import views as declaration
from .escalation.views import dry_run, links, policies
from .files import views as files
from .listing import views as listing
from .oncall import feed
from .oncall.views import feeds, hand_over, overrides, rotations, swaps, today
from .room import parts, verbs
from .room import views as room
from .severities import views as severities

app_name = "incidents"

ONE = "<int:number>/"
COMMUNICATION = "<int:number>/communications/<int:pk>/"

communication_urls = [
    path("communication/templates/", templates.templates, name="communication-templates"),
    path("communication/templates/new/", templates.new, name="new-communication-template"),
    path("communication/templates/<slug:slug>/", templates.template, name="communication-template"),
    path("communication/audiences/", templates.audiences, name="audiences"),
    path("<int:number>/communicate/", communication.desk, name="communicate"),
    path(COMMUNICATION, communication.communication, name="communication"),
    path(COMMUNICATION + "submit/", communication.submit, name="submit-communication"),
    path(COMMUNICATION + "send/", communication.send, name="send-communication"),
    path(COMMUNICATION + "approve/", communication.approve, name="approve-communication"),
    path(COMMUNICATION + "send-back/", communication.send_back, name="send-back-communication"),
    path(COMMUNICATION + "withdraw/", communication.withdraw, name="withdraw-communication"),
    path(COMMUNICATION + "retry/", communication.retry, name="retry-communication"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *communication_urls,
    path("", listing.incidents, name="incidents"),
    path("export.csv", listing.as_csv, name="incidents-csv"),
    path("new/", declaration.new, name="declare"),
    path("severities/", severities.severities, name="severities"),
    path("severities/calendar/", severities.calendar, name="calendar"),
    path("severities/<int:level>/edit/", severities.edit, name="edit-severity"),
    path("ack/<str:key>/", links.acknowledge, name="acknowledge-by-link"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.new, name="new-policy"),
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("policies/<slug:slug>/edit/", policies.edit, name="edit-policy"),
    path("policies/<slug:slug>/archive/", policies.archive, name="archive-policy"),
    path("policies/<slug:slug>/unarchive/", policies.unarchive, name="unarchive-policy"),
    path("policies/<slug:slug>/dry-run/", dry_run.dry_run, name="dry-run"),
    path("rules/", include("incidents.opening.urls")),
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
    path(ONE + "export.md", files.export, {"form": "md"}, name="export-md"),
    path(ONE + "export.json", files.export, {"form": "json"}, name="export-json"),
    path(ONE + "export.pdf", files.export, {"form": "pdf"}, name="export-pdf"),
]

ROTATION = "<slug:slug>/"

# Who is on call, below /oncall/.
oncall_urls: list[URLPattern] = [
    path("", today.today, name="today"),
    path("new/", rotations.new, name="new-rotation"),
    path("new-feed/", feeds.renew, name="new-feed"),
    path("revoke-feed/", feeds.revoke, name="revoke-feed"),
    path("feed/<str:key>.ics", feed.feed, name="feed"),
    path("swaps/<int:pk>/agree/", swaps.agree, name="agree-swap"),
    path("swaps/<int:pk>/decline/", swaps.decline, name="decline-swap"),
    path("swaps/<int:pk>/cancel/", swaps.cancel, name="cancel-swap"),
    path("overrides/<int:pk>/cancel/", overrides.cancel, name="cancel-override"),
    path(ROTATION, rotations.rotation, name="rotation"),
    path(ROTATION + "edit/", rotations.edit, name="edit-rotation"),
    path(ROTATION + "archive/", rotations.archive, name="archive-rotation"),
    path(ROTATION + "unarchive/", rotations.unarchive, name="unarchive-rotation"),
    path(ROTATION + "hand-over/", hand_over.hand_over, name="hand-over"),
    path(ROTATION + "override/", overrides.new, name="new-override"),
    path(ROTATION + "swap/", swaps.new, name="new-swap"),
    path(ROTATION + "new-feed/", feeds.renew_of_rotation, name="new-rotation-feed"),
    path(ROTATION + "revoke-feed/", feeds.revoke_of_rotation, name="revoke-rotation-feed"),
]
