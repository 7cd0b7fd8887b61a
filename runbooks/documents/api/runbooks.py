from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.architecture.diagrams.blocks import drawn, has_blocks
from portal.core.api import pagination
from portal.core.api.etags import IF_MATCH, of_drawing, require_match
from portal.core.api.parameters import page_of
from portal.core.api.renderers import HTMLRenderer, JSONRenderer, MarkdownRenderer, json_response
from runbooks.documents import serializers
from runbooks.models import Address, Runbook

from . import examples, rows
from .base import RunbooksView
from .filters import ORDERS, filtered

TEXTS = (JSONRenderer, MarkdownRenderer, HTMLRenderer)
DETAIL = serializers.DetailSerializer
EASY = frozenset({"fields", "omit", "order", "limit"})  # the first page of all, put together once


class RunbookList(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook", "POST": "runbooks.add_runbook"}

    @extend_schema(
        operation_id="runbooks_list",
        parameters=examples.LIST,
        responses=page_of(serializers.RowSerializer),
        examples=examples.LIST_EXAMPLES,
    )
    def get(self, request):
        """Runbooks without their texts, page by page; follow `next` to the end."""
        params, row = request.query_params, rows.shown_to(request.user, serializers.RowSerializer)
        order = params.get("order") or "title"
        if order not in ORDERS:
            raise examples.bad("order", f"Use one of {', '.join(ORDERS)}.")
        if not EASY.issuperset(params):
            found = filtered(Runbook.objects.visible(request.user), params, request.user)
            return self.listed(row, found, ORDERS[order], order)
        limit, keys = pagination.limit_of(params), ORDERS[order].keys
        found = rows.first_page(order, limit, request.user)
        page = pagination.first_page(found, ORDERS[order], order, limit)
        return self.page(page, [*map(row.reader(row.chosen(params), keys), page.rows)])

    @extend_schema(
        operation_id="runbooks_create",
        request=serializers.NewRunbookSerializer,
        responses={201: serializers.DetailSerializer},
        examples=examples.CREATE_EXAMPLES,
    )
    def post(self, request):
        """Make a runbook with its first draft."""
        given = dict(self.checked(serializers.NewRunbookSerializer))
        runbook = Runbook.objects.start(given.pop("title"), by=request.user, **given)
        address = reverse("api:runbook", args=[runbook.slug])
        return self.made(detail_of(runbook, request.user), address)


class Detail(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook", "PATCH": "runbooks.change_runbook"}
    renderer_classes = TEXTS

    def current_etag(self) -> str:
        if _asks_for_html(self.request):  # only what is drawn in it tells
            return ""
        return rows.etag_at(self.kwargs["slug"], self.request.user)

    @extend_schema(
        operation_id="runbooks_read",
        parameters=examples.FIELDS,
        responses={
            (200, "application/json"): serializers.DetailSerializer,
            (200, "text/markdown"): str,
            (200, "text/html"): str,
            301: examples.MOVED,
        },
        examples=examples.DETAIL_EXAMPLES,
    )
    def get(self, request, slug):
        """One runbook with its text; `Accept: text/markdown` gives the text itself."""
        names, kind = DETAIL.chosen(request.query_params), request.accepted_media_type
        if kind in examples.TEXT_MEMBER:
            names = (examples.TEXT_MEMBER[kind],)
        row = rows.one(slug, names, request.user)
        if row is None:
            return self.moved(slug)
        shown = shown_of(row, names, request.user)
        headers = {"ETag": serializers.tag_of(*row[1:3])}
        if "html" in shown:
            shown["html"], headers["ETag"] = with_drawings(request, shown["html"], headers["ETag"])
        if kind in examples.TEXT_MEMBER:
            return HttpResponse(
                shown[names[0]], content_type=f"{kind}; charset=utf-8", headers=headers
            )
        return json_response(shown, headers=headers)

    def moved(self, slug: str):
        address = Address.objects.filter(slug=slug).select_related("runbook").first()
        if address is None or not Runbook.objects.visible(self.request.user).filter(
            pk=address.runbook_id
        ):
            raise Http404
        return HttpResponsePermanentRedirect(reverse("api:runbook", args=[address.runbook.slug]))

    @extend_schema(
        operation_id="runbooks_update",
        request=serializers.AboutSerializer,
        parameters=IF_MATCH,
        responses={(200, "application/json"): serializers.DetailSerializer},
    )
    def patch(self, request, slug):
        """Change what is known of it besides the text: title, owner, services, alerts, …"""
        with transaction.atomic():
            runbook = self.locked(slug)
            require_match(request, runbook.etag)
            runbook.describe(
                by=request.user, **self.checked(serializers.AboutSerializer, partial=True)
            )
        return json_response(detail_of(runbook, request.user), headers={"ETag": runbook.etag})


def detail_of(runbook: Runbook, user) -> dict:
    names, detail = DETAIL.usual(), rows.shown_to(user, DETAIL)
    row = detail.values(Runbook.objects.filter(pk=runbook.pk), names, rows.KEYS).get()
    return shown_of(row, names, user)


def shown_of(row: tuple, names: tuple[str, ...], user) -> dict:
    """These members; authors see the newest draft of what was never published."""
    shown = rows.shown_to(user, DETAIL).reader(names, rows.KEYS)(row)
    pk, published, _ = row[:3]
    if published is None and (missing := DETAIL.heavy(names)):
        newest = Runbook.objects.get(pk=pk).newest
        shown |= {name: getattr(newest, name) for name in missing}
    return shown


def _asks_for_html(request) -> bool:
    named = ",".join(request.query_params.getlist("fields"))
    return request.accepted_media_type == "text/html" or "html" in named.split(",")


def with_drawings(request, html: str, etag: str) -> tuple[str, str]:
    """The HTML with the views of the catalog as it is today, and the tag of both together.

    Who may not read the catalog, or whose token may not, gets the words of the block.
    """
    if not _may_read_catalog(request) or not has_blocks(html):
        return html, etag
    whole = drawn(html)
    return whole, of_drawing(etag, whole)


def _may_read_catalog(request) -> bool:
    is_allowed = not request.auth or request.auth.allows("architecture", write=False)
    return is_allowed and request.user.has_perm("architecture.view_service")


def _step(step: dict) -> dict:
    """A step as it is stored; the commands of older versions have no `alternative`."""
    shown = {name: value for name, value in step.items() if name != "title_html"}
    return shown | {"commands": [{"alternative": ""} | each for each in step["commands"]]}


class Steps(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="runbooks_steps", responses=serializers.StepsSerializer)
    def get(self, request, slug):
        """The steps and parameters derived from the text that readers see."""
        runbook = self.runbook(slug)
        version = runbook.published or runbook.newest
        answer = {
            "version": version.number,
            "steps": [_step(step) for step in version.steps],
            "parameters": version.parameters,
        }
        return json_response(answer)
