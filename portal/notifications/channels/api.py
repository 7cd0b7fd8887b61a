"""Channels through the API. The routes stand in portal/api.py."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.accounts.models import Team
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.filters import among, refuse_strangers
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.notifications.deliveries.api import one_delivery
from portal.notifications.deliveries.serializers import DeliveryWithAttemptsSerializer
from portal.notifications.models import Channel, Delivery

from . import serializers

ROW, WITH_SECRET = serializers.ChannelSerializer, serializers.ChannelWithSecretSerializer
BY_NAME = Ordering(("name",))
ASKED = [*FIELDS, query("team", "Slug of the team; may be repeated.", many=True), *PAGED]
NEW = sent(
    "A webhook of a team that gets what is urgent",
    name="Deployments",
    kind="webhook",
    to="https://hooks.example.org/ops",
    least_urgency="high",
)
AN_HOUR = sent("An hour to hand over the new secret", overlap_hours=1)
OTHER_NAME = sent("Another name", name="Deployments and changes")


class ChannelView(Idempotent, AnsweringView):
    area = "notifications"
    secrets = ("secret",)

    def channel(self, slug: str) -> Channel:
        rows = Channel.objects.visible(self.request.user).select_related("team", "created_by")
        return self.found(rows, slug=slug)

    def based_on(self, channel: Channel) -> int:
        """The revision that If-Match names; raises for another."""
        require_match(self.request, channel.etag, difference=channel.get_absolute_url())
        return channel.revision


class Channels(ChannelView):
    permissions = {"GET": "signed-in", "POST": "notifications.add_channel"}

    @extend_schema(operation_id="channels_list", parameters=ASKED, responses=page_of(ROW))
    def get(self, request):
        """Those of your teams and of everybody, by name; all, if your role may see them."""
        rows = Channel.objects.visible(request.user)
        refuse_strangers(request.query_params, team=Team.objects.all())
        rows = among(rows, request.query_params, team="team__slug")
        return self.listed(ROW, rows, BY_NAME, "channels")

    @extend_schema(
        operation_id="channels_create",
        request=serializers.WriteChannelSerializer,
        responses={201: WITH_SECRET},
        examples=NEW,
    )
    def post(self, request):
        """Add one. The secret of a webhook is in this answer and in no other."""
        given = self.checked(serializers.WriteChannelSerializer)
        with refusals_of(to="address"):
            channel, secret = Channel.objects.add(by=request.user, **given)
        address = reverse("api:channel", args=[channel.slug])
        return self.made(ROW.of(channel) | {"secret": secret}, address)


class ChannelDetail(ChannelView):
    permissions = {
        "GET": "signed-in",
        "PATCH": "notifications.change_channel",
        "DELETE": "notifications.delete_channel",
    }

    @extend_schema(operation_id="channels_read", responses=ROW)
    def get(self, request, slug):
        """One channel, without its secrets."""
        return shown(self.channel(slug))

    @extend_schema(
        operation_id="channels_change",
        request=serializers.ChangeChannelSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=OTHER_NAME,
    )
    def patch(self, request, slug):
        """Change the members that you send. A new address is tried at once."""
        with transaction.atomic():
            channel = self.channel(slug)
            based_on = self.based_on(channel)
            given = self.checked(serializers.ChangeChannelSerializer, partial=True)
            with refusals_of(to="address"):
                channel.change(by=request.user, based_on=based_on, **given)
        return shown(channel)

    @extend_schema(operation_id="channels_delete", parameters=IF_MATCH, responses={204: None})
    def delete(self, request, slug):
        """Delete it with its messages; set `is_active` to false to keep these."""
        with transaction.atomic():
            channel = self.channel(slug)
            self.based_on(channel)
            channel.remove(by=request.user)
        return HttpResponse(status=204)


class OnChannel(VerbView, ChannelView):
    permissions = {"POST": "notifications.change_channel"}
    operation = "channels_{}"

    def thing(self, slug):
        return self.channel(slug)


class SendTest(OnChannel):
    answers = DeliveryWithAttemptsSerializer

    def act(self, thing):
        return Delivery.objects.post_channel_test(thing, at=clock.now())

    def answer(self, thing, result):
        return one_delivery(result)


class RotateChannel(OnChannel):
    takes = serializers.RotateSerializer
    examples = AN_HOUR
    answers = WITH_SECRET

    def act(self, thing, overlap_hours):
        return thing.rotate(by=self.request.user, overlap=timedelta(hours=overlap_hours))

    def answer(self, thing, result):
        return shown(thing, secret=result)


def shown(channel: Channel, **more: str) -> HttpResponse:
    said = ROW.of(channel)
    return json_response(said | more, headers={"ETag": said["etag"]})
