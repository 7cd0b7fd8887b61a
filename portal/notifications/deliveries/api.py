"""Deliveries through the API. The route stands in portal/api.py."""

from django.db.models import Q
from drf_spectacular.utils import extend_schema

from portal.core.api.answers import AnsweringView
from portal.core.api.filters import ALL, CHANGED_SINCE, choices, since
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query
from portal.notifications.models import Delivery, DeliveryState

from .serializers import DeliverySerializer

NEWEST_FIRST = Ordering(("created_at",), descending=True)
STATES = [ALL, *DeliveryState.values]
ASKED = [
    *FIELDS,
    query("state", "How it stands; may be repeated.", enum=STATES, many=True),
    CHANGED_SINCE,
    *PAGED,
]


class Deliveries(AnsweringView):
    area = "notifications"
    permissions = {"GET": "signed-in"}

    @extend_schema(
        operation_id="deliveries_list", parameters=ASKED, responses=page_of(DeliverySerializer)
    )
    def get(self, request):
        """What was sent to you, the newest first; to everybody, if your role may see that."""
        rows = _narrowed(Delivery.objects.visible(request.user), request.query_params)
        return self.listed(DeliverySerializer, rows, NEWEST_FIRST, "deliveries")


def _narrowed(rows, params):
    states, at = choices(params, "state", STATES), since(params)
    rows = rows.filter(state__in=states) if states and ALL not in states else rows
    return rows.filter(Q(created_at__gte=at) | Q(due_at__gte=at)) if at else rows
