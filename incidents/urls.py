"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, path

from .escalation.views import dry_run, links, policies
from .oncall import feed
from .oncall.views import feeds, hand_over, overrides, rotations, swaps, today
from .room import views as room

app_name = "incidents"

urlpatterns: list[URLPattern] = [
    path("ack/<str:key>/", links.acknowledge, name="acknowledge-by-link"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.new, name="new-policy"),
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("policies/<slug:slug>/edit/", policies.edit, name="edit-policy"),
    path("policies/<slug:slug>/archive/", policies.archive, name="archive-policy"),
    path("policies/<slug:slug>/unarchive/", policies.unarchive, name="unarchive-policy"),
    path("policies/<slug:slug>/dry-run/", dry_run.dry_run, name="dry-run"),
    path("<int:number>/", room.incident, name="incident"),
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
