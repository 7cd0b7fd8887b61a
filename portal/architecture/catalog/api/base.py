"""What all views of the catalog have in common."""

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.changes import changed, told
from portal.core.api.filters import since
from portal.core.api.pagination import Page


class CatalogView(Idempotent, AnsweringView):
    area = "architecture"
    permissions = {"GET": "architecture.view_service"}

    def changed(self, rows):
        """The rows that changed since the time that was asked for, or all."""
        at = since(self.request.query_params)
        return changed(rows, at) if at else rows

    def with_deleted(self, page: Page, results: list, model):
        """A page that also tells what is gone, where somebody asks what changed."""
        return self.page(page, results, **told(model, self.request.query_params))
