"""Programs of a person see and change how the person is reached, and never a whole address."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from portal.accounts.models import Replay, User
from portal.core.data import clock
from portal.notifications.contacts.notices import SECURITY
from portal.notifications.models import ContactMethod, Delivery, QuietHours
from portal.notifications.models.contact_methods import FAREWELL, MOST_TRIES
from tests.notifications.test_web_contact_methods import confirmed

pytestmark = pytest.mark.django_db
METHODS, HOURS = "/api/v1/me/contact-methods/", "/api/v1/me/quiet-hours/"
ADDRESS = "ntfys://ntfy.example.org/secret-topic"
NEW = {"kind": "service", "to": ADDRESS, "label": "Phone"}
JSON = {"content_type": "application/json"}


@pytest.fixture
def nina(nina):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def program(api, nina):
    return api(nina, "notifications:read", "notifications:write")


@pytest.fixture
def add(nina):
    def add(address=ADDRESS, *, person=nina, **about):
        method = ContactMethod.objects.add(person, kind="service", address=address, **about)
        ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
        return ContactMethod.objects.get(pk=method.pk)

    return add


def code_of(method: dict) -> str:
    return ContactMethod.objects.get(pk=method["id"])._code()


def at(method: dict | ContactMethod, verb: str = "") -> str:
    pk = method["id"] if isinstance(method, dict) else method.pk
    return f"{METHODS}{pk}/{verb}"


def test_it_works(program):
    """Added, verified by its code, made the first, tested, and removed."""
    other = program.post(METHODS, {**NEW, "to": "ntfys://a.example.org/t"}, **JSON).json()
    made = program.post(METHODS, NEW, **JSON)
    method = made.json()

    assert (made.status_code, made["Location"]) == (201, at(method))
    assert (method["state"], method["position"]) == ("unverified", 2)
    assert method["to"] == "ntfy at ntfy.example.org"
    verified = program.post(at(method, "verify/"), {"code": code_of(method)}, **JSON)
    assert verified.json()["state"] == "verified"
    about = {"position": 1, "least_urgency": "low", "label": "Pager"}
    match = {"headers": {"If-Match": verified["ETag"]}}
    changed = program.patch(at(method), about, **JSON, **match)
    assert {name: changed.json()[name] for name in about} == about
    assert [each["id"] for each in program.get(METHODS).json()["results"]] == [
        method["id"],
        other["id"],
    ]
    tested = program.post(at(method, "test/"), **JSON).json()
    assert (tested["contact_method"], tested["state"]) == (method["id"], "waiting")
    match = {"headers": {"If-Match": changed["ETag"]}}
    assert program.delete(at(method), **match).status_code == 204
    assert program.get(at(method)).status_code == 404
    assert Delivery.objects.filter(kind=FAREWELL).count() == 1
    assert Delivery.objects.filter(kind=SECURITY).count() == 4  # added, changed, moved, removed


def test_no_answer_and_no_record_has_the_secret_of_an_address(program):
    key = {"headers": {"Idempotency-Key": "once"}}
    first = program.post(METHODS, NEW, **JSON, **key)
    again = program.post(METHODS, NEW, **JSON, **key)

    assert (again["Idempotency-Replayed"], again.json()) == ("true", first.json())
    assert ContactMethod.objects.count() == 1
    read = [first, again, program.get(METHODS), program.get(at(first.json()))]
    assert not [each for each in read if "secret-topic" in each.content.decode()]
    assert not [each for each in Replay.objects.all() if b"secret-topic" in bytes(each.body)]


def test_the_code_stands_in_no_delivery(program):
    method = program.post(METHODS, NEW, **JSON).json()

    listed = program.get("/api/v1/deliveries/").content.decode()
    assert "is the code" in listed and code_of(method) not in listed


def test_wrong_codes_stay_counted(program):
    method = program.post(METHODS, NEW, **JSON).json()
    wrong = "000000" if code_of(method) != "000000" else "111111"

    for number in range(MOST_TRIES):
        key = {"headers": {"Idempotency-Key": str(number)}} if number % 2 else {}
        refused = program.post(at(method, "verify/"), {"code": wrong}, **JSON, **key)
        assert (refused.status_code, refused.json()["type"]) == (400, "/api/problems/wrong-code")
    refused = program.post(at(method, "verify/"), {"code": code_of(method)}, **JSON)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/problems/code-over")


def test_a_code_and_a_test_are_sent_once_a_minute(program, add, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    method = program.post(METHODS, NEW, **JSON).json()
    again = program.post(at(method, "send-code/"), **JSON)
    verified = add("ntfys://a.example.org/t")
    first, second = (program.post(at(verified, "test/"), **JSON).json() for _ in range(2))

    assert (again.status_code, again["Retry-After"]) == (429, "60")
    assert first["id"] == second["id"]
    assert program.post(at(method, "test/"), **JSON).json()["type"] == "/api/problems/not-verified"
    verified = program.post(at(verified, "send-code/"), **JSON)
    assert verified.json()["type"] == "/api/problems/already-verified"


def test_a_session_needs_the_password_as_on_the_page(client_of, nina, add):
    method, browser = add("ntfys://a.example.org/t"), client_of(nina)
    match = {"headers": {"If-Match": "*"}}
    refused = [browser.post(METHODS, NEW, **JSON), browser.delete(at(method), **match)]

    assert [each.status_code for each in refused] == [403, 403]
    assert refused[0].json()["follow"] == "/account/confirm/"
    assert browser.patch(at(method), {"label": "Pager"}, **JSON, **match).status_code == 200
    confirmed(browser)
    assert browser.post(METHODS, NEW, **JSON).status_code == 201
    assert browser.delete(at(method), **match).status_code == 204


def test_other_people_and_narrow_tokens_get_nothing(api, nina, rita, add):
    method = add()
    other, reader, narrow = api(rita), api(nina, "notifications:read"), api(nina, "runbooks:write")
    match = {"headers": {"If-Match": "*"}}

    assert other.get(METHODS).json()["results"] == []
    assert other.get(at(method)).status_code == 404
    assert other.delete(at(method), **match).status_code == 404
    for verb in ("send-code/", "test/"):
        assert other.post(at(method, verb), **JSON).status_code == 404
    assert other.post(at(method, "verify/"), {"code": "1"}, **JSON).status_code == 404
    assert reader.get(at(method)).status_code == 200
    assert reader.delete(at(method), **match).status_code == 403
    assert reader.put(HOURS, {"is_on": False}, **JSON, **match).status_code == 403
    assert narrow.get(METHODS).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"to": "json://example.org/"}, "/to"),
        ({"to": ""}, "/to"),
        ({"kind": "mail", "to": "nina@example.org"}, "/to"),
        ({"kind": "webhook"}, "/kind"),
        ({"least_urgency": "never"}, "/least_urgency"),
        ({"verified_at": "2026-01-01T00:00:00Z"}, "/verified_at"),
    ],
)
def test_what_is_no_method_is_refused(program, wrong, pointer):
    refused = program.post(METHODS, NEW | wrong, **JSON)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert not ContactMethod.objects.exists()


def test_a_change_is_based_on_what_was_seen(program, add):
    method = add()
    seen = program.get(at(method))["ETag"]
    match = {"headers": {"If-Match": seen}}
    assert program.patch(at(method), {"label": "Pager"}, **JSON, **match).status_code == 200

    stale = program.patch(at(method), {"label": "Phone"}, **JSON, **match)
    missing = program.delete(at(method))
    assert (stale.status_code, missing.status_code) == (412, 428)
    unchanged = program.get(at(method), headers={"If-None-Match": stale["ETag"]})
    assert unchanged.status_code == 200  # the tag of what stands there says its state, too
    assert ContactMethod.objects.get().label == "Pager"


def test_fields_are_chosen(program, add):
    add()

    assert program.get(f"{METHODS}?fields=label,position").json()["results"] == [
        {"label": "", "position": 1}
    ]


def test_quiet_hours_are_put_and_taken_back(program, nina):
    none = program.get(HOURS)
    assert (none.json()["is_on"], none.json()["starts"]) == (False, "22:00")
    match = {"headers": {"If-Match": none["ETag"]}}
    sent = {"is_on": True, "starts": "21:30", "weekdays": [4, 0], "wakes_for": "nothing"}
    put = program.put(HOURS, sent, **JSON, **match)

    assert put.status_code == 200
    assert {**sent, "weekdays": [0, 4]}.items() <= put.json().items()
    assert program.get(HOURS)["ETag"] == put["ETag"] == put.json()["etag"]
    assert program.put(HOURS, sent, **JSON, **match).status_code == 412
    match = {"headers": {"If-Match": put["ETag"]}}
    off = program.put(HOURS, {"is_on": False}, **JSON, **match)
    assert off.json()["is_on"] is False and not QuietHours.objects.get().is_on
    assert {**sent, "is_on": False, "weekdays": [0, 4]}.items() <= off.json().items()


def test_quiet_hours_are_put_as_they_were_read(program, nina):
    match = {"headers": {"If-Match": "*"}}
    program.put(HOURS, {"is_on": True, "starts": "21:30"}, **JSON, **match)
    read = program.get(HOURS).json()

    assert program.put(HOURS, read, **JSON, **match).json() == read
    refused = program.put(HOURS, read | {"time_zone": "Asia/Tokyo"}, **JSON, **match)
    assert refused.json()["errors"][0]["pointer"] == "/time_zone"


def test_quiet_hours_that_are_off_hold_nothing_back(program, nina):
    match = {"headers": {"If-Match": "*"}}
    program.put(HOURS, {"is_on": True, "starts": "00:00", "ends": "23:59"}, **JSON, **match)
    hours, noon = QuietHours.objects.get(), datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert hours.until(noon)
    program.put(HOURS, {"is_on": False}, **JSON, **match)

    assert QuietHours.objects.get().until(noon) is None


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"starts": "07:00", "ends": "07:00"}, "/ends"),
        ({"weekdays": []}, "/weekdays"),
        ({"weekdays": [7]}, "/weekdays/0"),
        ({"starts": "25:00"}, "/starts"),
    ],
)
def test_what_are_no_hours_is_refused(program, wrong, pointer):
    match = {"headers": {"If-Match": "*"}}
    refused = program.put(HOURS, {"is_on": True} | wrong, **JSON, **match)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not QuietHours.objects.exists()
