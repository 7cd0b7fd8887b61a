"""What the catalog offers to the one search."""

from django.urls import reverse

from portal.search.registry import OWNER, Filter, Kind, Text, register

from .models import Service, ServiceKind

SERVICE = Filter(
    "service",
    "Service",
    lambda: Service.objects.values_list("slug", "name"),
    about="Slug of a service",
)


def text_of(service: Service) -> Text:
    return Text(
        title=service.name,
        body=service.description,
        line=service.description,
        about=ServiceKind(service.kind).label,
    )


register(
    Kind(
        name="service",
        label="Service",
        plural="Services",
        icon="services",
        rows=Service.objects.all,
        text=text_of,
        address=lambda slug: reverse("architecture:service", args=[slug]),
        permission="architecture.view_service",
        unpublished="architecture.view_service",
        filters={SERVICE: "slug", OWNER: "owner__slug"},
    )
)
