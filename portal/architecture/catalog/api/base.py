"""What all views of the catalog have in common."""

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.changes import changed, deleted
from portal.core.api.filters import since
from portal.core.api.pagination import Page
from portal.core.api.parameters import query

CHANGED_SINCE = query(
    "changed_since",
    "Only what was made or changed at this time (RFC 3339, such as 2026-01-31T08:00:00Z) or "
    "later; `deleted` then has the slugs of what was deleted since.",
)


class CatalogView(Idempotent, AnsweringView):
    area = "architecture"
    permissions = {"GET": "architecture.view_service"}

    def changed(self, rows):
        """The rows that changed since the time that was asked for, or all."""
        at = since(self.request.query_params)
        return changed(rows, at) if at else rows

    def with_deleted(self, page: Page, results: list, model):
        """A page that also tells what is gone, where somebody asks what changed."""
        at = since(self.request.query_params)
        more = {"deleted": deleted(model, at)} if at else {}
        return self.page(page, results, **more)
