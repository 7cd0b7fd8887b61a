"""The search for programs."""

from collections.abc import Iterable

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError

from portal.core.api import pagination
from portal.core.api.filters import choices, texts
from portal.core.api.parameters import LIMIT
from portal.core.api.renderers import json_response
from portal.core.api.views import ApiView
from portal.core.data.nearest import nearest
from portal.core.web.address import absolute
from portal.search import registry
from portal.search.query import Found, find
from portal.search.registry import Filter

from . import serializers
from .hits import Hit, shown

MEMBERS = {"service": "services", "guide": "guides", "question": "questions"}


def _query(name: str, about: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, description=about, **more)


def _narrowing(name: str, about: str, values: Iterable[str]) -> OpenApiParameter:
    return _query(name, f"{about}; may be repeated.", many=True, enum=list(values) or None)


# the routes are read when every app has said what it offers
PARAMETERS = [
    _query("q", "What to look for."),
    _narrowing("type", "Only results of this type", [kind.name for kind in registry.kinds()]),
    *(_narrowing(each.name, each.about, each.values) for each in registry.filters()),
    LIMIT,
]


class SearchResults(ApiView):
    """Everything that the scopes of the token and the role of the person let one read."""

    permissions = {"GET": "signed-in"}

    def permit(self, request) -> None:
        """Any area will do: of the others nothing is found."""
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            self.http_method_not_allowed(request)
        self.kinds = registry.kinds_for(request.user, token=request.auth)
        if request.method == "GET" and not self.kinds:
            raise PermissionDenied("Your token or your role allows nothing that could be found.")

    @extend_schema(
        operation_id="search", parameters=PARAMETERS, responses=serializers.ResultsSerializer
    )
    def get(self, request):
        """What has all words, of all types, the best first; forgives parts of words and typos."""
        params = request.query_params
        limit = pagination.limit_of(params)
        filters = {each.name: _values(params, each) for each in registry.filters()}
        found = find(params.get("q", ""), user=request.user, kinds=self._asked(), filters=filters)
        return json_response(_answer(found, limit))

    def _asked(self) -> list[str]:
        """The types that are asked for and allowed. Raises ValidationError for unknown ones."""
        known = [kind.name for kind in registry.kinds()]
        asked = choices(self.request.query_params, "type", known)
        self._require(asked)
        return [kind.name for kind in self.kinds if not asked or kind.name in asked]

    def _require(self, asked: list[str]) -> None:
        """A type that one may not read is refused: nothing found would say that there is none."""
        token = self.request.auth
        for kind in map(registry.kind, asked):
            if kind not in self.kinds and token and not token.allows(kind.area, write=False):
                raise PermissionDenied(f"The token lacks the scope {kind.area}:read.")
            if kind not in self.kinds:
                raise PermissionDenied(f"Your role lacks the permission {kind.permission}.")


def _values(params, asked: Filter) -> list[str]:
    if asked.values:
        return choices(params, asked.name, asked.values)
    values = texts(params, asked.name)
    known = [value for value, _ in asked.choices()] if values else []
    for value in set(values).difference(known):
        said = f"There is no {asked.label.lower()} “{value}”.{nearest(value, known)}"
        raise ValidationError({asked.name: said})
    return values


def _answer(found: Found, limit: int) -> dict:
    best = found.matches[:limit]
    of_kind = {
        name: [match for match in found.matches if match.kind == name][:limit] for name in MEMBERS
    }
    wanted = {match.entry: match for rows in (best, *of_kind.values()) for match in rows}
    hits = {(hit.kind.name, hit.key): hit for hit in shown(list(wanted.values()), found.terms)}
    return {
        "total": len(found.matches),
        "corrected": found.corrected,
        "types": found.counts,
        "results": [_row(hits[match.kind, match.key]) for match in best],
        **{
            MEMBERS[name]: [_short(hits[match.kind, match.key]) for match in rows]
            for name, rows in of_kind.items()
        },
    }


def _row(hit: Hit) -> dict:
    marked = "".join(f"**{text}**" if is_match else text for text, is_match in hit.excerpt)
    more = {"excerpt": marked, "score": hit.score}
    return {"type": hit.kind.name, **_short(hit), **more, **hit.facts}


def _short(hit: Hit) -> dict:
    return {"slug": hit.slug, "title": hit.title, "line": hit.line, "url": absolute(hit.address)}
