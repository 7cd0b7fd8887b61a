"""Communications, templates and the status through the API."""

import pytest

from incidents.models import Audience, Communication, Component
from portal.notifications.models import Delivery

from .world import declare, make_service

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def incident(rita, olga):
    service = make_service()
    Component.objects.add(by=olga, service=service, public_name="Payments", is_public=True)
    Audience.objects.filter(name="customers").update(addresses=["shop@example.org"])
    return declare(rita, title="db-7 is full", services=[service])


def at(incident) -> str:
    return f"/api/v1/incidents/{incident.pk}/communications/"


NOTICE = {"audience": "customers", "values": {"impact": "Cards fail", "not_affected": "Browsing"}}


def test_it_is_drafted_from_the_template_and_sent(api, rita, incident):
    client = api(rita)

    made = client.post(at(incident), NOTICE, **JSON)
    sent = client.post(made.headers["Location"] + "send/", **JSON)
    again = client.post(made.headers["Location"] + "send/", **JSON)

    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert made.json()["template"] == "customers-notice" and made.json()["moment"] == "notice"
    assert made.json()["recipients"] is None
    assert sent.status_code == again.status_code == 200
    said = sent.json()
    assert (said["state"], said["on_the_way"], said["arrived"]) == ("sent", 1, 0)
    assert said["recipients"]["addresses"] == ["shop@example.org"]
    assert said["public_text"].startswith("Since ")
    assert Delivery.objects.filter(to="shop@example.org").count() == 1
    (row,) = client.get(at(incident)).json()["results"]
    assert row == said
    assert client.get(made.headers["Location"]).headers["ETag"] == said["etag"]


def test_another_asks_and_the_commander_sends_it_back_then_approves(api, rita, olga, incident):
    author, commander = api(olga), api(rita)
    row = author.post(at(incident), NOTICE, **JSON).headers["Location"]

    assert author.post(row + "send/", **JSON).json()["type"].endswith("/not-approved")
    assert author.post(row + "submit/", **JSON).json()["state"] == "waiting"
    assert author.post(row + "approve/", **JSON).status_code == 403
    back = commander.post(row + "send-back/", {"reason": "Shorter."}, **JSON)
    assert (back.json()["state"], back.json()["reason"]) == ("returned", "Shorter.")
    revised = author.patch(
        row,
        {"public_text": "Cards fail."},
        headers={"If-Match": back.headers["ETag"]},
        **JSON,
    )
    assert revised.status_code == 200
    author.post(row + "submit/", **JSON)
    approved = commander.post(row + "approve/", **JSON).json()
    assert (approved["state"], approved["public_text"]) == ("sent", "Cards fail.")
    assert approved["approver"] == "rita"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"audience": "everybody"}, "/audience"),
        ({"public_text": "{{ eta }}"}, "/public_text"),
        ({"values": {"nothing": "x"}}, "/values"),
        ({"template": "unknown"}, "/template"),
        ({"template": "partners-notice"}, "/template"),
        ({"template": "customers-update", "moment": "notice"}, "/template"),
        ({"values": {"impact": 5}}, "/values/impact"),
        ({"moment": "resolution"}, "/moment"),
    ],
)
def test_what_is_wrong_is_said_of_its_member(api, rita, incident, wrong, pointer):
    answer = api(rita).post(at(incident), NOTICE | wrong, **JSON)

    said = answer.json()
    assert answer.status_code == 400
    assert pointer in {said.get("pointer"), *(each["pointer"] for each in said.get("errors", []))}
    assert not Communication.objects.exists()


def test_missing_values_a_stale_tag_and_none_are_refused(api, rita, incident):
    client = api(rita)
    row = client.post(at(incident), {"audience": "customers"}, **JSON).headers["Location"]
    change = {"subject": "Other"}

    missing = client.post(row + "send/", **JSON)
    none = client.patch(row, change, **JSON)
    stale = client.patch(row, change, headers={"If-Match": '"other"'}, **JSON)

    assert missing.status_code == 409 and missing.json()["missing"] == ["impact", "not_affected"]
    assert (none.status_code, stale.status_code) == (428, 412)


def test_who_may_not_and_what_is_restricted(api, nina, rita, paul, incident):
    row = api(rita).post(at(incident), NOTICE, **JSON).headers["Location"]
    assert api(nina).get(at(incident)).status_code == 200
    assert api(nina).post(at(incident), NOTICE, **JSON).status_code == 403
    assert api(rita, "incidents:read").post(row + "send/", **JSON).status_code == 403
    type(incident).objects.update(is_restricted=True)

    for address in (at(incident), row):
        assert api(paul).get(address).status_code == 404
    assert api(paul).post(row + "send/", **JSON).status_code == 404
    assert api(rita).post(row + "send/", **JSON).status_code == 400  # customers hear nothing of it


def test_templates_are_read_made_and_changed(api, nina, olga):
    about = {
        "slug": "cloud",
        "audience": "partners",
        "moment": "notice",
        "subject": "S",
        "public_text": "{{ impact }}",
    }
    address = "/api/v1/communication-templates/"
    client = api(olga)

    made = client.post(address, about, **JSON)
    one = made.headers["Location"]
    tag = {"If-Match": made.headers["ETag"]}
    wrong = client.patch(one, {"subject": "{{ impackt }}"}, headers=tag, **JSON)
    changed = client.patch(one, {"subject": "Other"}, headers=tag, **JSON)
    stale = client.patch(one, {"subject": "Third"}, headers=tag, **JSON)

    assert made.status_code == 201 and len(client.get(address).json()["results"]) == 17
    assert wrong.status_code == 400 and "Did you mean “impact”?" in wrong.text
    assert changed.json()["revision"] == 1
    assert stale.status_code == 412
    assert api(nina).get(one).status_code == 200
    assert api(nina).post(address, about, **JSON).status_code == 403


def test_the_status_says_to_all_what_customers_were_told(
    api, nina, rita, client, settings, incident
):
    address = "/api/v1/status/"
    row = api(rita).post(at(incident), NOTICE, **JSON).headers["Location"]
    api(rita).post(row + "send/", **JSON)

    assert client.get(address).status_code == 401
    said = api(nina).get(address).json()
    settings.PUBLIC_STATUS = True
    openly = client.get(address)

    assert openly.status_code == 200 and openly.json() == said
    assert said["state"] == "degraded"
    assert said["components"] == [{"name": "Payments", "state": "degraded"}]
    (told,) = said["incidents"]
    assert told["headline"] == "We are investigating a problem with Payments"
    assert "db-7" not in openly.text and incident.name not in openly.text
