from contextlib import suppress

import pytest
from rest_framework.exceptions import ParseError, ValidationError

from portal.core.api.parsers import DEEPEST, MOST_BYTES, JSONParser, parsed
from portal.core.problems import TooLarge


def test_it_reads_an_object():
    assert parsed('{"title": "Größe", "numbers": [1, 2.5, null]}'.encode()) == {
        "title": "Größe",
        "numbers": [1, 2.5, None],
    }


def test_a_byte_order_mark_is_forgiven():
    assert parsed(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} {"b": 2}',
        b'{"a": "\x00"}',
        '{"a": 1}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_is_refused(body):
    with pytest.raises(ParseError):
        parsed(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"', b"true"])
def test_only_objects_are_taken(body):
    with pytest.raises(ValidationError, match="object"):
        parsed(body)


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 2}', b'{"list": [{"a": 1, "\\u0061": 2}]}'])
def test_a_name_that_occurs_twice_is_refused(body):
    with pytest.raises(ParseError, match="“a” occurs twice"):
        parsed(body)


@pytest.mark.parametrize("number", ["9" * 4_400, "-" + "9" * 4_400, "1" + "0" * 4_400 + "." + "1"])
def test_numbers_of_thousands_of_digits_are_read_or_refused(number):
    with suppress(ParseError):
        parsed(b'{"based_on": %s}' % number.encode())


def test_depth_is_bounded():
    def nested(levels):
        return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

    assert parsed(nested(DEEPEST))
    with pytest.raises(ParseError, match="deeper than 32"):
        parsed(nested(DEEPEST + 1))
    with pytest.raises(ParseError):
        parsed(nested(1000))


def test_size_is_bounded():
    with pytest.raises(TooLarge, match="1,048,576"):
        parsed(b'{"a": "' + b"x" * MOST_BYTES + b'"}')


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "bz2_codec"])
def test_another_charset_is_refused(charset):
    with pytest.raises(ParseError, match="UTF-8"):
        JSONParser().parse(None, "application/json", {"encoding": charset})
