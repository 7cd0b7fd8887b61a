"""Who the program is signed in as, and what it may."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.core.api import pagination, ratelimit
from portal.core.api.parsers import MOST_BYTES
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView
from portal.core.media.uploads import MAX_BYTES

from .serializers import TokenSerializer


class LimitsSerializer(serializers.Serializer):
    requests = serializers.IntegerField(help_text="As many in `seconds`; then the answer is 429.")
    seconds = serializers.IntegerField()
    page = serializers.IntegerField(help_text="Rows of a list if `limit` is not given.")
    largest_page = serializers.IntegerField(help_text="The most that `limit` may be.")
    body_bytes = serializers.IntegerField(help_text="The largest JSON body.")
    picture_bytes = serializers.IntegerField(help_text="The largest picture.")


class MeSerializer(serializers.Serializer):
    user = serializers.CharField(help_text="User name.")
    user_name = serializers.CharField(help_text="Your name, for people; you sign in as `user`.")
    email = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    permissions = serializers.ListField(child=serializers.CharField())
    teams = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    time_zone = serializers.CharField()
    token = TokenSerializer(allow_null=True, help_text="Null with the session of a browser.")
    limits = LimitsSerializer()


class Me(ApiView):
    area = "accounts"
    any_scope = True
    permissions = {"GET": "signed-in"}

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request):
        """The person, the role, the scopes of the token and when it expires, the limits."""
        user, token = request.user, request.auth
        answer = {
            "user": user.username,
            "user_name": user.display_name,
            "email": user.email,
            "role": user.role,
            "permissions": sorted(user.get_all_permissions()),
            "teams": sorted(user.teams.values_list("slug", flat=True)),
            "time_zone": user.zone,
            "token": TokenSerializer.of(token) if token else None,
            "limits": _limits(),
        }
        return json_response(answer)


def _limits() -> dict[str, int]:
    return {
        "requests": settings.API_RATE,
        "seconds": ratelimit.WINDOW,
        "page": pagination.DEFAULT,
        "largest_page": pagination.MOST,
        "body_bytes": MOST_BYTES,
        "picture_bytes": MAX_BYTES,
    }
