"""The verbs: on a version (submit, approve, …) and on a runbook (restore, archive, …)."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Refused
from portal.notifications.watches.api import Watching
from runbooks.documents import serializers
from runbooks.models import Runbook

from .base import RunbooksView, version_detail
from .runbooks import detail_of

NEWEST_FIRST = Ordering(("created_at",), descending=True)


class OnVersion(VerbView, RunbooksView):
    """A verb on one version."""

    operation = "versions_{}"
    answers = serializers.VersionSerializer
    needs_match = True

    def thing(self, slug, number):
        return self.version(self.runbook(slug), number)

    def answer(self, thing, result):
        return json_response(version_detail(thing), headers={"ETag": thing.etag})


class OnRunbook(VerbView, RunbooksView):
    """A verb on one runbook."""

    operation = "runbooks_{}"
    answers: ClassVar[Any] = serializers.DetailSerializer
    needs_match = True

    def thing(self, slug):
        return self.locked(slug)

    def answer(self, thing, result):
        return json_response(detail_of(thing, self.request.user), headers={"ETag": thing.etag})


class WatchRunbook(Watching, RunbooksView):
    permissions: ClassVar[dict[str, str]] = {"POST": "runbooks.view_runbook"}
    operation = "runbooks_{}"

    def thing(self, slug):
        return self.runbook(slug)


class Restore(OnRunbook):
    takes = serializers.RestoreSerializer
    answers = {201: serializers.VersionSerializer}

    def tags(self, thing):
        return (thing.etag, thing.newest.etag)

    def act(self, thing, number):
        self.version(thing, number)
        return thing.restore(number, by=self.request.user)

    def answer(self, thing, result):
        address = reverse("api:version", args=[thing.slug, result.number])
        return self.made(version_detail(result), address)


class Merge(OnRunbook):
    takes = serializers.MergeSerializer

    def thing(self, slug):
        return self.runbook(slug)  # it locks both, in an order of its own

    def act(self, thing, into):
        other = Runbook.objects.visible(self.request.user).filter(slug=into).first()
        if other is None:
            raise Refused(f"There is no runbook “{into}”.", pointer="/into")
        thing.merge_into(other, by=self.request.user)


class FeedbackOf(RunbooksView):
    permissions = {"POST": "runbooks.add_feedback", "GET": "runbooks.view_feedback"}

    @extend_schema(
        operation_id="feedback_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(serializers.FeedbackSerializer),
    )
    def get(self, request, slug):
        """What readers said of it, the newest first."""
        rows = self.runbook(slug).feedback
        return self.listed(serializers.FeedbackSerializer, rows, NEWEST_FIRST, "feedback")

    @extend_schema(
        operation_id="feedback_give",
        request=serializers.FeedbackSerializer,
        responses={201: serializers.FeedbackSerializer},
    )
    def post(self, request, slug):
        """Say whether the published version helped; a “no” asks the owner for a review."""
        given = self.checked(serializers.FeedbackSerializer)
        feedback = self.runbook(slug).judge(by=request.user, **given)
        return self.made(serializers.FeedbackSerializer.of(feedback), request.path)
