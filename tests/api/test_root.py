"""Where everything is, who one is, and what a problem means."""

from html import unescape

import pytest

from portal.accounts.models import Team, Token
from portal.core.api.problem_types import OF_FRAMEWORK, meaning_of
from portal.core.problems import DomainError

pytestmark = pytest.mark.django_db


def test_the_first_address_lists_all_others(api, nina):
    answer = api(nina, "runbooks:read").get("/api/v1/")

    found = answer.json()
    assert answer.status_code == 200
    assert found["schema"] == "http://127.0.0.1/api/schema/"
    assert found["addresses"]["runbooks"] == "http://127.0.0.1/api/v1/runbooks/"
    assert found["addresses"]["run"] == "http://127.0.0.1/api/v1/runs/{id}/"
    assert found["addresses"]["root"] == "http://127.0.0.1/api/v1/"


def test_a_program_learns_who_it_is(api, alice):
    Team.objects.create(slug="db", name="Databases").members.add(alice)
    found = api(alice, "architecture:read").get("/api/v1/me/").json()

    assert (found["user"], found["user_name"], found["role"]) == ("alice", "Alice Author", "author")
    assert found["teams"] == ["db"]
    assert "runbooks.change_runbook" in found["permissions"]
    token = Token.objects.get()
    assert found["token"]["scopes"] == ["architecture:read"]
    assert found["token"]["expires_at"] == token.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found["limits"]["largest_page"] == 200
    assert token.digest not in str(found)


def test_a_browser_has_no_token(client_of, nina, client):
    assert client_of(nina).get("/api/v1/me/").json()["token"] is None
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/").status_code == 401


def codes(base=DomainError):
    yield base.code
    for kind in base.__subclasses__():
        yield from codes(kind)


@pytest.mark.parametrize("code", sorted({*codes(), *OF_FRAMEWORK}))
def test_every_type_of_problem_has_an_address_for_everybody(client, api, nina, code):
    for program in (client, api(nina)):
        answer = program.get(f"/api/problems/{code}", headers={"Accept": "application/json"})
        assert answer.status_code == 200
        assert answer.json()["type"] == f"/api/problems/{code}"
        assert answer.json()["title"]
        assert answer.json()["detail"]
    page = client.get(f"/api/problems/{code}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page["Content-Type"].startswith("text/html")
    assert meaning_of(code)["title"] in unescape(page.content.decode())


def test_a_problem_that_really_comes_has_an_address(client, api, nina):
    client_of = api(nina)
    for answer in (
        client.get("/api/v1/me/"),
        client_of.get("/api/v1/runbooks/nowhere/"),
        client_of.get("/api/v1/runbooks/?limit=x"),
        client_of.post("/api/v1/runbooks/", data={}, content_type="application/json"),
        client_of.delete("/api/v1/runbooks/"),
        client_of.get("/api/v1/runbooks/", headers={"Accept": "image/png"}),
    ):
        assert client.get(answer.json()["type"]).status_code == 200, answer.content


def test_an_unknown_type_is_not_found(client):
    assert client.get("/api/problems/nothing").status_code == 404
