from django.http import Http404

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from runbooks.documents.serializers import VersionSerializer
from runbooks.models import Runbook, Version


class RunbooksView(Idempotent, AnsweringView):
    """A view of the area `runbooks`."""

    area = "runbooks"

    def runbook(self, slug: str) -> Runbook:
        """The runbook as this person may see it, by its present or a former address."""
        visible = Runbook.objects.visible(self.request.user)
        found = visible.select_related("published", "owner", "merged_into").at(slug)
        if found is None:
            raise Http404
        return found

    def locked(self, slug: str) -> Runbook:
        """The same, as it stays until the transaction ends: If-Match holds while it is changed."""
        rows = Runbook.objects.select_for_update(of=("self",))
        rows = rows.select_related("published", "owner", "merged_into")
        return rows.get(pk=self.runbook(slug).pk)

    def version(self, runbook: Runbook, number: int) -> Version:
        rows = runbook.versions.visible(self.request.user)
        return self.found(rows.select_related("author", "reviewer", "runbook"), number=number)


def version_detail(version: Version) -> dict:
    return VersionSerializer.of(version)
