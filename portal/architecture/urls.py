from django.urls import path

from .views import catalog, drawing

app_name = "architecture"

urlpatterns = [
    path("", catalog.services, name="services"),
    path("diagrams/", drawing.diagram, name="diagrams"),
    path("diagrams/<slug:view>/", drawing.diagram, name="diagram"),
    path("diagrams/<slug:view>.svg", drawing.diagram_svg, name="diagram-svg"),
    path("diagrams/<slug:view>.mmd", drawing.diagram_mermaid, name="diagram-mermaid"),
    path("zones/", catalog.zones, name="zones"),
    path("integrations/", catalog.integrations, name="integrations"),
    path("integrations/<slug:slug>/dependents/", drawing.users, name="users"),
    path("configuration/", catalog.configuration, name="configuration"),
    path("findings/", catalog.what_does_not_add_up, name="findings"),
    path("<slug:slug>/", catalog.service, name="service"),
    path("<slug:slug>/needs/", drawing.needs, name="needs"),
    path("<slug:slug>/dependents/", drawing.dependents, name="dependents"),
]
