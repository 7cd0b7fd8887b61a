"""What services are told from outside, across all services."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.files.documents import OF_CONFIGURATION
from portal.architecture.models import ConfigurationItem
from portal.core.api import pagination

from .base import MOST, PAGES, CatalogView, query

ORDER = pagination.Ordering(("service__slug", "name"))


class Configuration(CatalogView):
    permissions = {"GET": "architecture.view_configurationitem"}

    @extend_schema(
        operation_id="catalog_configuration",
        parameters=[query("service", "Slug of a service: its items only."), *PAGES],
        responses=serializers.ListedConfigurationItemSerializer(many=True),
    )
    def get(self, request):
        """Variables and secrets by service, with the day by which each has to be changed."""
        rows, params = ConfigurationItem.objects.all(), request.query_params
        if params.get("service"):
            rows = rows.filter(service__slug=params["service"].replace("\x00", ""))
        keys = rows.order_by().values("pk", *ORDER.columns)
        page = pagination.paginate(keys, ORDER, "configuration", params, usual=MOST)
        shown = rows.filter(pk__in=[row["pk"] for row in page.rows]).select_related("service")
        return self.listed([_item(item) for item in shown.order_by(*ORDER.keys)], page)


def _item(item: ConfigurationItem) -> dict:
    return {
        "service": item.service.slug,
        **{name: getattr(item, name) for name in OF_CONFIGURATION},
        "rotation_due": item.rotation_due,
        "overdue": item.is_overdue(on=timezone.localdate()),
    }
