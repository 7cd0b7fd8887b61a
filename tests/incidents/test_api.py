"""Incidents through the API."""

import pytest

from incidents.models import Incident, IncidentSource
from incidents.room.api.taken import NewSeveritySerializer
from portal.accounts.models import Team
from tests.incidents.world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
LIST = "/api/v1/incidents/"
NEW = {"title": "Checkout fails", "severity": "SEV2", "services": ["checkout"]}


def post(client, path: str, body=None, **headers):
    about = {"content_type": "application/json", "headers": headers}
    return client.post(f"{LIST}{path}", body or {}, **about)


@pytest.fixture
def checkout(rita, olga):
    owner = Team.objects.create(slug="shop", name="Shop")
    return make_service(owner=owner, policy=make_policy(rita, olga))


@pytest.fixture
def incident(checkout):
    return declare(None, services=[checkout])


def numbers(answer) -> list[int]:
    return [row["number"] for row in answer.json()["results"]]


def test_it_opens_one_and_says_where_it_is(api, rita, checkout):
    answer = post(api(rita), "", NEW)

    made = Incident.objects.get()
    assert answer.status_code == 201 and answer.headers["Location"] == f"{LIST}{made.pk}/"
    said = answer.json()
    assert (said["severity"], said["services"], said["owner"]) == ("SEV2", ["checkout"], "shop")
    assert said["source"] == made.source == IncidentSource.API
    assert said["is_calling"] and said["commander"] == "rita" and said["policy"]
    read = api(rita).get(f"{LIST}{made.pk}/")
    assert read.json() == said and read.headers["ETag"] == answer.headers["ETag"]


def test_the_same_key_opens_one(api, rita, checkout):
    client = api(rita)
    first, second = (post(client, "", NEW, **{"Idempotency-Key": "abc"}) for _ in range(2))

    assert first.json() == second.json() and second.headers["Idempotency-Replayed"]
    assert Incident.objects.count() == 1


def test_who_acknowledges_second_gets_the_same(api, rita, olga, incident):
    first = post(api(rita), f"{incident.pk}/acknowledge/")
    second = post(api(olga), f"{incident.pk}/acknowledge/")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json() and second.json()["acknowledged_by"] == "rita"
    assert not second.json()["is_calling"]


def test_it_is_worked_from_opening_to_end(api, rita, olga, incident):
    client, at = api(rita), f"{incident.pk}/"
    steps = [
        ("acknowledge/", {}),
        ("escalate/", {"reason": "Slow"}),
        ("severity/", {"severity": "SEV1", "reason": "All"}),
        ("roles/", {"role": "scribe", "person": "olga"}),
        ("notes/", {"text": "The disk", "kind": "finding"}),
        ("identify/", {"text": "The disk"}),
        ("services/", {"service": "checkout", "impact": "down"}),
        ("tasks/", {"text": "Tell support", "owner": "olga"}),
        ("links/", {"url": "https://meet.example.org/x"}),
        ("mitigate/", {}),
        ("resolve/", {"text": "More disk"}),
        ("reopen/", {"reason": "It is back"}),
        ("investigate/", {}),
        ("resolve/", {}),
        ("close/", {}),
    ]
    answers = [post(client, at + path, body) for path, body in steps]

    assert [each.status_code for each in answers] == [200] * len(steps)
    said = answers[-1].json()
    assert (said["state"], said["severity"], said["outcome"]) == ("closed", "SEV1", "")
    assert said["affected"] == [{"service": "checkout", "impact": "down"}]
    assert {each["role"]: each["person"] for each in said["roles"]} == {
        "commander": "rita",
        "scribe": "olga",
    }
    task = said["tasks"][0]["id"]
    done = post(client, f"{at}tasks/{task}/complete/").json()["tasks"][0]
    assert done["done_by"] == "rita" and done["owner"] == "olga"


def test_what_is_over_is_refused_with_what_to_do(api, rita, incident):
    incident.resolve(by=rita)
    answer = post(api(rita), f"{incident.pk}/acknowledge/")

    assert answer.status_code == 409 and answer.json()["type"].endswith("wrong-state")
    assert "reopen it" in answer.json()["detail"]


def test_two_are_merged_and_related(api, rita, incident):
    other = declare(rita)
    assert post(api(rita), f"{incident.pk}/relate/", {"to": other.pk}).status_code == 200
    said = post(api(rita), f"{incident.pk}/merge/", {"into": other.pk}).json()

    assert said["merged_into"] == other.pk and said["related"] == [other.pk]
    assert post(api(rita), f"{other.pk}/merge/", {"into": 99}).json()["errors"]


def test_its_texts_are_changed_under_a_condition(api, rita, incident):
    client, path = api(rita), f"{LIST}{incident.pk}/"
    etag = client.get(path).headers["ETag"]

    def patch(**headers):
        body = {"title": "Checkout is slow"}
        return client.patch(path, body, content_type="application/json", headers=headers)

    assert patch().status_code == 428
    assert patch(**{"If-Match": etag}).json()["title"] == "Checkout is slow"
    assert patch(**{"If-Match": etag}).status_code == 412


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("state=open", 2),
        ("state=over", 1),
        ("state=resolved&state=investigating", 3),
        ("severity=SEV2", 2),
        ("severity=SEV2&severity=SEV4", 3),
        ("service=checkout", 1),
        ("owner=shop", 1),
        ("drill=true", 1),
        ("drill=false", 2),
        ("q=SLOW", 1),
        ("since=2020-01-01T00:00:00Z", 3),
        ("changed_since=2100-01-01T00:00:00Z", 0),
    ],
)
def test_the_list_is_narrowed(api, nina, rita, incident, query, count):
    declare(rita, title="Mail is slow", level=4).resolve(by=rita)
    declare(rita, title="A drill", is_drill=True)
    answer = api(nina).get(f"{LIST}?{query}")

    assert answer.status_code == 200 and len(answer.json()["results"]) == count


@pytest.mark.parametrize(
    "query", ["state=x", "severity=2", "service=x", "drill=x", "since=x", "owner=x", "word=x"]
)
def test_what_the_list_does_not_understand_is_refused(api, nina, incident, query):
    assert api(nina).get(f"{LIST}?{query}").status_code == 400


def test_the_timeline_is_told_as_json_and_as_text(api, rita, incident):
    incident.acknowledge(by=rita)
    incident.note("*Disk* <b>full</b>", by=rita, kind="finding")
    client, path = api(rita), f"{LIST}{incident.pk}/timeline/"

    kinds = [each["kind"] for each in client.get(path).json()["results"]]
    assert kinds == ["declared", "acknowledged", "finding"]
    assert len(client.get(f"{path}?kind=finding").json()["results"]) == 1
    text = client.get(path, headers={"Accept": "text/markdown"})
    assert text.headers["Content-Type"].startswith("text/markdown")
    assert r"Rita Responder found: \*Disk\* \<b\>full\</b\>" in text.content.decode()


def test_clocks_and_what_is_similar_are_told(api, nina, rita, checkout, incident):
    again, later = (declare(rita, services=[checkout]) for _ in range(2))
    incident.resolve(by=rita)
    later.resolve(by=rita)
    clocks = api(nina).get(f"{LIST}{again.pk}/clocks/").json()["results"]
    similar = api(nina).get(f"{LIST}{again.pk}/similar/")

    assert {each["kind"]: each["state"] for each in clocks} == {
        "acknowledge": "running",
        "notice": "running",
        "update": "running",
    }
    assert numbers(similar) == [incident.pk]


@pytest.mark.anywhere
def test_a_service_keeps_its_impact_unless_another_is_sent(api, rita, incident):
    for body, impact in (
        ({"impact": "down"}, "down"),
        ({}, "down"),
        ({"impact": "degraded"}, "degraded"),
    ):
        said = post(api(rita), f"{incident.pk}/services/", {"service": "checkout", **body})
        assert said.json()["affected"] == [{"service": "checkout", "impact": impact}]


def test_a_severity_is_taken_in_any_case():
    found = NewSeveritySerializer(data={"severity": "sev2"})

    assert found.is_valid() and found.validated_data["severity"] == 2


def test_a_restricted_one_exists_for_nobody_else(api, nina, rita, olga, checkout, incident):
    other = declare(olga, services=[checkout])
    other.relate(incident, by=olga)
    assert post(api(olga), f"{other.pk}/restrict/", {"is_restricted": True}).status_code == 200

    for path in ("", "timeline/", "alerts/", "clocks/", "similar/"):
        assert api(nina).get(f"{LIST}{other.pk}/{path}").status_code == 404
        assert api(olga).get(f"{LIST}{other.pk}/{path}").status_code == 200
    for path in ("acknowledge/", "close/", "notes/"):
        assert post(api(rita), f"{other.pk}/{path}", {"text": "x"}).status_code in (400, 404)
    assert numbers(api(nina).get(LIST)) == [incident.pk]
    assert numbers(api(nina).get(f"{LIST}{incident.pk}/similar/")) == []
    assert api(nina).get(f"{LIST}{incident.pk}/").json()["related"] == []
    refused = post(api(rita), f"{incident.pk}/merge/", {"into": other.pk})
    assert "There is no incident" in refused.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"title": "a\u202eb"}, "/title"),
        ({"severity": "SEV9"}, "/severity"),
        ({"severity": 2}, "/severity"),
        ({"services": ["nope"]}, "/services/0"),
        ({"policy": "nope"}, "/policy"),
        ({"runbook": "nope"}, "/runbook"),
        ({"color": "red"}, "/color"),
    ],
)
def test_it_says_which_member_is_wrong(api, rita, checkout, wrong, pointer):
    answer = post(api(rita), "", NEW | wrong)

    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == pointer
    assert not Incident.objects.exists()


def test_readers_read_and_responders_work(api, nina, rita, checkout, incident):
    assert post(api(nina), "", NEW).status_code == 403
    assert post(api(nina), f"{incident.pk}/acknowledge/").status_code == 403
    assert post(api(rita, "incidents:read"), "", NEW).status_code == 403
    assert post(api(rita, "incidents:write"), "", NEW).status_code == 201
