from django.http import Http404

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
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
        rows = runbook.versions.visible(self.request.user).select_related("reviewer", "runbook")
        return self.found(rows, number=number)


def version_row(version: Version) -> dict:
    return {
        "number": version.number,
        "state": version.state,
        "note": version.note,
        "author": version.author_name,
        "created_at": version.created_at,
        "based_on": version.based_on,
        "restored_from": version.restored_from,
        "reviewer": version.reviewer.display_name if version.reviewer_id else None,
        "reviewed_at": version.reviewed_at,
        "review_note": version.review_note,
        "published_at": version.published_at,
        "hash": version.hash,
        "etag": version.etag,
    }


def version_detail(version: Version) -> dict:
    more = {name: getattr(version, name) for name in ("text", "parameters", "problems")}
    return version_row(version) | more
