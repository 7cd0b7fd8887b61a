"""The versions of a runbook: listed, read, compared, drafted."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.filters import choices
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import page_of
from portal.core.api.renderers import json_response
from portal.core.comparing import MOST_LINES, compare_lines
from runbooks.documents import serializers
from runbooks.models import State

from . import examples
from .base import RunbooksView, version_detail
from .runbooks import TEXTS, with_drawings

MOST_ROWS = 5_000  # of a comparison
NEWEST_FIRST = Ordering(("number",), descending=True)


class VersionList(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook", "POST": "runbooks.change_runbook"}

    @extend_schema(
        operation_id="versions_list",
        parameters=examples.VERSIONS,
        responses=page_of(serializers.VersionRowSerializer),
    )
    def get(self, request, slug):
        """All versions that you may see, the newest first, without their texts."""
        found = self.runbook(slug).versions.visible(request.user)
        states = choices(request.query_params, "state", State.values)
        found = found.filter(state__in=states) if states else found
        return self.listed(serializers.VersionRowSerializer, found, NEWEST_FIRST, "versions")

    @extend_schema(
        operation_id="versions_draft",
        request=serializers.DraftSerializer,
        parameters=IF_MATCH,
        responses={201: serializers.VersionSerializer},
        examples=examples.DRAFT_EXAMPLES,
    )
    def post(self, request, slug):
        """Draft the next version on top of the newest, whose ETag goes into If-Match.

        The ETag of the runbook will do while no draft or version in review is open.
        """
        runbook = self.runbook(slug)
        newest = runbook.newest
        given = self.checked(serializers.DraftSerializer)
        base = examples.sent_number(request) or newest.number
        accepted = [newest.etag]  # alone where it is a draft: who did not read that would undo it
        if not newest.is_open:
            accepted.insert(0, runbook.etag)
        difference = runbook.compare_url(min(base, newest.number), newest.number)
        require_match(request, *accepted, difference=difference)
        version = runbook.draft(
            given["text"], author=request.user, note=given["note"], based_on=newest.number
        )
        address = reverse("api:version", args=[runbook.slug, version.number])
        return self.made(version_detail(version), address)


class VersionDetail(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}
    renderer_classes = TEXTS

    @extend_schema(
        operation_id="versions_read",
        responses={
            (200, "application/json"): serializers.VersionSerializer,
            (200, "text/markdown"): str,
            (200, "text/html"): str,
        },
    )
    def get(self, request, slug, number):
        """One version with its text; `Accept: text/markdown` gives the text itself."""
        runbook, kind = self.runbook(slug), request.accepted_media_type
        if kind not in examples.TEXT_MEMBER:
            rows = runbook.versions.visible(request.user).filter(number=number)
            found = next(iter(serializers.VersionSerializer.all(rows)), None)
            if found is None:
                raise Http404
            return json_response(found, headers={"ETag": found["etag"]})
        version = self.version(runbook, number)
        text, headers = getattr(version, examples.TEXT_MEMBER[kind]), {"ETag": version.etag}
        if kind == "text/html":
            text, headers["ETag"] = with_drawings(request, text, version.etag)
        return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


class Compare(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="versions_compare", responses=serializers.ComparisonSerializer)
    def get(self, request, slug, old, new):
        """What the newer version changes, line by line and down to the word.

        At most 5,000 rows: `left_out` says how many there are beyond.
        """
        runbook = self.runbook(slug)
        before, after = self.version(runbook, old), self.version(runbook, new)
        found = compare_lines(before.text, after.text, most=MOST_LINES)
        answer = {
            "old": old,
            "new": new,
            "words_added": found.words_added,
            "words_removed": found.words_removed,
            "rows": [_compared(row) for row in found.rows[:MOST_ROWS]],
            "left_out": max(len(found.rows) - MOST_ROWS, 0) + found.uncompared,
        }
        return json_response(answer)


def _compared(row) -> dict:
    return {
        "kind": row.kind,
        "old_line": row.left.number if row.left else None,
        "new_line": row.right.number if row.right else None,
        "old": _segments(row.left),
        "new": _segments(row.right),
    }


def _segments(side) -> list[dict]:
    segments = side.segments if side else ()
    return [{"text": segment.text, "changed": segment.changed} for segment in segments]
