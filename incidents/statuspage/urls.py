"""The status page, below /status/; what is public stands below /status/public/."""

from django.urls import URLPattern, path

from . import public_views as public
from . import subscribers, views

app_name = "status"

urlpatterns: list[URLPattern] = [
    path("", views.page, name="page"),
    path("components/new/", views.new, name="new-component"),
    path("components/<int:pk>/", views.edit, name="edit-component"),
    path("components/<int:pk>/remove/", views.remove, name="remove-component"),
    path("subscribers/", subscribers.subscribers, name="subscribers"),
    path("subscribers/<int:pk>/remove/", subscribers.remove, name="remove-subscriber"),
    path("public/", public.page, name="public"),
    path("public/feed.atom", public.feed, name="feed"),
    path("public/subscribe/", public.subscribe, name="subscribe"),
    path("public/confirm/<str:token>/", public.confirm, name="confirm"),
    path("public/leave/<str:token>/", public.leave, name="leave"),
]
