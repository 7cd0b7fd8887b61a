"""What views take, find and answer alike."""

from django.http import Http404, HttpResponse

from .pagination import Page, address, link_header
from .renderers import json_response
from .views import ApiView


class AnsweringView(ApiView):
    """A view of rows: what was sent is checked, one is found, many come page by page."""

    def checked(self, serializer_class, *, partial: bool = False) -> dict:
        """What was sent, validated; raises ValidationError (400)."""
        serializer = serializer_class(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def found(self, rows, **named):
        """The one row of these; 404 for what does not exist or may not be seen alike."""
        row = rows.filter(**named).first()
        if row is None:
            raise Http404
        return row

    def page(self, page: Page, results: list) -> HttpResponse:
        """One page of a list, with its neighbours in the body and in `Link`."""
        links = {
            "next": address(self.request, page.next),
            "previous": address(self.request, page.previous),
        }
        header = link_header(self.request, page)
        headers = {"Link": header} if header else {}
        return json_response({"results": results, **links}, headers=headers)
