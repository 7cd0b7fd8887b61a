"""The pinging API as healthchecks documents it: what is sent, what is answered, what is kept."""

import json
import logging
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team
from portal.core.ops.logs import JSONFormatter
from portal.monitoring.heartbeats.views import pings
from portal.monitoring.models import Heartbeat, Ping, PingKey
from portal.monitoring.models.pings import BODY_LIMIT

pytestmark = pytest.mark.django_db
NOBODYS = "0d1c0000-0000-4000-8000-0000000000ff"
RID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def send():
    """As a client that knows nothing of the portal's cookies."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def address(backup):
    return f"/ping/{backup.uuid}"


@pytest.fixture
def key(olga):
    return PingKey.objects.issue("web servers", owner=None, by=olga).key


def said(answer) -> tuple[int, str]:
    return answer.status_code, answer.content.decode()


def test_it_works(send, address, backup):
    answer = send.get(address, headers={"User-Agent": "curl/8"})

    assert said(answer) == (200, "OK")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Ping-Body-Limit"] == "100000"
    assert "no-cache" in answer["Cache-Control"] and not answer.cookies
    ping, instance = Ping.objects.get(), backup.instances.get()
    assert (ping.n, ping.signal, ping.exit_status, ping.method) == (1, "success", None, "GET")
    assert (ping.address, ping.agent) == ("127.0.0.1", "curl/8")
    assert (instance.state, instance.last_ping_at) == ("up", ping.at)


@pytest.mark.parametrize(
    ("path", "signal", "status"),
    [
        ("", "success", None),
        ("/start", "start", None),
        ("/fail", "fail", None),
        ("/log", "log", None),
        ("/0", "success", 0),
        ("/1", "fail", 1),
        ("/255", "fail", 255),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("by", ["uuid", "slug"])
def test_every_endpoint_is_understood(send, backup, key, by, path, slash, signal, status):
    address = f"/ping/{backup.uuid if by == 'uuid' else f'{key}/nightly-backup'}{path}{slash}"

    assert said(send.post(address, b"x", content_type="text/plain")) == (200, "OK")
    ping = Ping.objects.get()
    assert (ping.signal, ping.exit_status, ping.text) == (signal, status, "x")


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_get_head_and_post_count(send, address, method):
    assert getattr(send, method)(address).status_code == 200
    assert Ping.objects.get().method == method.upper()


def test_other_methods_do_not(send, address):
    answer = send.delete(address)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert not Ping.objects.exists()


def test_a_body_of_100_kb_is_kept_and_the_rest_is_cut(send, address):
    answer = send.post(address, b"a" * BODY_LIMIT + b"b" * 3_000_000, content_type="text/plain")

    assert said(answer) == (200, "OK")
    ping = Ping.objects.get()
    assert (ping.size, ping.text) == (BODY_LIMIT, "a" * BODY_LIMIT)


def test_a_body_that_is_no_text_is_kept_as_it_is(send, address):
    send.post(address, b"Hello \xe9\x00 World", content_type="text/plain")

    assert bytes(Ping.objects.get().body) == b"Hello \xe9\x00 World"


def test_a_form_is_kept_as_it_was_sent(send, address):
    send.post(address, "a=1&b=2", content_type="application/x-www-form-urlencoded")

    assert Ping.objects.get().text == "a=1&b=2"


def test_a_run_id_is_kept_whatever_its_letters(send, address):
    assert send.get(f"{address}/start?rid={RID.upper()}").status_code == 200
    assert Ping.objects.get().rid == uuid.UUID(RID)


@pytest.mark.parametrize("rid", ["", "x", RID[:-1], RID.replace("-", ""), f"{{{RID}}}"])
def test_a_run_id_that_is_none_is_refused(send, address, rid):
    answer = send.get(address, {"rid": rid})

    assert said(answer) == (400, "invalid uuid format")
    assert not Ping.objects.exists()


@pytest.mark.parametrize(
    ("path", "answered"),
    [
        ("/256", (400, "invalid url format")),
        ("/99999999999999999999", (404, "not found")),
        ("/finish", (404, "not found")),
        ("/-1", (404, "not found")),
        ("/start/more", (404, "not found")),
    ],
)
def test_an_address_that_is_none_is_refused(send, address, path, answered):
    assert said(send.get(address + path)) == answered
    assert not Ping.objects.exists()


@pytest.mark.parametrize(
    "path", [NOBODYS, "x", "", "no-key/nightly-backup", NOBODYS.replace("-", ""), "x/y/z/w"]
)
def test_nobody_is_at_another_address(send, backup, path):
    assert send.get(f"/ping/{path}").status_code == 404
    assert not Ping.objects.exists()


def test_a_uuid_in_another_form_leads_nowhere(send, backup):
    for text in (str(backup.uuid).upper(), backup.uuid.hex):
        assert send.get(f"/ping/{text}").status_code == 404


def test_a_slug_is_made_when_that_is_asked_for(send, key):
    address = f"/ping/{key}/new-job?create=1"

    assert said(send.get(f"/ping/{key}/new-job")) == (404, "not found")
    assert said(send.post(address, "x", content_type="text/plain")) == (201, "Created")
    assert said(send.get(address)) == (200, "OK")
    made = Heartbeat.objects.get()
    assert (made.slug, made.name, made.owner) == ("new-job", "new-job", None)
    assert Ping.objects.count() == 2


def test_it_is_made_for_the_team_of_the_key(send, olga):
    team = Team.objects.create(slug="data", name="Data")
    key = PingKey.objects.issue("reports", owner=team, by=olga).key

    assert send.get(f"/ping/{key}/reports?create=1").status_code == 201
    assert Heartbeat.objects.get().owner == team


@pytest.mark.parametrize("path", ["/job/300?create=1", "/job?create=1&rid=x", "/Job?create=1"])
def test_nothing_is_made_by_what_is_refused(send, key, path):
    assert send.get(f"/ping/{key}{path}").status_code == 400
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize(("length", "status"), [(100, 201), (101, 400), (500, 400)])
def test_a_slug_that_is_too_long_is_a_bad_address(send, key, length, status):
    said_of_long = said(send.get(f"/ping/{key}/{'s' * length}?create=1"))

    assert said_of_long == (status, "Created" if status == 201 else "invalid url format")


def test_a_key_makes_a_bounded_number_of_heartbeats(send, key, olga, monkeypatch):
    monkeypatch.setattr(pings, "MOST_HEARTBEATS", 2)
    answers = [said(send.get(f"/ping/{key}/job-{n}?create=1")) for n in (1, 2, 3, 1)]

    too_many = (400, "too many heartbeats")
    assert answers == [(201, "Created"), (201, "Created"), too_many, (200, "OK")]
    team = Team.objects.create(slug="data", name="Data")
    other = PingKey.objects.issue("reports", owner=team, by=olga).key
    assert send.get(f"/ping/{other}/reports?create=1").status_code == 201


def test_a_key_that_is_none_makes_nothing(send):
    assert said(send.get("/ping/some-key/new-job?create=1")) == (404, "not found")
    assert not Heartbeat.objects.exists()


def test_a_slug_with_capitals_is_refused(send, backup, key):
    assert said(send.get(f"/ping/{key}/Nightly-Backup")) == (400, "invalid url format")


def test_several_with_one_slug_are_told(send, backup, key):
    Heartbeat.objects.make("Nightly backup", every=backup.every)

    assert said(send.get(f"/ping/{key}/nightly-backup")) == (409, "ambiguous slug")
    assert not Ping.objects.exists()


def test_several_are_told_also_when_one_of_them_reported_before(send, backup, key):
    send.get(f"/ping/{key}/nightly-backup")
    Heartbeat.objects.make("Nightly backup", every=backup.every)

    assert send.get(f"/ping/{key}/nightly-backup").status_code == 409


def test_a_key_opens_the_heartbeats_of_its_team_only(send, backup, olga):
    team = Team.objects.create(slug="data", name="Data")
    key = PingKey.objects.issue("reports", owner=team, by=olga).key

    assert send.get(f"/ping/{key}/nightly-backup").status_code == 404
    backup.change({"owner": team}, by=olga)
    assert send.get(f"/ping/{key}/nightly-backup").status_code == 200


def test_a_revoked_key_opens_nothing(send, backup, key, olga):
    PingKey.objects.get().revoke(by=olga)

    assert send.get(f"/ping/{key}/nightly-backup").status_code == 404


def test_hosts_of_a_fleet_report_for_themselves(send, address, backup):
    for name in ("web-1", "web-2"):
        assert send.get(address, {"instance": name}).status_code == 200
    assert send.get(f"{address}/fail?instance=web-2").status_code == 200

    assert dict(backup.instances.values_list("name", "state")) == {"web-1": "up", "web-2": "down"}


@pytest.mark.parametrize("name", ["a b", "<b>", "ä", "x" * 101, "a/b"])
def test_a_name_of_a_host_that_is_none_is_refused(send, address, name):
    assert said(send.get(address, {"instance": name})) == (400, "invalid instance")


def test_a_ping_asks_the_database_three_times(send, address):
    send.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert send.get(address).status_code == 200

    queries = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(queries) == 3  # PostgreSQL says in the first of them what time it is


def test_a_cookie_makes_no_difference(client_of, olga, address):
    client = client_of(olga)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200

    assert not [each for each in asked if "session" in each["sql"]]


class Broken:
    """A database that takes no write."""

    def __call__(self, execute, sql, *how):
        if sql.startswith("INSERT"):
            from django.db import OperationalError

            raise OperationalError("database is locked")
        return execute(sql, *how)


def test_what_could_not_be_stored_is_503(send, address):
    with connection.execute_wrapper(Broken()):
        answer = send.get(address)

    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert "Traceback" not in answer.content.decode()
    assert not Ping.objects.exists()


def test_no_log_line_tells_the_address(send, caplog, key, backup):
    with caplog.at_level(logging.INFO):
        send.get(f"/ping/{backup.uuid}/finish")
        send.get(f"/ping/{key}/nothing?rid=1")
    lines = [JSONFormatter().format(record) for record in caplog.records]

    assert len(lines) >= 2
    assert all("/ping/…" in json.loads(line)["message"] for line in lines)
    assert str(backup.uuid) not in str(lines) and key not in str(lines)


def test_the_newest_pings_are_kept(send, address, backup, settings):
    settings.KEEP_PINGS = 20
    for _ in range(101):
        send.get(address)

    kept = list(backup.instances.get().signs.values_list("n", flat=True))
    assert kept[0] == 101 and len(kept) == 21


def test_of_the_bodies_of_a_heartbeat_the_newest_are_kept(send, address, backup, monkeypatch):
    monkeypatch.setattr("portal.monitoring.models.pings.BODIES_KEPT", 5000)
    for host in ("a", "b", "a", "b"):
        send.post(f"{address}?instance={host}", b"x" * 2000, content_type="text/plain")
    send.post(address, b"small", content_type="text/plain")
    other = Heartbeat.objects.make("Another", every=backup.every)
    send.post(f"/ping/{other.uuid}", b"y" * 4000, content_type="text/plain")

    mine = Ping.objects.filter(instance__heartbeat=backup).order_by("pk")
    assert [(each.size, each.is_body_removed) for each in mine] == [
        (0, True),
        (0, True),
        (2000, False),
        (2000, False),
        (5, False),
    ]
    assert mine[0].text == "" and mine[4].text == "small"
    assert Ping.objects.get(instance__heartbeat=other).size == 4000


def test_the_page_says_that_a_body_made_room(client_of, nina, send, address, backup, monkeypatch):
    monkeypatch.setattr("portal.monitoring.models.pings.BODIES_KEPT", 2500)
    for _ in range(2):
        send.post(address, b"x" * 2000, content_type="text/plain")
    oldest = Ping.objects.order_by("pk").first()

    page = client_of(nina).get(f"{backup.get_absolute_url()}pings/{oldest.pk}/").content.decode()

    assert "newer ones of this heartbeat needed the room" in page
    assert "Nothing came with it" not in page
