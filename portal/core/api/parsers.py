"""Strict JSON: bounded, no NaN, and a clear answer to what cannot be read."""

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from portal.core.problems import TooLarge

MOST_BYTES = 1024 * 1024


class JSONParser(BaseParser):
    """Reads at most 1 MiB. orjson refuses NaN, infinities, lone surrogates and deep nesting."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(f"The body is larger than {MOST_BYTES:,} bytes. Send less at a time.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"This is no valid JSON: {error}.") from error
