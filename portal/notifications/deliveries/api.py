"""Deliveries through the API. The route stands in portal/api.py."""

from django.db.models import Q
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.filters import (
    ALL,
    CHANGED_SINCE,
    among,
    choices,
    refuse_strangers,
    since,
)
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.core.problems import Forbidden
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.problems import NotWaiting

from .serializers import AttemptSerializer, DeliverySerializer, DeliveryWithAttemptsSerializer

NEWEST_FIRST = Ordering(("created_at",), descending=True)
OVER = (DeliveryState.SENT, DeliveryState.EXPIRED)  # of which only operators send again
STATES = [ALL, *DeliveryState.values]
ASKED = [
    *FIELDS,
    query("state", "How it stands; may be repeated.", enum=STATES, many=True),
    query("channel", "Slug of the channel; may be repeated.", many=True),
    query("recipient", "User name of the person; may be repeated.", many=True),
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
        rows = _narrowed(Delivery.objects.visible(request.user), request.query_params, request.user)
        return self.listed(DeliverySerializer, rows, NEWEST_FIRST, "deliveries")


class DeliveryDetail(AnsweringView):
    area = "notifications"
    permissions = {"GET": "signed-in"}

    @extend_schema(
        operation_id="deliveries_read",
        parameters=FIELDS,
        responses=DeliveryWithAttemptsSerializer,
    )
    def get(self, request, pk):
        """One message with every attempt to send it."""
        names = DeliveryWithAttemptsSerializer.chosen(request.query_params)
        said = members_of(self.found(visible(request.user), pk=pk))
        return json_response({name: said[name] for name in names})


class SendAgain(VerbView, Idempotent, AnsweringView):
    area = "notifications"
    permissions = {"POST": "signed-in"}
    operation = "deliveries_{}"
    answers = DeliveryWithAttemptsSerializer

    def thing(self, pk):
        found = self.found(visible(self.request.user), pk=pk)
        user = self.request.user
        is_own = found.recipient_id == user.pk and found.state not in OVER
        if not is_own and not user.has_perm("notifications.send_delivery"):
            raise Forbidden("You send again what ended, and without being an operator your own.")
        return found

    def answer(self, thing, result):
        return one_delivery(visible(self.request.user).get(pk=thing.pk))


class Expire(VerbView, Idempotent, AnsweringView):
    area = "notifications"
    permissions = {"POST": "notifications.send_delivery"}
    operation = "deliveries_{}"
    answers = DeliveryWithAttemptsSerializer

    def thing(self, pk):
        return self.found(visible(self.request.user), pk=pk)

    def act(self, thing):
        if not thing.expire(by=self.request.user, at=clock.now()):
            raise NotWaiting("It has ended, or an engine is sending it right now.")

    def answer(self, thing, result):
        return one_delivery(visible(self.request.user).get(pk=thing.pk))


def visible(user):
    targets = "recipient", "channel", "contact_method"
    return Delivery.objects.visible(user).select_related(*targets)


def one_delivery(delivery: Delivery) -> HttpResponse:
    return json_response(members_of(delivery))


def members_of(delivery: Delivery) -> dict:
    attempts = AttemptSerializer(delivery.attempt_set.all(), many=True).data
    return DeliverySerializer.of(delivery) | {
        "message_id": delivery.message_id,
        "next_attempt_at": delivery.next_attempt_at,
        "history": list(attempts),
    }


def _narrowed(rows, params, user):
    refuse_strangers(params, channel=Channel.objects.visible(user))
    rows = among(rows, params, channel="channel__slug", recipient="recipient__username")
    states, at = choices(params, "state", STATES), since(params)
    rows = rows.filter(state__in=states) if states and ALL not in states else rows
    return rows.filter(Q(created_at__gte=at) | Q(due_at__gte=at)) if at else rows
