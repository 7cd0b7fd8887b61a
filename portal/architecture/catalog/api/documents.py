"""The rows of the catalog as documents: read, replaced, made, deleted."""

from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from portal.architecture.catalog import serializers
from portal.architecture.files import NOUNS, document_of, documents_of, etag_of, keep
from portal.architecture.models import Service
from portal.core.api.etags import require_match
from portal.core.api.fields import chosen
from portal.core.api.renderers import json_response
from portal.core.problems import Conflict, Forbidden, Refused

from .base import MEMBERS, PAGES, CatalogView

EXAMPLES = {
    "services": {
        "name": "Checkout",
        "kind": "api",
        "tier": 1,
        "description": "Takes orders and money.",
        "links": {"repository": "https://git.example.org/checkout"},
        "configuration": [
            {
                "name": "PAYMENT_KEY",
                "kind": "secret",
                "purpose": "Signs requests to the payment provider",
                "kept_in": "vault/checkout",
                "rotation_days": 90,
                "rotated_on": "2026-09-01",
            }
        ],
    },
    "zones": {"name": "Inner network", "ranges": "10.1.0.0/16"},
    "integrations": {
        "name": "Card payments",
        "direction": "outbound",
        "contact": "Hotline in the contract",
        "status_page": "https://status.example.org",
    },
}
NEEDED_NAMED = 5
MATCH = [
    OpenApiParameter(
        "If-Match",
        str,
        OpenApiParameter.HEADER,
        description="The ETag of what this replaces; needed unless it is new. `*`: whatever it is.",
    )
]


class Services(CatalogView):
    @extend_schema(
        operation_id="services_list",
        parameters=PAGES,
        responses=serializers.ServiceSerializer(many=True),
    )
    def get(self, request):
        """All services, by name; the header `Link` leads to more than 1,000."""
        rows = Service.objects.annotate(
            team=F("owner__slug"), zone_slug=F("zone__slug"), whole=F("part_of__slug")
        )
        names = ("slug", "name", "description", "tier", "kind", "team", "zone_slug", "whole")
        page = self.page(rows.order_by().values("pk", *names), "name")
        return self.listed([_row(row) for row in page.rows], page)


def _row(row: dict) -> dict:
    del row["pk"]
    owner, zone, whole = row.pop("team"), row.pop("zone_slug"), row.pop("whole")
    return {**row, "owner": owner, "zone": zone, "part_of": whole}


class DocumentView(CatalogView):
    """One row of a noun as its document."""

    noun = NOUNS["services"]

    def row(self, slug: str):
        return self.noun.model._default_manager.filter(slug=slug).first()

    def read(self, slug: str):
        row = self.row(slug)
        if row is None:
            raise Http404
        document = document_of(row)
        names = chosen(self.request.query_params, tuple(document))
        shown = {name: document[name] for name in names}
        return json_response(shown, headers={"ETag": etag_of(document)})

    def put_document(self, request, slug: str):
        with transaction.atomic():
            row = self.noun.model._default_manager.select_for_update().filter(slug=slug).first()
            if row is not None:
                require_match(request, etag_of(document_of(row)))
            elif not request.user.has_perm(f"architecture.add_{self.noun.model._meta.model_name}"):
                raise Forbidden("Your role may not add to the catalog.")
            if not isinstance(request.data, dict):
                raise Refused("A document is an object with members.", pointer="")
            row, is_new = keep(self.noun, slug, request.data, by=request.user)
            document = document_of(row)
        headers = {"ETag": etag_of(document)}
        if is_new:
            headers["Location"] = request.path
        return json_response(document, status=201 if is_new else 200, headers=headers)

    def remove(self, request, slug: str):
        with transaction.atomic():
            row = self.row(slug)
            if row is None:
                raise Http404
            require_match(request, etag_of(document_of(row)))
            self.refuse_if_needed(row)
            row.delete()
        return HttpResponse(status=204)

    def refuse_if_needed(self, row) -> None:
        if not hasattr(row, "dependents"):
            return
        names = row.dependents.order_by("source__name").values_list("source__name", flat=True)
        if names:
            told = ", ".join(names[:NEEDED_NAMED])
            raise Conflict(f"It is needed by {told}: change those first.")


def of_document(name: str, singular: str):
    """The view of one row of a noun: read it, replace or make it, delete it."""
    noun = NOUNS[name]
    says_document = noun.serializer

    @extend_schema(operation_id=f"{name}_read", parameters=MEMBERS, responses=says_document)
    def get(self, request, slug):
        return self.read(slug)

    @extend_schema(
        operation_id=f"{name}_keep",
        request=says_document,
        parameters=MATCH,
        examples=[OpenApiExample(singular.title(), EXAMPLES[name], request_only=True)],
        responses={200: says_document, 201: says_document},
    )
    def put(self, request, slug):
        return self.put_document(request, slug)

    @extend_schema(operation_id=f"{name}_delete", parameters=MATCH, responses={204: None})
    def delete(self, request, slug):
        return self.remove(request, slug)

    get.__doc__ = f"The {singular} with all that belongs to it."
    put.__doc__ = f"Make the {singular}, or make it exactly this document; needs If-Match then."
    delete.__doc__ = f"Delete the {singular}; refused while something needs it."
    model = noun.model._meta.model_name
    permissions = {
        "GET": f"architecture.view_{model}",
        "PUT": f"architecture.change_{model}",
        "DELETE": f"architecture.delete_{model}",
    }
    methods = {"get": get, "put": put, "delete": delete}
    named = f"{singular.title()}Document"
    view = type(named, (DocumentView,), {**methods, "noun": noun, "permissions": permissions})
    return view.as_view()  # type: ignore[attr-defined]


def of_list(name: str):
    """The view of all documents of a noun."""
    noun = NOUNS[name]

    @extend_schema(
        operation_id=f"{name}_list", parameters=PAGES, responses=noun.serializer(many=True)
    )
    def get(self, request):
        rows = noun.model._default_manager.all()
        page = self.page(rows.order_by().values("pk", "slug"), "slug")
        keys = [row["pk"] for row in page.rows]
        return self.listed(documents_of(rows.filter(pk__in=keys)), page)

    get.__doc__ = f"All {name}, by slug."
    permissions = {"GET": f"architecture.view_{noun.model._meta.model_name}"}
    view = type(f"All{name.title()}", (CatalogView,), {"get": get, "permissions": permissions})
    return view.as_view()  # type: ignore[attr-defined]
