"""The verbs on a guide: publish, archive, take back. Steps are written in the administration."""

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides import serializers
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.renderers import json_response

from . import examples
from .base import OnboardingView
from .guides import guide_detail, version_detail

MAY = {"POST": "onboarding.publish_guide"}


class Publish(OnboardingView):
    permissions = MAY

    @extend_schema(
        operation_id="guides_publish",
        request=serializers.PublishGuideSerializer,
        parameters=IF_MATCH,
        responses={201: serializers.GuideVersionSerializer},
        examples=examples.PUBLISH_EXAMPLE,
    )
    @transaction.atomic
    def post(self, request, slug):
        """Freeze the guide as its authors have it: who begins now follows that version."""
        given = self.checked(serializers.PublishGuideSerializer)
        guide = self.locked(slug)
        require_match(request, guide.etag, difference=guide.get_absolute_url())
        version = guide.publish(by=request.user, **given)
        address = reverse("api:guide-version", args=[slug, version.number])
        headers = {"Location": address, "ETag": version.etag}
        return json_response(version_detail(version, request.user), status=201, headers=headers)


class Act(OnboardingView):
    """One verb on one guide; `verb` comes from the route."""

    permissions = MAY
    verb = ""

    @transaction.atomic
    def act(self, request, slug):
        guide = self.locked(slug)
        require_match(request, guide.etag, difference=guide.get_absolute_url())
        getattr(guide, self.verb)(by=request.user)
        return json_response(guide_detail(guide, request.user), headers={"ETag": guide.etag})


def acting(verb: str, description: str):
    """A view for a verb of Guide that needs nothing but who does it."""

    @extend_schema(
        operation_id=f"guides_{verb}",
        description=description,
        request=None,
        parameters=IF_MATCH,
        responses=serializers.GuideSerializer,
    )
    def post(self, request, slug):
        return self.act(request, slug)

    view = type(f"{verb.capitalize()}Guide", (Act,), {"post": post, "verb": verb})
    return view.as_view()  # type: ignore[attr-defined]
