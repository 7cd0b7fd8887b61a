"""Ping keys: who has which, a new one, and revoking one. The key itself is shown once."""

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.accounts.api.idempotency import Idempotent
from portal.accounts.api.people import names_of, shown_name
from portal.accounts.models import Team
from portal.core.api.answers import AnsweringView
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.renderers import json_response
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.monitoring.models import PingKey
from portal.monitoring.models.ping_keys import hint_of

BY_NAME = Ordering(("name",))
NEW = sent("For the hosts of a team", name="Web servers")


class PingKeySerializer(Row):
    """A key that opens `/ping/<key>/<slug>`: of all heartbeats of a team, or of all there are."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="Who uses it."), "name")
    hint = member(serializers.CharField(help_text="How the key begins."), "key", made=hint_of)
    owner = member(
        serializers.CharField(
            allow_null=True, help_text="Slug of the team whose heartbeats it opens; null: all."
        ),
        "owner__slug",
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    created_by = member(
        serializers.CharField(allow_null=True, help_text="User name; null: who has left."),
        "created_by__username",
    )
    created_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("created_by"),
        made=shown_name,
    )


class IssuedPingKeySerializer(PingKeySerializer):
    """A new key, which is shown this once."""

    key = serializers.CharField(
        allow_null=True,
        help_text="What stands in the address; null in an answer that is repeated.",
    )
    address = serializers.CharField(
        allow_null=True,
        help_text="What hosts call, with the slug of the heartbeat at its end; null when repeated.",
    )


class NewPingKeySerializer(serializers.Serializer):
    name = serializers.CharField(max_length=longest(PingKey, "name"), help_text="Who uses it.")
    owner = KnownSlugField(
        slug_field="slug",
        queryset=Team.objects.all(),
        allow_null=True,
        required=False,
        help_text="Slug of the team whose heartbeats it opens; null: all heartbeats.",
    )


ROW = PingKeySerializer


class PingKeysView(Idempotent, AnsweringView):
    area = "monitoring"
    secrets = ("key", "address")

    def shown(self, pk: int, names: tuple[str, ...] | None = None) -> dict:
        return self.single(ROW, PingKey.objects.visible(self.request.user), names, pk=pk)


class PingKeys(PingKeysView):
    permissions = {"GET": "monitoring.view_pingkey", "POST": "monitoring.add_pingkey"}

    @extend_schema(
        operation_id="ping_keys_list", parameters=[*FIELDS, *PAGED], responses=page_of(ROW)
    )
    def get(self, request):
        """Ping keys by name; the keys themselves are not shown again."""
        return self.listed(ROW, PingKey.objects.visible(request.user), BY_NAME, "ping-keys")

    @extend_schema(
        operation_id="ping_keys_issue",
        request=NewPingKeySerializer,
        responses={201: IssuedPingKeySerializer},
        examples=NEW,
    )
    def post(self, request):
        """Create one. The key is in this answer and in no other."""
        given = dict(self.checked(NewPingKeySerializer))
        issued = PingKey.objects.issue(given["name"], owner=given.get("owner"), by=request.user)
        address = absolute(reverse("ping-slug", args=[issued.key, "slug"])).removesuffix("slug")
        said = self.shown(issued.pk) | {"key": issued.key, "address": address}
        return self.made(said, reverse("api:ping-key", args=[issued.pk]))


class PingKeyDetail(PingKeysView):
    permissions = {"GET": "monitoring.view_pingkey", "DELETE": "monitoring.delete_pingkey"}

    @extend_schema(operation_id="ping_keys_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One key, without the key itself."""
        return json_response(self.shown(pk, ROW.chosen(request.query_params)))

    @extend_schema(operation_id="ping_keys_revoke", responses={204: None})
    def delete(self, request, pk):
        """Revoke it: from now on it opens nothing."""
        with transaction.atomic():
            self.found(PingKey.objects.visible(request.user), pk=pk).revoke(by=request.user)
        return HttpResponse(status=204)
