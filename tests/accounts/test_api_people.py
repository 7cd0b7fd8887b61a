"""Whom a program may name: people by user name, for those who may hand over runs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team, User
from tests.conftest import make_person
from tests.runbooks.conftest import bearer  # noqa: F401

pytestmark = pytest.mark.django_db
PEOPLE = "/api/v1/people/"


@pytest.fixture
def program(rita, bearer):  # noqa: F811
    return bearer(rita, "accounts:read")


def listed(program, **asked) -> list[dict]:
    answer = program.get(PEOPLE, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_people_are_named_with_role_and_teams_and_without_addresses(program, rita, nina, paul):
    for slug in ("web", "db"):
        Team.objects.create(slug=slug, name=slug).members.add(rita)
    User.objects.filter(pk=paul.pk).update(is_active=False)

    found = listed(program)
    assert [row["user"] for row in found] == ["nina", "rita"]
    wanted = {"user_name": "Rita Responder", "role": "responder", "teams": ["db", "web"]}
    assert found[1] == {"user": "rita", **wanted}
    assert "@" not in str(found)


def test_who_may_lead_a_run_is_asked_for_by_permission(program, rita, nina, paul):
    assert [row["user"] for row in listed(program, permission="runbooks.change_run")] == [
        "paul",
        "rita",
    ]
    either = ["runbooks.view_run", "runbooks.publish_version"]
    assert len(listed(program, permission=either)) == 3

    refused = program.get(PEOPLE, {"permission": "runbooks.change_runs"})
    assert refused.status_code == 400
    assert "Did you mean “runbooks.change_run”?" in refused.json()["errors"][0]["detail"]


def test_who_may_hand_over_nothing_sees_nobody(nina, rita, bearer):  # noqa: F811
    assert bearer(nina).get(PEOPLE).status_code == 403
    assert bearer(rita, "runbooks:read").get(PEOPLE).status_code == 403


def test_it_is_a_list_of_pages_that_asks_as_often_for_many(program, nina):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(program)
        return len(queries)

    listed(program)
    few = asked()
    for number in range(8):
        make_person(f"person{number}", "author")
    assert asked() == few
    page = program.get(PEOPLE, {"limit": 3, "fields": "user"}).json()
    assert [row["user"] for row in page["results"]] == ["nina", "person0", "person1"]
    assert page["next"]
