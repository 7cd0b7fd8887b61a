"""The OpenAPI document as it is served: made once in each process, with an entity tag."""

from functools import cache

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from . import etags
from .views import CACHE, VARY


class Document(SpectacularAPIView):
    """The same for everybody who may sign in; as JSON or YAML by Accept."""

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        renderer = request.accepted_renderer
        content, etag = rendered(type(renderer))
        headers = {"ETag": etag, "Cache-Control": CACHE, "Vary": VARY}
        if etags.is_unchanged(request, etag):
            return HttpResponseNotModified(headers=headers)
        headers["Content-Disposition"] = f'inline; filename="ops-portal-api.{renderer.format}"'
        content_type = f"{renderer.media_type}; charset=utf-8"
        return HttpResponse(content, content_type=content_type, headers=headers)


@cache
def rendered(renderer: type) -> tuple[bytes, str]:
    """The document in one format, and its tag."""
    content = renderer().render(SchemaGenerator().get_schema(request=None, public=True))
    return content, etags.of_content(content)
