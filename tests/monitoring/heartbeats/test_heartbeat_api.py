"""Heartbeats through the API."""

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Alert, Heartbeat
from tests.monitoring.heartbeats.conftest import AT, HOUR, MINUTE
from tests.monitoring.heartbeats.world import make_heartbeats

pytestmark = pytest.mark.django_db
LIST = "/api/v1/heartbeats/"
JSON = {"content_type": "application/json"}
SHORTER = {"shortest_seconds": 9, "longest_seconds": 1}


def at(heartbeat, verb: str = "") -> str:
    return f"{LIST}{heartbeat.pk}/{verb}"


def test_it_is_created_with_the_address_that_the_job_calls(api, alice, client):
    sent = {"name": "Report", "cron": "@daily", "zone": "Europe/Riga", "grace_seconds": 600}
    answer = api(alice).post(LIST, sent, **JSON)

    said = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"{LIST}{said['id']}/"
    assert (said["cron"], said["every_seconds"], said["grace_seconds"], said["state"]) == (
        *("0 0 * * *", None),
        *(600, "new"),
    )
    assert client.get(said["ping_url"].removeprefix("http://localhost")).status_code == 200
    assert answer["ETag"] == said["etag"]


def test_readers_read_but_the_address(api, backup, nina, alice):
    assert api(nina).get(at(backup)).json()["ping_url"] is None
    assert api(alice).get(at(backup)).json()["ping_url"].endswith(str(backup.uuid))
    assert api(alice, "monitoring:read").get(at(backup)).json()["ping_url"] is None


@pytest.mark.parametrize("scope", ["monitoring:read", "runbooks:write"])
def test_a_token_needs_the_scope(api, alice, backup, scope):
    assert api(alice, scope).post(at(backup, "pause/"), **JSON).status_code == 403


def test_who_may_what(api, nina, rita, alice, backup):
    sent = {"name": "Report", "every_seconds": 3600}
    for person, made, paused, deleted in (
        (nina, 403, 403, 403),
        (rita, 403, 200, 403),
        (alice, 201, 409, 204),
    ):
        program, match = api(person), {"headers": {"If-Match": "*"}}
        assert program.post(LIST, sent, **JSON).status_code == made
        assert program.post(at(backup, "pause/"), **JSON).status_code == paused
        assert program.delete(at(backup), **match).status_code == deleted


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": "x"}, "/every_seconds"),
        ({"name": "x", "every_seconds": 60, "cron": "@daily"}, "/every_seconds"),
        ({"name": "x", "cron": "0 0 3 * * *"}, "/cron"),
        ({"name": "x", "cron": "@daily", "zone": "Mars"}, "/zone"),
        ({"name": "x", "every_seconds": 9}, "/every_seconds"),
        ({"name": "x", "every_seconds": 10**9}, "/every_seconds"),
        ({"name": "x", "every_seconds": 60, "slug": "A B"}, "/slug"),
        ({"name": "x", "every_seconds": 60, "service": "nothing"}, "/service"),
        (
            {"name": "x", "every_seconds": 60, "shortest_seconds": 9, "longest_seconds": 1},
            "/longest_seconds",
        ),
        ({"name": "x\x00", "every_seconds": 60}, "/name"),
        ({"every_seconds": 60}, "/name"),
    ],
)
def test_what_is_malformed_is_refused_at_its_member(api, alice, sent, pointer):
    answer = api(alice).post(LIST, sent, **JSON)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Heartbeat.objects.exists()


def test_it_is_changed_on_top_of_what_was_read(api, alice, backup):
    program = api(alice)
    tag = program.get(at(backup))["ETag"]
    sent = {"cron": "@hourly"}
    assert program.patch(at(backup), sent, **JSON).status_code == 428
    changed = program.patch(at(backup), sent, headers={"If-Match": tag}, **JSON)
    assert (changed.json()["cron"], changed.json()["every_seconds"]) == ("0 * * * *", None)

    late = program.patch(at(backup), {"name": "x"}, headers={"If-Match": tag}, **JSON)
    assert late.status_code == 412 and late.json()["current"] == Heartbeat.objects.get().etag


def test_a_ping_changes_the_tag_and_spoils_no_change(api, alice, backup, client):
    program = api(alice)
    tag = program.get(at(backup))["ETag"]
    client.get(f"/ping/{backup.uuid}")

    assert program.get(at(backup), headers={"If-None-Match": tag}).status_code == 200
    answer = program.patch(at(backup), {"name": "B"}, headers={"If-Match": tag}, **JSON)
    assert answer.status_code == 200


def test_it_is_paused_until_a_time_and_resumed(api, rita, backup):
    program = api(rita)
    paused = program.post(at(backup, "pause/"), {"until": "2038-01-01T08:00:00Z"}, **JSON)
    assert (paused.json()["state"], paused.json()["paused_until"]) == (
        "paused",
        "2038-01-01T08:00:00Z",
    )
    assert program.post(at(backup, "resume/"), **JSON).json()["state"] == "new"
    assert program.post(at(backup, "resume/"), **JSON).status_code == 409


def test_a_pause_that_is_over_already_is_refused(api, rita, backup):
    answer = api(rita).post(at(backup, "pause/"), {"until": "2020-01-01T00:00:00Z"}, **JSON)

    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "/until"


def test_a_new_address_ends_the_old_one(api, alice, backup, client):
    said = api(alice).post(at(backup, "rotate/"), **JSON).json()

    assert client.get(f"/ping/{backup.uuid}").status_code == 404
    assert client.get(said["ping_url"].removeprefix("http://localhost")).status_code == 200


def test_what_is_deleted_is_gone_with_its_alert(api, alice, backup, take):
    take(backup, AT, signal="fail")
    announce(AT)
    answer = api(alice).delete(at(backup), headers={"If-Match": "*"})

    assert answer.status_code == 204 and not Heartbeat.objects.exists()
    assert not Alert.objects.firing().exists()


def test_the_list_is_narrowed(api, nina, backup, take):
    data = Team.objects.create(slug="data", name="Data")
    orders = Service.objects.create(slug="orders", name="Orders", owner=data)
    other = Heartbeat.objects.make("Other", every=HOUR, service=orders)
    take(backup, AT, signal="fail")

    def names(query: str) -> list[str]:
        rows = api(nina).get(f"{LIST}?{query}").json()["results"]
        return [row["name"] for row in rows]

    assert names("") == ["Nightly backup", "Other"]
    assert names("state=down") == ["Nightly backup"]
    assert names("state=new&state=up") == names("service=orders") == [other.name]
    assert names("owner=data") == [other.name]
    assert api(nina).get(f"{LIST}?state=broken").status_code == 400
    assert api(nina).get(f"{LIST}?service=nothing").status_code == 400


def test_pings_and_flips_come_newest_first(api, nina, backup, take):
    take(backup, AT, signal="start")
    take(backup, AT + MINUTE, body=b"done \xe9")
    program = api(nina)
    pings = program.get(at(backup, "pings/")).json()["results"]
    assert [(each["n"], each["signal"], each["duration_seconds"]) for each in pings] == [
        (2, "success", 60.0),
        (1, "start", None),
    ]
    assert "body" not in pings[0]
    asked = program.get(at(backup, "pings/") + "?fields=n,body").json()["results"]
    assert asked[0] == {"n": 2, "body": "done �"}
    [flip] = program.get(at(backup, "flips/")).json()["results"]
    assert (flip["before"], flip["after"], flip["reason"]) == ("new", "up", "success")


def test_a_repeated_request_makes_one(api, alice):
    sent = {"name": "Report", "every_seconds": 3600}
    headers = {"Idempotency-Key": "report-1"}
    answers = [api(alice).post(LIST, sent, headers=headers, **JSON) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Heartbeat.objects.count() == 1


def test_it_asks_the_database_as_often_for_many(api, nina, olga, django_assert_max_num_queries):
    make_heartbeats(by=olga)
    for n in range(30):
        Heartbeat.objects.make(f"Job {n}", every=HOUR)
    program = api(nina)
    with django_assert_max_num_queries(5):
        assert len(program.get(f"{LIST}?limit=50").json()["results"]) == 32
