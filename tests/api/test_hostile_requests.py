"""Requests that no client sends by mistake: each is told what is wrong; never a 500."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HUGE = "9" * 400
LISTS = "/api/v1/runbooks/"
ADDRESSES = [
    *(LISTS + quote(name) + "/" for name in ("ü", "a b", "%00", "%ff", "a" * 5000, "..", "\u202e")),
    f"{LISTS}disk-fills-up/versions/{HUGE}/",
    f"{LISTS}disk-fills-up/versions/9223372036854775808/",
    f"{LISTS}disk-fills-up/versions/0/",
    f"{LISTS}disk-fills-up/versions/-1/",
    f"{LISTS}disk-fills-up/compare/{HUGE}/{HUGE}/",
    f"{LISTS}disk%00/",
    f"{LISTS}%ed%a0%80/",
    "/api/v1/alerts/%00/",
    "/api/v1/alerts/%ff%fe/",
    "/api/v1/alerts/%ed%a0%80/",
    f"/api/v1/alerts/{'a' * 5000}/",
    "/api/v1/alerts/a/b/../c/",
]
BAD = ["%00", "%ff", "%ed%a0%80", "%F0%9F%92%A9", HUGE, "-1", "a" * 5000, "'%22;--", "%25", "[]"]
PARAMETERS = ["search", "cursor", "limit", "order", "state", "section", "owner", "alert", "fields"]
HEADERS = {
    "If-None-Match": ['"', "W/", "*", "\xff", '"a' * 3000, "é"],
    "Accept": ["", ";;;", "*/*;q=x", "a/b" * 3000, "text/markdown;q=nan", "\xff/\xfe"],
    "Authorization": ["", "Bearer", "Bearer  ", "Basic x", "Bearer \xff", "Bearer " + "a" * 8000],
    "X-Request-ID": ["", "\xff", "a" * 5000, "<script>"],
    "Host": ["evil.example", "a b", "127.0.0.1:99999999", "[::"],
    "Content-Length": ["x", "-1"],
}


@pytest.fixture
def program(world, unlimited, bearer, paul):
    client = bearer(paul)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_odd_addresses_are_not_found(program, address):
    answer = program.get(address)

    assert answer.status_code in (200, 400, 404)
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", PARAMETERS)
def test_odd_parameters_find_nothing_or_are_told(program, name):
    for value in BAD:
        answer = program.get(f"{LISTS}?{name}={value}")
        assert answer.status_code in (200, 400), value


@pytest.mark.parametrize("value", BAD)
def test_odd_searches_find_nothing_or_are_told(program, value):
    for name in ("q", "section", "kind", "owner", "service", "limit"):
        answer = program.get(f"/api/v1/search/?q=disk&{name}={value}")
        assert answer.status_code in (200, 400), name


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers_are_told(program, name):
    for value in HEADERS[name]:
        answer = program.get(f"{LISTS}disk-fills-up/", headers={name: value})
        assert answer.status_code in (200, 304, 400, 401, 406), value


@pytest.mark.parametrize("sent", ["short", "a" * 65, "request-1 <script>", "request-1\tx"])
def test_what_is_no_request_id_is_not_repeated(program, sent):
    answer = program.get(LISTS, headers={"X-Request-ID": sent})

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.parametrize("tag", ['"', "x", '"v-1-0"', f'"v{HUGE}-0"', "\xff", '"v1-"' * 2000])
def test_odd_conditions_of_a_write_are_told(program, tag):
    answer = program.post(
        f"{LISTS}disk-fills-up/versions/",
        {"text": "x"},
        content_type="application/json",
        headers={"If-Match": tag},
    )
    assert answer.status_code in (400, 412)


@pytest.mark.parametrize("key", ["\xff", "\x7f", "a" * 200, "a" * 201, "é" * 100, " "])
def test_odd_keys_of_a_repeat_are_taken_or_told(program, key):
    for _ in range(2):
        answer = program.post(
            LISTS,
            {"title": "Once"},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code in (201, 400)


BODIES = [
    b"",
    b"null",
    b'"text"',
    b'{"title": "\\ud800"}',
    b'{"title": "a\\u0000b"}',
    b'{"title": "x", "text": "\\ud800"}',
    b'{"title": "x", "review_days": 1e400}',
    b'{"title": "x", "review_days": 99999999999999999999}',
    b'{"title": "x", "alerts": ["a", "a", {"b": 1}]}',
    b'{"title": "x", "alerts": ["' + b"a" * 5000 + b'"]}',
    b'{"title": "x", "owner": {"slug": "y"}}',
    b'{"title": "x", "owner": "a\\u0000"}',
    b'{"title": "x", "services": "orders"}',
    b'{"title": "x", "services": ["\\u0000"]}',
    b'{"title": "x", "note": "\\u0000"}',
    b'{"title": "x", "slug": "\\u0000"}',
    b'{"title": "\\u200b\\u202e"}',
    b'{"title": "x", "__proto__": {"a": 1}}',
]


@pytest.mark.parametrize("body", BODIES)
def test_odd_bodies_are_taken_or_told(program, body):
    answer = program.post(LISTS, body, content_type="application/json")

    assert answer.status_code in (201, 400)


def test_nobody_learns_anything(world):
    for address in ADDRESSES[8:12]:
        assert Client(raise_request_exception=False).get(address).status_code in (401, 404)
