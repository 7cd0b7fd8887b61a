"""What all views of the catalog have in common."""

from drf_spectacular.utils import OpenApiParameter

from portal.accounts.api.idempotency import Idempotent
from portal.core.api import pagination
from portal.core.api.fields import chosen
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView

MOST = 1000


def query(name: str, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, **more)


MEMBERS = [
    query("fields", "Only these members, separated by commas."),
    query("omit", "All members but these, separated by commas."),
]
PAGES = [
    *MEMBERS,
    OpenApiParameter(
        "limit", int, OpenApiParameter.QUERY, description="1 to 200; 1,000 if not given."
    ),
    query("cursor", "Where to go on: follow the header `Link` instead of making one."),
]


class CatalogView(Idempotent, ApiView):
    area = "architecture"
    permissions = {"GET": "architecture.view_service"}

    def page(self, rows, column: str) -> pagination.Page:
        """One page of `values()`, by that column; a client that says nothing gets many."""
        ordering, params = pagination.Ordering((column,)), self.request.query_params
        return pagination.paginate(rows, ordering, column, params, usual=MOST)

    def listed(self, found: list[dict], page: pagination.Page):
        names = chosen(self.request.query_params, tuple(found[0])) if found else ()
        link = pagination.link_header(self.request, page)
        shown = [{name: each[name] for name in names} for each in found]
        return json_response(shown, headers={"Link": link} if link else {})
