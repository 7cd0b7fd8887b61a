"""What views take, find and answer alike."""

from typing import Any

from django.http import Http404, HttpResponse

from portal.core.problems import Refused

from .names import refuse_unknown, refuse_unknown_members
from .pagination import Ordering, Page, address, link_header, paginate, sliced
from .renderers import json_response
from .rows import Row, TaggedRow
from .types import refuse_other_types
from .views import ApiView

JSON = "application/json"


class AnsweringView(ApiView):
    """A view of rows: what was sent is checked, one is found, many come page by page."""

    def checked(self, serializer_class, *, partial: bool = False) -> dict:
        """What was sent, validated; raises ValidationError (400)."""
        serializer = serializer_class(data=self.request.data, partial=partial)
        refuse_unknown_members(serializer, self.request.data)
        refuse_other_types(serializer, self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def nothing_sent(self) -> None:
        """Raise unless the body is empty or an object without members: this takes nothing."""
        if self.request.META.get("CONTENT_LENGTH") in (None, "", "0"):
            return
        if self.request.content_type.partition(";")[0].strip() != JSON:
            raise Refused("This takes no body.")
        refuse_unknown(self.request.data, (), what="member")

    def found(self, rows, **named):
        """The one row of these; 404 for what does not exist or may not be seen alike."""
        row = rows.filter(**named).first()
        if row is None:
            raise Http404
        return row

    def single(self, row: type[Row], rows, names: tuple[str, ...] | None = None, **named) -> dict:
        """These members (the usual ones) of the one row; 404 as `found`."""
        found = row.all(rows.filter(**named), names)
        if not found:
            raise Http404
        return {name: found[0][name] for name in names or row.usual()}

    def listed(
        self, row: type[Row], rows, ordering: Ordering, name: str, **more: Any
    ) -> HttpResponse:
        """One page of a query in this order; `name` says whose cursor it is."""
        params = self.request.query_params
        names, keys = row.chosen(params), ordering.keys
        page = paginate(row.values(rows, names, keys), ordering, name, params)
        return self.page(page, [*map(row.reader(names, keys), page.rows)], **more)

    def computed(self, items: list, name: str) -> HttpResponse:
        """One page of what was computed as a whole."""
        page = sliced(items, name, self.request.query_params)
        return self.page(page, page.rows)

    def page(self, page: Page, results: list, **more: Any) -> HttpResponse:
        """One page of a list, with its neighbours in the body and in `Link`."""
        links = {
            "next": address(self.request, page.next),
            "previous": address(self.request, page.previous),
        }
        header = link_header(self.request, page)
        headers = {"Link": header} if header else {}
        return json_response({"results": results, **links, **more}, headers=headers)

    def tagged(self, row: type[TaggedRow], rows, *, names: tuple[str, ...] | None = None):
        """The same as an answer, with the tag that a change has to name; `etag` is a member."""
        whole = self.single(row, rows)
        said = {name: whole[name] for name in names or row.usual()}
        return json_response(said, headers={"ETag": whole["etag"]})

    def made(self, data: dict, address: str) -> HttpResponse:
        """201 with what was made, where it is, and its tag if it has one."""
        headers = {"Location": address}
        if data.get("etag"):
            headers["ETag"] = data["etag"]
        return json_response(data, status=201, headers=headers)
