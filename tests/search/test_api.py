"""The search for programs: one list of all types, within the scopes of the token."""

import pytest

from onboarding.models import Question
from portal.architecture.models import Service
from portal.core.web.address import absolute

pytestmark = pytest.mark.django_db
URL = "/api/v1/search/"


@pytest.fixture
def shelf(disk, published):
    Service.objects.create(slug="disk", name="Disk array", description="Keeps files.")
    Question(slug="disk").write(topic="Disks", question="Which disk?", answer="The *first*.")


def test_it_answers_results_of_all_types_and_how_many_there_are(shelf, api, nina):
    answer = api(nina).get(f"{URL}?q=disk").json()

    assert answer["total"] == 3 and answer["corrected"] is None
    assert answer["types"] == {"runbook": 1, "service": 1, "question": 1}
    rows = {row["type"]: row for row in answer["results"]}
    assert rows["service"] == {
        "type": "service",
        "slug": "disk",
        "title": "Disk array",
        "line": "Keeps files.",
        "url": absolute("/services/disk/"),
        "excerpt": "Keeps files.",
        "score": rows["service"]["score"],
    }
    assert (rows["runbook"]["section"], rows["runbook"]["kind"]) == ("runbooks", "troubleshooting")
    assert rows["question"]["url"] == absolute("/guides/questions/?question=disk#disk")
    assert [row["slug"] for row in answer["services"]] == ["disk"]
    assert [row["line"] for row in answer["questions"]] == ["Disks"]
    assert answer["guides"] == []


@pytest.mark.parametrize(
    ("asked", "types"),
    [
        ("type=service", {"service"}),
        ("type=service&type=question", {"service", "question"}),
        ("kind=troubleshooting", {"runbook"}),
        ("kind=rollback", set()),
        ("service=disk", {"service"}),
        ("type=question&service=disk", set()),
    ],
)
def test_it_narrows(shelf, api, nina, asked, types):
    assert set(api(nina).get(f"{URL}?q=disk&{asked}").json()["types"]) == types


def test_a_type_that_the_token_may_not_read_is_refused_with_the_scope(shelf, bearer, nina):
    client = bearer(nina, "runbooks:read")

    assert client.get(f"{URL}?q=disk").json()["types"] == {"runbook": 1}
    refused = client.get(f"{URL}?q=disk&type=service")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "The token lacks the scope architecture:read."


def test_an_unknown_type_is_refused(shelf, api, nina):
    answer = api(nina).get(f"{URL}?q=disk&type=film")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/type"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("kind=deploymnt", "deployment"), ("section=runboks", "runbooks"), ("type=guid", "guide")],
)
def test_a_word_that_a_filter_does_not_know_is_refused(api, nina, asked, meant):
    answer = api(nina).get(f"{URL}?q=disk&{asked}")

    assert answer.status_code == 400
    assert f"Did you mean “{meant}”?" in answer.content.decode()


@pytest.mark.parametrize(
    ("scope", "types"),
    [
        ("read", {"runbook", "service", "question"}),
        ("runbooks:read", {"runbook"}),
        ("architecture:write", {"service"}),
        ("onboarding:read", {"question"}),
    ],
)
def test_a_token_finds_what_its_areas_hold(shelf, api, nina, scope, types):
    assert set(api(nina, scope).get(f"{URL}?q=disk").json()["types"]) == types


def test_a_token_of_nothing_that_could_be_found_is_refused(shelf, api, nina):
    assert api(nina, "accounts:read").get(f"{URL}?q=disk").status_code == 403


def test_without_signing_in_nothing_is_answered(shelf, client):
    assert client.get(f"{URL}?q=disk").status_code == 401


def test_the_limit_counts_for_each_list(api, nina):
    for number in range(4):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}")
    answer = api(nina).get(f"{URL}?q=queue&limit=2").json()

    assert answer["total"] == 4 and len(answer["results"]) == len(answer["services"]) == 2
