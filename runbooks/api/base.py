from django.http import Http404

from portal.accounts.idempotency import Idempotent
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView
from runbooks.models import Runbook, Version


class RunbooksView(Idempotent, ApiView):
    """A view of the area `runbooks`."""

    area = "runbooks"

    def checked(self, serializer_class, *, partial: bool = False) -> dict:
        """What was sent, validated; raises ValidationError (400)."""
        serializer = serializer_class(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def page(self, page, results):
        """One page of a list, with the addresses of its neighbours in body and `Link`."""
        links = {"next": self.address(page.next), "previous": self.address(page.previous)}
        first = self.address("") if any(links.values()) else None
        relations = {"first": first, "next": links["next"], "prev": links["previous"]}
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in relations.items() if url)
        headers = {"Link": header} if header else {}
        return json_response({"results": results, **links}, headers=headers)

    def address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        if not cursor:
            del query["cursor"]
        return f"{self.request.path}?{query.urlencode()}".rstrip("?")

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
        found = rows.filter(number=number).first()
        if found is None:
            raise Http404
        return found


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
