"""Published guides with their steps, pictures and marks."""

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides import serializers
from onboarding.guides.publishing import drafted
from onboarding.models import Guide, GuideVersion
from onboarding.pictures.callouts import annotation
from portal.accounts.models import Team
from portal.core.api import pagination
from portal.core.api.filters import among, changed_since, in_state, refuse_strangers
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import json_response
from portal.core.web.address import absolute
from portal.search.query import narrowed

from . import examples
from .base import OnboardingView
from .texts import TEXTS, text_response

READ = {"GET": "onboarding.view_guide"}
ORDER = pagination.Ordering(("position", "title"))
NEWEST_FIRST = pagination.Ordering(("number",), descending=True)
ROW, DETAIL = serializers.GuideRowSerializer, serializers.GuideSerializer
VERSION = serializers.GuideVersionSerializer
CURRENT = Q(archived_at=None)
STATES = {
    "current": CURRENT,
    "published": CURRENT & Q(published__isnull=False),
    "unpublished": CURRENT & Q(published=None),
    "archived": Q(archived_at__isnull=False),
    "all": Q(),
}


class GuideList(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guides_list",
        parameters=examples.GUIDES,
        responses=page_of(serializers.GuideRowSerializer),
        examples=examples.LIST_EXAMPLE,
    )
    def get(self, request):
        """Guides without their steps, page by page; follow `next` to the end."""
        rows = _narrowed(Guide.objects.visible(request.user), request.query_params, request.user)
        return self.listed(ROW, rows, ORDER, "guides")


def _narrowed(rows, params, user):
    rows = changed_since(in_state(rows, params, STATES), params)
    rows = narrowed(rows, params.get("search", ""), user=user, kind="guide")
    refuse_strangers(params, owner=Team.objects.all())
    return among(rows, params, owner="owner__slug")


def guide_detail(guide: Guide, user, names: tuple[str, ...] = DETAIL.names()) -> dict:
    """The guide with the steps that readers follow."""
    version = guide.published
    content = version.content if version else drafted(guide, rendering=False)
    found = DETAIL.all(Guide.objects.filter(pk=guide.pk), names)[0]
    found |= _asked(content, user) | {"steps": steps_of(version) if version else []}
    return {name: found[name] for name in names}


class GuideDetail(OnboardingView):
    permissions = READ
    renderer_classes = TEXTS

    def current_etag(self) -> str:
        rows = Guide.objects.visible(self.request.user).filter(slug=self.kwargs["slug"])
        found = rows.only("pk", "head", "revision").first()
        return found.etag if found else ""

    @extend_schema(
        operation_id="guides_read",
        parameters=FIELDS,
        responses=examples.as_text(serializers.GuideSerializer),
        examples=examples.DETAIL_EXAMPLE,
    )
    def get(self, request, slug):
        """One guide with its steps, pictures and marks; also as Markdown or HTML by `Accept`.

        Authors get the text of a guide that was never published as they have it.
        """
        names = DETAIL.chosen(request.query_params)
        guide, kind = self.guide(slug), request.accepted_media_type
        if kind in examples.TEXT:
            content = guide.published.content if guide.published else drafted(guide)
            return text_response(kind, guide, content, user=request.user, etag=guide.etag)
        found = guide_detail(guide, request.user, names)
        return json_response(found, headers={"ETag": guide.etag})


def _asked(content: dict, user) -> dict:
    """What is asked of readers before and after it."""
    before = Guide.objects.visible(user).named_before(content)
    return {
        "prerequisites": list(before.values_list("slug", flat=True)),
        "asks_acknowledgement": content["asks_acknowledgement"],
    }


def steps_of(version: GuideVersion) -> list[dict]:
    names = ("key", "number", "title", "text", "html", "control", "result")
    return [
        {name: step[name] for name in names}
        | {"picture": _picture(step["shot"]), "video": _video(step["video"])}
        for step in version.steps
    ]


def _picture(shot: dict | None) -> dict | None:
    if shot is None:
        return None
    address = absolute(reverse("onboarding:picture", args=[shot["name"]]))
    marks = enumerate(shot["callouts"], 1)
    return {
        **{name: shot[name] for name in ("width", "height", "alt", "taken_at")},
        "address": address,
        "file": absolute(reverse("api:guide-picture", args=[shot["name"]])),
        "annotations": [annotation(callout, n, picture=address) for n, callout in marks],
    }


def _video(video: dict | None) -> dict | None:
    """A film that is kept here has addresses of its page and of its file; another has one."""
    if video is None:
        return None
    found = {name: video[name] for name in ("title", "source", "content_type", "transcript")}
    name = video.get("name")
    return found | {
        "source": absolute(video["source"]) if name else video["source"],
        "file": absolute(reverse("api:guide-film", args=[name])) if name else None,
    }


class GuideVersionList(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guide_versions_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(serializers.GuideVersionRowSerializer),
    )
    def get(self, request, slug):
        """All versions, the newest first, without their steps."""
        rows = self.guide(slug).versions
        return self.listed(serializers.GuideVersionRowSerializer, rows, NEWEST_FIRST, "versions")


class GuideVersionDetail(OnboardingView):
    permissions = READ
    renderer_classes = TEXTS

    @extend_schema(
        operation_id="guide_versions_read",
        responses=examples.as_text(serializers.GuideVersionSerializer),
    )
    def get(self, request, slug, number):
        """One version with its steps; it never changes. Also as Markdown or HTML by `Accept`."""
        guide, kind = self.guide(slug), request.accepted_media_type
        version = self.version(guide, number)
        if kind in examples.TEXT:
            return text_response(kind, guide, version.content, user=request.user, etag=version.etag)
        return json_response(version_detail(version, request.user), headers={"ETag": version.etag})


def version_detail(version: GuideVersion, user) -> dict:
    more = {name: version.content[name] for name in ("title", "purpose", "minutes")}
    more |= _asked(version.content, user)
    return VERSION.of(version) | more | {"steps": steps_of(version)}
