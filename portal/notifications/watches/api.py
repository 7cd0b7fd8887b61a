"""What somebody watches, through the API. The routes stand in portal/api.py."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.core.api.answers import AnsweringView
from portal.core.api.parameters import PAGED, page_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.web.address import absolute

from .listing import Watched, watched


class WatchedSerializer(serializers.Serializer):
    type = serializers.CharField(help_text="`runbook`, `guide` or `service`.")
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="The page for people.")


class WatchSerializer(WatchedSerializer):
    watched = serializers.BooleanField(help_text="Whether you get a message when it changes.")


class Watching(VerbView):
    """`watch` or `unwatch` something Watchable, which the room of it finds."""

    answers: ClassVar[Any] = WatchSerializer

    def answer(self, thing, result):
        row = Watched.of(thing)
        return json_response({**_shown(row), "watched": self.verb == "watch"})


class MyWatched(AnsweringView):
    area = "accounts"
    any_scope = True
    permissions = {"GET": "signed-in"}

    @extend_schema(
        operation_id="me_watched", parameters=PAGED, responses=page_of(WatchedSerializer)
    )
    def get(self, request):
        """What you watch, of what your token may read: runbooks, guides and services."""
        rows = watched(request.user, token=request.auth)
        return self.computed([_shown(row) for row in rows], "watched")


def _shown(row: Watched) -> dict[str, str]:
    return {
        "type": row.type,
        "slug": row.slug,
        "title": row.title,
        "url": absolute(row.address),
    }
