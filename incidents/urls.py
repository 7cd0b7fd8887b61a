"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, path

from .escalation import views as policies
from .room import views as room

app_name = "incidents"

urlpatterns: list[URLPattern] = [
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("<int:number>/", room.incident, name="incident"),
]
