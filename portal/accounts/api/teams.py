"""Teams through the API. The route stands in portal/api.py."""

from drf_spectacular.utils import extend_schema

from portal.accounts.models import Team
from portal.core.api.answers import AnsweringView
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of

from .serializers import TeamSerializer

BY_NAME = Ordering(("name",))


class Teams(AnsweringView):
    area = "accounts"
    permissions = {"GET": "accounts.view_team"}

    @extend_schema(
        operation_id="teams_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(TeamSerializer),
    )
    def get(self, request):
        """All teams, by name, page by page; follow `next` to the end."""
        return self.listed(TeamSerializer, Team.objects.all(), BY_NAME, "teams")
