"""Strict JSON: one object, bounded in size and depth, and a clear answer to what cannot be read."""

import codecs
import json
from collections import Counter

import orjson
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from portal.core.problems import TooLarge

MOST_BYTES = 1024 * 1024
DEEPEST = 32
CHARSETS = {"utf-8", "utf8"}


class JSONParser(BaseParser):
    """Reads an object of at most 1 MiB and 32 levels; a name may occur once in each object.

    orjson refuses NaN, infinities, lone surrogates and what is not UTF-8.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        charset = str((parser_context or {}).get("encoding", "utf-8"))
        if charset.lower() not in CHARSETS:
            raise ParseError("JSON is sent as UTF-8, without another charset (RFC 8259).")
        return parsed(stream.read(MOST_BYTES + 1))


def parsed(body: bytes) -> dict:
    """The object in a body. Raises TooLarge (413), ParseError or ValidationError (400)."""
    if len(body) > MOST_BYTES:
        raise TooLarge(f"The body is larger than {MOST_BYTES:,} bytes. Send less at a time.")
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"This is no valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise ValidationError("Send a JSON object: {…}.")
    _refuse_depth(data)
    # orjson keeps the last silently; numbers, of whatever length, are not made here
    json.loads(body, object_pairs_hook=_without_duplicates, parse_int=str, parse_float=str)
    return data


def _refuse_depth(data: dict) -> None:
    level = [data]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise ParseError(f"The JSON is nested deeper than {DEEPEST} levels.")


def _children(parent) -> list:
    values = parent.values() if isinstance(parent, dict) else parent
    return [value for value in values if isinstance(value, dict | list)]


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ParseError(f"The member “{twice[:80]}” occurs twice in one object.")
    return found
