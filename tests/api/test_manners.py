"""The manners of every address of the API, by walking its document: nothing is forgotten."""

import re

import pytest
from django.db import transaction

from portal.accounts.models import Token

from .documents import ADDRESSES, document, operations, resolved, texts
from .test_schema import filled

pytestmark = pytest.mark.django_db

DOCUMENT = document()
EVERY = list(operations(DOCUMENT))
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:")
ONE_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
FILES = ("/media/{name}/", "/videos/{name}/")


def is_file(path: str) -> bool:
    return path.endswith(FILES)


@pytest.fixture
def send(world, unlimited, client, olga):
    """Send something to an operation of the document, at an address that exists; it is undone."""
    _, token = Token.objects.issue(olga, "manners", ["read", "write"], days=1)

    def send(method: str, path: str, query: str = "", slash=True, **named):
        address = filled(path)
        address = address if slash else address.removesuffix("/")
        headers = {"Authorization": f"Bearer {token}", **named.pop("headers", {})}
        with transaction.atomic():
            answer = getattr(client, method)(f"{address}{query}", headers=headers, **named)
            if answer.streaming:
                list(answer)
            transaction.set_rollback(True)
        return answer

    return send


def body_of(operation: dict) -> str:
    """The media type of the body that an operation takes first; empty if it takes none."""
    return next(iter(operation.get("requestBody", {}).get("content", {})), "")


def sent(method: str, operation: dict, member: str) -> dict:
    if method == "get":
        return {}
    if body_of(operation) == "multipart/form-data":
        return {"data": {member: "1"}}
    return {"data": {member: 1}, "content_type": "application/json"}


def pointers(answer) -> set[str]:
    return {error["pointer"] for error in answer.json().get("errors", [])}


def test_there_are_as_many_operations_as_we_think():
    assert len(EVERY) > 100


def test_an_unknown_name_in_the_address_is_refused_everywhere(send):
    for path, method, operation in EVERY:
        more = {"headers": {"X-Request-ID": "a-request-1"}, **sent(method, operation, "x")}
        answer = send(method, path, "?surprise=1", **more)
        assert answer["X-Request-ID"] == answer.json()["request_id"] == "a-request-1", path
        found = (answer.status_code, pointers(answer))
        assert found == (400, {"/surprise"}), f"{method} {path} {answer.content}"


def test_the_nearest_known_name_is_told(send):
    for path, method, operation in EVERY:
        named = {each.get("name") for each in operation.get("parameters", [])}
        if "limit" in named:
            detail = send(method, path, "?limt=1").json()["detail"]
            assert "Did you mean “limit”?" in detail, f"{path}: {detail}"


def test_an_unknown_member_of_a_body_is_refused_everywhere(send):
    for path, method, operation in EVERY:
        if method in ("post", "put", "patch"):
            more = sent(method, operation, "surprise")
            answer = send(method, path, headers={"If-Match": "*"}, **more)
            assert answer.status_code == 400, f"{method} {path} {answer.content}"
            assert "/surprise" in pointers(answer), f"{method} {path} {answer.content}"


def test_a_value_of_another_type_is_refused_everywhere(send):
    wrong, seen = {"boolean": "yes", "integer": "2", "string": 7}, 0
    for path, method, operation in EVERY:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        members = resolved(DOCUMENT, content.get("schema", {})).get("properties", {})
        body = {
            name: wrong[member["type"]]
            for name, member in members.items()
            if member.get("type") in wrong and "enum" not in member
        }
        if body:
            named = {"data": body, "content_type": "application/json"}
            answer = send(method, path, headers={"If-Match": "*"}, **named)
            found = (answer.status_code, pointers(answer))
            assert found == (400, {f"/{name}" for name in body}), f"{path} {answer.content}"
            seen += 1
    assert seen > 20


def test_a_missing_last_slash_loses_nothing(send):
    for path, method, operation in EVERY:
        headers = {"If-Match": "*", "Accept": "*/*"}
        more = {"headers": headers, **sent(method, operation, "surprise")}
        status = send(method, path, slash=False, **more).status_code
        if is_file(path):
            assert status in (200, 404), path
            continue
        if method == "delete":
            assert status in (204, 409), path  # it is reached; what others need is not deleted
            continue
        assert status == (200 if method == "get" else 400), path


def test_an_address_that_leads_nowhere_is_a_problem_with_or_without_a_slash(client):
    for path in ("/api/v1/nowhere", "/api/v1/nowhere/", "/api/v1/runbooks/a/nowhere"):
        answer = client.post(path, data={}, content_type="application/json")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "/api/problems/not-found"


def test_what_exists_is_not_made_under_if_none_match(send):
    for path, method, operation in EVERY:
        if method != "get":
            body = {"data": {"name": "X"}, "content_type": "application/json"}
            more = body if method == "put" else sent(method, operation, "surprise")
            if method in ("patch", "delete"):
                more = {} if method == "delete" else {**body, "data": {}}
            headers = {"If-None-Match": "*", "If-Match": "*"}
            answer = send(method, path, headers=headers, **more)
            assert answer.status_code == 412, f"{method} {path} {answer.content}"


def test_if_match_on_what_is_missing_makes_nothing(send, olga, api):
    """Of what has a name; quiet hours always are something."""
    puts = [path for path, method, _ in EVERY if method == "put" and "{slug}" in path]

    assert len(puts) == 3
    for path in puts:
        for tag in ("*", '"abc"'):
            answer = api(olga).put(
                path.format(slug="new-one"),
                data={"name": "New"},
                content_type="application/json",
                headers={"If-Match": tag},
            )
            assert answer.status_code == 412, path
            assert api(olga).get(path.format(slug="new-one")).status_code == 404


def test_no_answer_is_a_bare_list():
    for path, method, operation in EVERY:
        for status, answer in operation["responses"].items():
            content = resolved(DOCUMENT, answer).get("content", {}).get("application/json", {})
            schema = resolved(DOCUMENT, content.get("schema", {}))
            assert schema.get("type") != "array", f"{method} {path} {status}"


def pages():
    return [
        path
        for path, method, operation in EVERY
        if method == "get"
        and "limit" in {each.get("name") for each in operation.get("parameters", [])}
        and path != "/api/v1/search/"
    ]


def test_every_list_is_an_envelope_with_one_limit(send):
    assert len(pages()) > 25
    for path in pages():
        answer = send("get", path, "?limit=1")
        assert answer.status_code == 200, f"{path} {answer.content}"
        page = answer.json()
        assert list(page)[:3] == ["results", "next", "previous"], path
        assert len(page["results"]) <= 1
        assert send("get", path, "?limit=201").status_code == 400, path
        if page["next"]:
            assert page["next"].startswith("http"), path
            following = send("get", page["next"].removeprefix("http://testserver"))
            assert following.status_code == 200
            assert following.json()["previous"], path


def test_every_answer_has_one_form_of_time_and_absolute_addresses(send):
    for path, method, _ in EVERY:
        if method == "get" and not is_file(path):
            answer = send("get", path)
            assert answer.status_code == 200, f"{path} {answer.content}"
            if answer["Content-Type"] != "application/json":
                continue
            for name, text in texts(answer.json()):
                if TIME.match(text):
                    assert ONE_FORM.fullmatch(text), f"{path} {name} {text}"
                if name in ADDRESSES and text:
                    assert text.startswith("http"), f"{path} {name} {text}"
