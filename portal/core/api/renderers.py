"""How answers are written. JSON by orjson; text of documents as itself."""

import orjson
from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_OMIT_MICROSECONDS


def dumps(data) -> bytes:
    """Compact UTF-8 JSON; times in UTC with a Z."""
    return orjson.dumps(data, default=str, option=OPTIONS)


def json_response(data, *, status: int = 200, headers=None) -> HttpResponse:
    return HttpResponse(
        dumps(data), status=status, content_type="application/json", headers=headers
    )


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return b"" if data is None else dumps(data)


class TextRenderer(BaseRenderer):
    """For content negotiation only: such views answer with the text themselves."""

    charset = "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return data


class MarkdownRenderer(TextRenderer):
    media_type = "text/markdown"
    format = "markdown"


class CSVRenderer(TextRenderer):
    media_type = "text/csv"
    format = "csv"


class SVGRenderer(TextRenderer):
    media_type = "image/svg+xml"
    format = "svg"


class HTMLRenderer(TextRenderer):
    media_type = "text/html"
    format = "html"


class FileRenderer(TextRenderer):
    """A file has one form and one tag: its own."""

    format = "file"
