"""Services through the API. The route stands in portal/api.py."""

from django.db.models import F
from drf_spectacular.utils import extend_schema

from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView

from .models import Service
from .serializers import ServiceSerializer

MOST = 1000


class Services(ApiView):
    area = "architecture"
    permissions = {"GET": "architecture.view_service"}

    @extend_schema(operation_id="services_list", responses=ServiceSerializer(many=True))
    def get(self, request):
        """All services."""
        rows = Service.objects.annotate(team=F("owner__slug"))
        found = rows.values("slug", "name", "description", "team", "tier")[:MOST]
        return json_response([{**row, "owner": row.pop("team")} for row in found])
