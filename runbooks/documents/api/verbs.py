"""The verbs: on a version (submit, approve, …) and on a runbook (restore, archive, …)."""

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.renderers import json_response
from portal.core.problems import Refused
from runbooks.documents import serializers
from runbooks.models import Runbook

from .base import RunbooksView, version_detail
from .runbooks import detail_of


class Decide(RunbooksView):
    """One verb on one version; `verb` and its permission come from the route."""

    verb = ""
    permission = ""

    @property
    def permissions(self):
        return {"POST": self.permission}

    def act(self, request, slug, number, **details):
        version = self.version(self.runbook(slug), number)
        require_match(request, version.etag, difference=version.get_absolute_url())
        getattr(version, self.verb)(by=request.user, **details)
        return json_response(version_detail(version), headers={"ETag": version.etag})


def deciding(verb: str, permission: str, description: str, takes=None):
    """A view for a verb of Version. `takes` is the serializer of what it needs."""

    @extend_schema(
        operation_id=f"versions_{verb}",
        description=description,
        request=takes,
        parameters=IF_MATCH,
        responses=serializers.VersionSerializer,
    )
    def post(self, request, slug, number):
        details = self.checked(takes) if takes else {}
        return self.act(request, slug, number, **details)

    name = f"{verb.capitalize()}Version"
    view = type(name, (Decide,), {"post": post, "verb": verb, "permission": permission})
    return view.as_view()  # type: ignore[attr-defined]


class Act(RunbooksView):
    """One verb on one runbook."""

    verb = ""
    permission = ""

    @property
    def permissions(self):
        return {"POST": self.permission}

    def act(self, request, slug):
        with transaction.atomic():
            runbook = self.locked(slug)
            require_match(request, runbook.etag)
            getattr(runbook, self.verb)(by=request.user)
        return json_response(detail_of(runbook), headers={"ETag": runbook.etag})


def acting(verb: str, permission: str, description: str):
    """A view for a verb of Runbook that needs nothing but who does it."""

    @extend_schema(
        operation_id=f"runbooks_{verb}",
        description=description,
        request=None,
        parameters=IF_MATCH,
        responses=serializers.DetailSerializer,
    )
    def post(self, request, slug):
        return self.act(request, slug)

    name = f"{verb.title().replace('_', '')}Runbook"
    view = type(name, (Act,), {"post": post, "verb": verb, "permission": permission})
    return view.as_view()  # type: ignore[attr-defined]


class Restore(RunbooksView):
    permissions = {"POST": "runbooks.change_runbook"}

    @extend_schema(
        operation_id="runbooks_restore",
        request=serializers.RestoreSerializer,
        parameters=IF_MATCH,
        responses={201: serializers.VersionSerializer},
    )
    def post(self, request, slug):
        """Draft a new version that copies an old one."""
        runbook = self.runbook(slug)
        newest = runbook.newest
        require_match(request, runbook.etag, newest.etag)
        number = self.checked(serializers.RestoreSerializer)["number"]
        self.version(runbook, number)
        version = runbook.restore(number, by=request.user)
        address = reverse("api:version", args=[runbook.slug, version.number])
        headers = {"Location": address, "ETag": version.etag}
        return json_response(version_detail(version), status=201, headers=headers)


class Merge(RunbooksView):
    permissions = {"POST": "runbooks.merge_runbook"}

    @extend_schema(
        operation_id="runbooks_merge",
        request=serializers.MergeSerializer,
        parameters=IF_MATCH,
        responses=serializers.DetailSerializer,
    )
    def post(self, request, slug):
        """Let another runbook stand for this one; its address and alerts lead there."""
        runbook = self.runbook(slug)
        require_match(request, runbook.etag)
        into = self.checked(serializers.MergeSerializer)["into"]
        other = Runbook.objects.visible(request.user).filter(slug=into).first()
        if other is None:
            raise Refused(f"There is no runbook “{into}”.", pointer="/into")
        runbook.merge_into(other, by=request.user)
        return json_response(detail_of(runbook), headers={"ETag": runbook.etag})


class FeedbackOf(RunbooksView):
    permissions = {"POST": "runbooks.add_feedback", "GET": "runbooks.view_feedback"}

    @extend_schema(
        operation_id="feedback_list", responses=serializers.FeedbackSerializer(many=True)
    )
    def get(self, request, slug):
        """What readers said of it, the newest first."""
        rows = self.runbook(slug).feedback.select_related("version")[:200]
        return json_response([_feedback(row) for row in rows])

    @extend_schema(
        operation_id="feedback_give",
        request=serializers.FeedbackSerializer,
        responses={201: serializers.FeedbackSerializer},
    )
    def post(self, request, slug):
        """Say whether the published version helped; a “no” asks the owner for a review."""
        given = self.checked(serializers.FeedbackSerializer)
        feedback = self.runbook(slug).judge(by=request.user, **given)
        return json_response(_feedback(feedback), status=201)


def _feedback(row) -> dict:
    return {
        "version": row.version.number,
        "helpful": row.helpful,
        "reason": row.reason,
        "created_at": row.created_at,
    }
