"""Deliveries through the API. The route stands in portal/api.py."""

from django.db.models import Q
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.filters import ALL, CHANGED_SINCE, choices, since
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Forbidden
from portal.notifications.models import Delivery, DeliveryState

from .serializers import AttemptSerializer, DeliverySerializer, DeliveryWithAttemptsSerializer

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
        """What was sent to you and to channels of your teams, the newest first.

        Of everybody, if your role may see that.
        """
        rows = _narrowed(Delivery.objects.visible(request.user), request.query_params)
        return self.listed(DeliverySerializer, rows, NEWEST_FIRST, "deliveries")


class DeliveryDetail(AnsweringView):
    area = "notifications"
    permissions = {"GET": "signed-in"}

    @extend_schema(operation_id="deliveries_read", responses=DeliveryWithAttemptsSerializer)
    def get(self, request, pk):
        """One message with every attempt to send it."""
        return one_delivery(self.found(visible(request.user), pk=pk))


class SendAgain(VerbView, Idempotent, AnsweringView):
    area = "notifications"
    permissions = {"POST": "signed-in"}
    operation = "deliveries_{}"
    answers = DeliveryWithAttemptsSerializer

    def thing(self, pk):
        found = self.found(visible(self.request.user), pk=pk)
        if not found.may_send_again(self.request.user):
            raise Forbidden("You send again what ended, and without being an operator your own.")
        return found

    def answer(self, thing, result):
        return one_delivery(visible(self.request.user).get(pk=thing.pk))


def visible(user):
    return Delivery.objects.visible(user).select_related("recipient", "channel")


def one_delivery(delivery: Delivery) -> HttpResponse:
    attempts = AttemptSerializer(delivery.attempt_set.all(), many=True).data
    return json_response(DeliverySerializer.of(delivery) | {"history": list(attempts)})


def _narrowed(rows, params):
    states, at = choices(params, "state", STATES), since(params)
    rows = rows.filter(state__in=states) if states and ALL not in states else rows
    return rows.filter(Q(created_at__gte=at) | Q(due_at__gte=at)) if at else rows
