from django.urls import path

from .catalog import views
from .diagrams import views as drawing

app_name = "architecture"

urlpatterns = [
    path("", views.services, name="services"),
    path("diagrams/", drawing.diagram, name="diagrams"),
    path("diagrams/<slug:view>/", drawing.diagram, name="diagram"),
    path("diagrams/<slug:view>.svg", drawing.diagram_svg, name="diagram-svg"),
    path("diagrams/<slug:view>.mmd", drawing.diagram_mermaid, name="diagram-mermaid"),
    path("zones/", views.zones, name="zones"),
    path("integrations/", views.integrations, name="integrations"),
    path("integrations/<slug:slug>/dependents/", drawing.users, name="users"),
    path("configuration/", views.configuration, name="configuration"),
    path("findings/", views.what_does_not_add_up, name="findings"),
    path("<slug:slug>/", views.service, name="service"),
    path("<slug:slug>/watch/", views.watch, name="watch"),
    path("<slug:slug>/unwatch/", views.unwatch, name="unwatch"),
    path("<slug:slug>/needs/", drawing.needs, name="needs"),
    path("<slug:slug>/dependents/", drawing.dependents, name="dependents"),
]
