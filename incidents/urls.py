"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, URLResolver, include, path

from .escalation import views as policies
from .files import views as files
from .room import views as room

app_name = "incidents"

urlpatterns: list[URLPattern | URLResolver] = [
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("rules/", include("incidents.opening.urls")),
    path("<int:number>/export.md", files.export, {"form": "md"}, name="export-md"),
    path("<int:number>/export.json", files.export, {"form": "json"}, name="export-json"),
    path("<int:number>/export.pdf", files.export, {"form": "pdf"}, name="export-pdf"),
    path("<int:number>/", room.incident, name="incident"),
]
