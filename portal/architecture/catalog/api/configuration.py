"""What services are told from outside, across all services."""

from drf_spectacular.utils import extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.models import ConfigurationItem, Service
from portal.core.api.filters import among, refuse_strangers
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query

from .base import CatalogView

ORDER = Ordering(("service__slug", "name"))
ROW = serializers.ListedConfigurationItemSerializer


class Configuration(CatalogView):
    permissions = {"GET": "architecture.view_configurationitem"}

    @extend_schema(
        operation_id="catalog_configuration",
        parameters=[
            *FIELDS,
            query("service", "Slug of a service: its items only; may be repeated.", many=True),
            *PAGED,
        ],
        responses=page_of(ROW),
    )
    def get(self, request):
        """Variables and secrets by service, with the day by which each has to be changed."""
        refuse_strangers(request.query_params, service=Service.objects.all())
        rows = among(ConfigurationItem.objects.all(), request.query_params, service="service__slug")
        return self.listed(ROW, rows, ORDER, "configuration")
