"""Teams through the API. The route stands in portal/api.py."""

from drf_spectacular.utils import extend_schema

from portal.accounts.models import Team
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView

from .serializers import TeamSerializer

MOST = 1000


class Teams(ApiView):
    area = "accounts"
    permissions = {"GET": "accounts.view_team"}

    @extend_schema(operation_id="teams_list", responses=TeamSerializer(many=True))
    def get(self, request):
        """All teams."""
        return json_response(list(Team.objects.values("slug", "name", "email")[:MOST]))
