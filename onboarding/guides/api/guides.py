"""Published guides with their steps, pictures and marks."""

from django.db.models import F
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from onboarding.guides import serializers
from onboarding.guides.publishing import drafted
from onboarding.models import Guide, GuideVersion
from onboarding.pictures.callouts import annotation
from portal.core.api import pagination
from portal.core.api.fields import chosen
from portal.core.api.renderers import json_response
from portal.core.web.address import absolute
from portal.search.query import narrowed

from . import examples
from .base import OnboardingView
from .texts import TEXTS, text_response

READ = {"GET": "onboarding.view_guide"}
ORDER = pagination.Ordering(("position", "title"))
FROZEN = ("title", "purpose", "audience", "roles", "minutes")
LIST = tuple(serializers.GuideRowSerializer().fields)
DETAIL = tuple(serializers.GuideSerializer().fields)
COLUMNS = ("pk", "position", "slug", "head", "revision", "archived_at", *FROZEN)
STATES = {
    "current": {"archived_at": None},
    "archived": {"archived_at__isnull": False},
    "all": {},
}


class GuideList(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guides_list",
        parameters=examples.GUIDES,
        responses=examples.page_of(serializers.GuideRowSerializer),
        examples=examples.LIST_EXAMPLE,
    )
    def get(self, request):
        """Guides without their steps, page by page; follow `next` to the end."""
        params = request.query_params
        names = chosen(params, LIST)
        rows = _narrowed(Guide.objects.visible(request.user), params, request.user)
        page = pagination.paginate(_columns(rows), ORDER, "guides", params)
        return self.page(page, [_member(_row(row), names) for row in page.rows])


def _narrowed(rows, params, user):
    state = params.get("state", "current")
    if state not in STATES:
        raise ValidationError({"state": f"Use one of {', '.join(STATES)}."})
    rows = rows.filter(**STATES[state])
    rows = narrowed(rows, params.get("search", ""), user=user, kind="guide")
    return rows.filter(owner__slug=params["owner"]) if params.get("owner") else rows


def _columns(rows):
    """Without the steps of the versions, which may be long."""
    frozen = {f"frozen_{name}": F(f"published__content__{name}") for name in FROZEN}
    named = {"team": F("owner__slug"), "number": F("published__number")}
    return rows.values(*COLUMNS, **frozen, **named, at=F("published__published_at"))


def _row(row: dict) -> dict:
    prefix = "frozen_" if row["number"] else ""
    return {name: row[f"{prefix}{name}"] for name in FROZEN} | {
        "slug": row["slug"],
        "owner": row["team"],
        "version": row["number"] or 0,
        "published_at": row["at"],
        "archived_at": row["archived_at"],
        "etag": Guide(pk=row["pk"], head=row["head"], revision=row["revision"]).etag,
        "url": reverse("onboarding:guide", args=[row["slug"]]),
    }


def _member(row: dict, names: tuple[str, ...]) -> dict:
    return {name: row[name] for name in names}


def guide_detail(guide: Guide, user) -> dict:
    """The guide with the steps that readers follow."""
    version = guide.published
    content = version.content if version else drafted(guide, rendering=False)
    row = _row(_columns(Guide.objects.filter(pk=guide.pk)).get())
    return row | _asked(content, user) | {"steps": steps_of(version) if version else []}


class GuideDetail(OnboardingView):
    permissions = READ
    renderer_classes = TEXTS

    def current_etag(self) -> str:
        rows = Guide.objects.visible(self.request.user).filter(slug=self.kwargs["slug"])
        found = rows.only("pk", "head", "revision").first()
        return found.etag if found else ""

    @extend_schema(
        operation_id="guides_read",
        parameters=examples.FIELDS,
        responses=examples.as_text(serializers.GuideSerializer),
        examples=examples.DETAIL_EXAMPLE,
    )
    def get(self, request, slug):
        """One guide with its steps, pictures and marks; also as Markdown or HTML by `Accept`.

        Authors get the text of a guide that was never published as they have it.
        """
        names = chosen(request.query_params, DETAIL)
        guide, kind = self.guide(slug), request.accepted_media_type
        if kind in examples.TEXT:
            content = guide.published.content if guide.published else drafted(guide)
            return text_response(kind, guide, content, user=request.user, etag=guide.etag)
        row = guide_detail(guide, request.user)
        return json_response(_member(row, names), headers={"ETag": guide.etag})


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
        "annotations": [annotation(callout, n, picture=address) for n, callout in marks],
    }


def _video(video: dict | None) -> dict | None:
    names = ("title", "source", "content_type", "transcript")
    return {name: video[name] for name in names} if video else None


class GuideVersionList(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guide_versions_list",
        responses=serializers.GuideVersionRowSerializer(many=True),
    )
    def get(self, request, slug):
        """All versions, the newest first, without their steps."""
        rows = self.guide(slug).versions.defer("content").order_by("-number")[:1000]
        return json_response([version_row(version) for version in rows])


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
    return version_row(version) | more | {"steps": steps_of(version)}


def version_row(version: GuideVersion) -> dict:
    return {
        "number": version.number,
        "note": version.note,
        "by": version.by_name,
        "published_at": version.published_at,
        "hash": version.hash,
        "etag": version.etag,
    }
