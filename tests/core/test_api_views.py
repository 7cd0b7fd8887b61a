import json
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from portal.core.api import views
from portal.core.api.deprecation import Deprecation
from portal.core.api.ratelimit import Limiter
from portal.core.api.renderers import HTMLRenderer, JSONRenderer, MarkdownRenderer, json_response
from portal.core.api.views import ApiView

NOW = '"v17-1a2b3c4d"'


class Things(ApiView):
    """Read and change things."""

    area = "things"
    permissions = {"GET": "things.view_thing", "POST": "things.change_thing"}
    renderer_classes = (JSONRenderer, MarkdownRenderer, HTMLRenderer)
    read = 0

    def current_etag(self):
        return NOW

    def get(self, request):
        type(self).read += 1
        if request.accepted_media_type == "text/markdown":
            return HttpResponse("# It", content_type="text/markdown", headers={"ETag": NOW})
        return json_response({"name": "It"}, headers={"ETag": NOW})

    def post(self, request):
        return json_response({"sent": request.data}, status=201)


class Answers(ApiView):
    """A view in the usual manner of DRF, without a tag of its own."""

    permissions = {"GET": "signed-in"}

    def get(self, request):
        return Response({"at": datetime(2026, 1, 2, tzinfo=UTC)}, headers={"Link": "</x>"})


class Breaks(ApiView):
    permissions = {"GET": "signed-in"}

    def get(self, request):
        raise ZeroDivisionError("secret")


class Refusing(BaseAuthentication):
    def authenticate(self, request):
        if "HTTP_AUTHORIZATION" in request.META:
            raise AuthenticationFailed("The token is unknown.")

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class Unknown(Things):
    authentication_classes = (Refusing,)


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def test_it_answers(ask):
    response = ask(Things)

    assert json.loads(response.content) == {"name": "It"}
    assert response["ETag"] == NOW
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Accept, Authorization, Cookie"
    assert response["RateLimit-Policy"] == '"default";q=600;w=60'
    assert response["RateLimit"] == '"default";r=599;t=60'


# Who may


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD", "DELETE"])
def test_without_sign_in_there_is_only_401(method):
    response = Unknown.as_view()(APIRequestFactory().generic(method, "/api/things/"))

    assert problem(response)["status"] == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_reading_needs_a_permission_too(ask, person):
    response = ask(Things, person=person())

    assert problem(response)["detail"] == "Your role lacks the permission things.view_thing."


def test_a_permission_to_read_is_none_to_write(ask, person):
    reader = person("things.view_thing")

    assert ask(Things, person=reader).status_code == 200
    assert ask(Things, "POST", person=reader).status_code == 403


@pytest.mark.parametrize(
    ("scopes", "reading", "writing"),
    [
        ([], 403, 403),
        (["things:read"], 200, 403),
        (["things:read", "things:write"], 200, 201),
        (["others:read", "others:write"], 403, 403),
    ],
)
def test_a_token_opens_its_scopes_only(ask, key, scopes, reading, writing):
    assert ask(Things, token=key(*scopes)).status_code == reading
    assert ask(Things, "POST", token=key(*scopes), body=b"{}").status_code == writing


def test_a_token_gives_no_more_than_its_owner_may(ask, key, person):
    wide = key("things:read", "things:write")

    assert ask(Things, token=wide, person=person()).status_code == 403


def test_a_view_that_names_no_permission_answers_nobody(ask):
    class Forgotten(ApiView):
        def get(self, request):
            return json_response({"secret": 1})

    assert ask(Forgotten).status_code == 405


# Malformed requests


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_an_unknown_method_is_405_with_the_known_ones(ask, method):
    response = ask(Things, method)

    assert problem(response)["status"] == 405
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_options_names_the_methods(ask):
    response = ask(Things, "OPTIONS")

    assert (response.status_code, response["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


def test_what_cannot_be_given_is_406(ask):
    assert problem(ask(Things, headers={"accept": "image/png"}))["status"] == 406


@pytest.mark.parametrize("path", ["/api/things/?q=%00", "/api/things/%00"])
def test_nul_in_the_address_is_400(ask, path):
    assert problem(ask(Things, path=path))["status"] == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"a": NaN}', 400), (b'"' + b"x" * 1024 * 1025 + b'"', 413)],
)
def test_a_body_that_cannot_be_read_is_refused(ask, body, status):
    assert problem(ask(Things, "POST", body=body))["status"] == status


@pytest.mark.parametrize("kind", ["text/xml", "application/x-www-form-urlencoded", "", "x" * 999])
def test_a_body_of_another_kind_is_415(ask, kind):
    assert problem(ask(Things, "POST", body=b"a=1", content_type=kind))["status"] == 415


def test_a_wrong_length_is_no_500(ask):
    assert ask(Things, "POST", body=b"{}", CONTENT_LENGTH="nonsense").status_code < 500


@pytest.mark.parametrize("debug", [True, False])
def test_our_mistake_is_a_problem_without_secrets(ask, settings, debug):
    settings.DEBUG = debug

    answer = problem(ask(Breaks))

    assert answer["status"] == 500
    assert "secret" not in str(answer)


# Representations and conditions


def test_each_representation_has_a_strong_tag_of_its_own(ask):
    response = ask(Things, headers={"accept": "text/markdown"})

    assert response.content == b"# It"
    assert response["ETag"] == '"v17-1a2b3c4d.markdown"'
    as_json = ask(Things, headers={"if-none-match": response["ETag"]})
    assert as_json.status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("header", [NOW, f"W/{NOW}", f'"x", {NOW}', "*"])
def test_unchanged_is_304_before_anything_is_read(ask, method, header):
    before = Things.read
    response = ask(Things, method, headers={"if-none-match": header})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == NOW
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Accept, Authorization, Cookie"
    assert "Content-Type" not in response
    assert Things.read == before


def test_304_needs_the_permission_too(ask, person):
    assert ask(Things, person=person(), headers={"if-none-match": NOW}).status_code == 403


def test_a_write_is_never_304(ask):
    assert ask(Things, "POST", body=b"{}", headers={"if-none-match": NOW}).status_code == 201
    assert ask(Things, "POST", body=b"{}", headers={"if-none-match": "*"}).status_code == 412


def test_an_answer_without_a_version_gets_a_tag_of_its_content(ask):
    first = ask(Answers)

    assert json.loads(first.content) == {"at": "2026-01-02T00:00:00Z"}
    assert ask(Answers)["ETag"] == first["ETag"]
    assert ask(Answers, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert ask(Answers, headers={"if-none-match": '"other"'}).status_code == 200


# Limits


def test_above_the_limit_is_429(ask, monkeypatch):
    monkeypatch.setattr(views, "requests", Limiter("default", 1))
    ask(Things)
    refused = ask(Things)

    assert problem(refused)["status"] == 429
    assert refused["RateLimit"] == '"default";r=0;t=60'
    assert refused["Retry-After"] == "60"


def test_tokens_are_counted_apart_from_people(ask, key, monkeypatch):
    monkeypatch.setattr(views, "requests", Limiter("default", 1))
    ask(Things)

    assert ask(Things, token=key("things:read")).status_code == 200


def test_failing_tokens_are_limited_by_address():
    def guess(address):
        factory = APIRequestFactory(REMOTE_ADDR=address, HTTP_AUTHORIZATION="Bearer guess")
        return Unknown.as_view()(factory.get("/api/things/"))

    statuses = [guess("192.0.2.1").status_code for _ in range(31)]

    assert statuses == [401] * 30 + [429]
    assert "Retry-After" in guess("192.0.2.1")
    assert guess("192.0.2.2").status_code == 401


# Retirement


class Leaving(Answers):
    deprecation = Deprecation(
        since=datetime(2026, 1, 1, tzinfo=UTC),
        sunset=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        successor="/api/v2/answers/",
        policy="/api/changes/",
    )


def test_a_route_that_will_go_says_so_and_keeps_its_other_links(ask):
    response = ask(Leaving)

    assert response["Deprecation"] == "@1767225600"
    assert response["Sunset"] == "Thu, 31 Dec 2026 23:59:59 GMT"
    assert response["Link"] == (
        '</x>, </api/v2/answers/>; rel="successor-version", </api/changes/>; rel="deprecation"'
    )


def test_other_routes_say_nothing_of_it(ask):
    assert "Deprecation" not in ask(Answers)
    assert "Sunset" not in ask(Answers)
