"""The small lists that clients need to speak of runbooks: sections, services, teams."""

from django.db.models import Count, F
from drf_spectacular.utils import extend_schema

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.renderers import json_response
from runbooks import serializers as says
from runbooks.models import Runbook, Section

from .base import RunbooksView

MOST = 1000


class Sections(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="sections_list", responses=says.SectionSerializer(many=True))
    def get(self, request):
        """The six sections and how many current runbooks you may see in each."""
        rows = Runbook.objects.visible(request.user).current().order_by().values("section")
        counts = dict(rows.annotate(count=Count("pk")).values_list("section", "count"))
        return json_response(
            [
                {"slug": section.value, "name": section.label, "runbooks": counts.get(section, 0)}
                for section in Section
            ]
        )


class Services(RunbooksView):
    area = "architecture"
    permissions = {"GET": "architecture.view_service"}

    @extend_schema(operation_id="services_list", responses=says.ServiceSerializer(many=True))
    def get(self, request):
        """All services."""
        rows = Service.objects.annotate(team=F("owner__slug"))
        found = rows.values("slug", "name", "description", "team", "tier")[:MOST]
        return json_response([{**row, "owner": row.pop("team")} for row in found])


class Teams(RunbooksView):
    area = "accounts"
    permissions = {"GET": "accounts.view_team"}

    @extend_schema(operation_id="teams_list", responses=says.TeamSerializer(many=True))
    def get(self, request):
        """All teams."""
        return json_response(list(Team.objects.values("slug", "name", "email")[:MOST]))
