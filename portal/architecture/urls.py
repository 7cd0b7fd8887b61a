from django.urls import path

from .views import drawing, services

app_name = "architecture"

urlpatterns = [
    path("", services.services, name="services"),
    path("diagrams/", drawing.diagram, name="diagrams"),
    path("diagrams/<slug:view>/", drawing.diagram, name="diagram"),
    path("diagrams/<slug:view>.svg", drawing.diagram_svg, name="diagram-svg"),
    path("diagrams/<slug:view>.mmd", drawing.diagram_mermaid, name="diagram-mermaid"),
    path("zones/", services.zones, name="zones"),
    path("integrations/", services.integrations, name="integrations"),
    path("configuration/", services.configuration, name="configuration"),
    path("findings/", services.what_does_not_add_up, name="findings"),
    path("<slug:slug>/", services.service, name="service"),
    path("<slug:slug>/needs/", drawing.needs, name="needs"),
    path("<slug:slug>/dependents/", drawing.dependents, name="dependents"),
]
