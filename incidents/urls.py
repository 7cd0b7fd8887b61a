"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, URLResolver, include, path

from .escalation import views as policies
from .room import views as room

app_name = "incidents"

urlpatterns: list[URLPattern | URLResolver] = [
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("rules/", include("incidents.opening.urls")),
    path("<int:number>/", room.incident, name="incident"),
]
