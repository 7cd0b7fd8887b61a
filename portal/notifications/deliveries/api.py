"""Deliveries through the API. The route stands in portal/api.py."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError

from portal.core.api.answers import AnsweringView
from portal.core.api.pagination import Ordering, paginate
from portal.notifications.models import Delivery, DeliveryState

from .serializers import DeliveryPageSerializer

NEWEST_FIRST = Ordering(("created_at",), descending=True)
COLUMNS = (
    *("pk", "key", "to", "recipient__username", "subject", "text", "state"),
    *("attempts", "last_error", "created_at", "due_at", "sent_at"),
)
ASKED = [
    OpenApiParameter(
        "state", str, description="Only those in this state.", enum=DeliveryState.values
    ),
    OpenApiParameter("limit", int, description="1 to 200; 50 if not given."),
    OpenApiParameter("cursor", str, description="Where to go on: follow `next` or `previous`."),
]


class Deliveries(AnsweringView):
    area = "notifications"
    permissions = {"GET": "signed-in"}

    @extend_schema(
        operation_id="deliveries_list", parameters=ASKED, responses=DeliveryPageSerializer
    )
    def get(self, request):
        """What was sent to you, the newest first; to everybody, if your role may see that."""
        rows = _narrowed(Delivery.objects.visible(request.user), request.query_params)
        page = paginate(rows.values(*COLUMNS), NEWEST_FIRST, "deliveries", request.query_params)
        return self.page(page, [_shown(row) for row in page.rows])


def _narrowed(rows, params):
    state = params.get("state", "")
    if state and state not in DeliveryState.values:
        raise ValidationError({"state": f"Use one of {', '.join(DeliveryState.values)}."})
    return rows.filter(state=state) if state else rows


def _shown(row: dict) -> dict:
    number, recipient = row.pop("pk"), row.pop("recipient__username")
    return {"id": number, "recipient": recipient, **row}
