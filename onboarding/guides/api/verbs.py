"""The verbs on a guide: publish, archive, take back. Steps are written in the administration."""

from typing import Any, ClassVar

from django.urls import reverse

from onboarding.guides import serializers
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.notifications.watches.api import Watching

from . import examples
from .base import OnboardingView
from .guides import guide_detail, version_detail


class OnGuide(VerbView, OnboardingView):
    """A verb on one guide."""

    permissions = {"POST": "onboarding.publish_guide"}
    operation = "guides_{}"
    answers: ClassVar[Any] = serializers.GuideSerializer
    needs_match = True

    def thing(self, slug):
        return self.locked(slug)

    def answer(self, thing, result):
        return json_response(guide_detail(thing, self.request.user), headers={"ETag": thing.etag})


class WatchGuide(Watching, OnboardingView):
    permissions: ClassVar[dict[str, str]] = {"POST": "onboarding.view_guide"}
    operation = "guides_{}"

    def thing(self, slug):
        return self.guide(slug)


class Publish(OnGuide):
    takes = serializers.PublishGuideSerializer
    answers = {201: serializers.GuideVersionSerializer}
    examples = examples.PUBLISH_EXAMPLE

    def answer(self, thing, result):
        address = reverse("api:guide-version", args=[thing.slug, result.number])
        return self.made(version_detail(result, self.request.user), address)
