"""The rows of the catalog as documents: read, replaced, made, deleted."""

from django.db import transaction
from django.http import Http404, HttpResponse
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
)

from portal.architecture.catalog import serializers
from portal.architecture.files import NOUNS, document_of, documents_of, etag_of, keep, remove
from portal.architecture.models import Service
from portal.core.api.etags import refuse_missing, require_match
from portal.core.api.fields import chosen
from portal.core.api.filters import CHANGED_OR_DELETED
from portal.core.api.pagination import Ordering, paginate
from portal.core.api.parameters import FIELDS, PAGED, page_with_deleted
from portal.core.api.renderers import json_response
from portal.core.api.types import refuse_other_types
from portal.core.problems import Conflict, Forbidden, Refused

from .base import CatalogView

BY_NAME, BY_SLUG = Ordering(("name",)), Ordering(("slug",))
ROW = serializers.ServiceSerializer
LIST = [*FIELDS, CHANGED_OR_DELETED, *PAGED]
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
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="`*`: only if it is new."
)
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
        parameters=LIST,
        responses=page_with_deleted(ROW),
    )
    def get(self, request):
        """All services, by name, page by page; follow `next` to the end."""
        names, keys = ROW.chosen(request.query_params), BY_NAME.keys
        rows = ROW.values(self.changed(Service.objects.all()), names, keys)
        page = paginate(rows, BY_NAME, "name", request.query_params)
        return self.with_deleted(page, [*map(ROW.reader(names, keys), page.rows)], Service)


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
            elif request.META.get("HTTP_IF_MATCH"):
                refuse_missing(request)
            elif not request.user.has_perm(f"architecture.add_{self.noun.model._meta.model_name}"):
                raise Forbidden("Your role may not add to the catalog.")
            if not isinstance(request.data, dict):
                raise Refused("A document is an object with members.", pointer="")
            refuse_other_types(self.noun.serializer(), request.data)
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
            remove(row, by=request.user)
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

    @extend_schema(operation_id=f"{name}_read", parameters=FIELDS, responses=says_document)
    def get(self, request, slug):
        return self.read(slug)

    @extend_schema(
        operation_id=f"{name}_keep",
        request=says_document,
        parameters=[*MATCH, IF_NONE_MATCH],
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


class Documents(CatalogView):
    """All documents of a noun; the route names it."""

    noun = NOUNS["zones"]

    def documents(self):
        params, model = self.request.query_params, self.noun.model
        rows = self.changed(model._default_manager.all())
        page = paginate(rows.values("pk", "slug"), BY_SLUG, self.noun.name, params)
        found = documents_of(rows.filter(pk__in=[row["pk"] for row in page.rows]))
        names = chosen(params, tuple(self.noun.serializer().fields))
        shown = [{name: each[name] for name in names} for each in found]
        return self.with_deleted(page, shown, model)


def of_list(name: str):
    """The view of all documents of a noun."""
    noun = NOUNS[name]

    @extend_schema(
        operation_id=f"{name}_list",
        description=f"All {name}, by slug, page by page; follow `next` to the end.",
        parameters=LIST,
        responses=page_with_deleted(noun.serializer),
    )
    def get(self, request):
        return self.documents()

    permissions = {"GET": f"architecture.view_{noun.model._meta.model_name}"}
    members = {"get": get, "noun": noun, "permissions": permissions}
    return type(f"All{name.title()}", (Documents,), members).as_view()  # type: ignore[attr-defined]
