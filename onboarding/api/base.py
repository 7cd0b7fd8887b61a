from django.http import Http404

from onboarding.models import Guide, GuideVersion
from portal.accounts.idempotency import Idempotent
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView


class OnboardingView(Idempotent, ApiView):
    """A view of the area `onboarding`."""

    area = "onboarding"

    def checked(self, serializer_class) -> dict:
        """What was sent, validated; raises ValidationError (400)."""
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def found(self, rows, **named):
        """The one row of these; 404 for what does not exist or may not be seen alike."""
        row = rows.filter(**named).first()
        if row is None:
            raise Http404
        return row

    def guide(self, slug: str) -> Guide:
        rows = Guide.objects.visible(self.request.user).select_related("owner", "published")
        return self.found(rows, slug=slug)

    def version(self, guide: Guide, number: int) -> GuideVersion:
        return self.found(guide.versions.all(), number=number)

    def page(self, page, results: list):
        """One page of a list, with its neighbours in the body and in `Link` (RFC 8288)."""
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
