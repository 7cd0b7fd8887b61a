"""Calendars: what is in them, who opens them, and how their addresses end."""

import itertools
import re
from datetime import timedelta

import icalendar
import pytest
from django.test import Client

from incidents.models import Feed
from incidents.oncall.feed import address_of, calendar_of
from portal.core.ops.logs import masked

from .world import AT, DAY

pytestmark = pytest.mark.django_db


def opened(feed) -> str:
    return re.sub(r"^https?://[^/]+", "", address_of(feed))


def events(feed, at=AT):
    found = icalendar.Calendar.from_ical(calendar_of(feed, at)).walk("VEVENT")
    return [(str(e["SUMMARY"]), e.decoded("DTSTART"), str(e["UID"])) for e in found]


def test_a_person_reads_their_own_shifts(rotation, rita):
    found = events(Feed.objects.open(rita, at=AT))

    assert {summary for summary, *_ in found} == {"On call: Databases"}
    begins = [begin for _, begin, _ in found]
    assert begins == sorted(begins) and len(begins) == 9
    assert all(b - a == timedelta(days=14) for a, b in itertools.pairwise(begins))
    assert max(begins) < AT + 90 * DAY


def test_that_of_a_rotation_has_everybody_and_gaps(rotation, rita, nina, alice):
    rotation.override(rita, AT + DAY, AT + 2 * DAY, by=rita, at=AT)
    alice.is_active = False
    alice.save()
    found = {summary for summary, *_ in events(Feed.objects.open(nina, rotation, at=AT))}

    assert found == {"Rita Responder: Databases", "Nobody: Databases"}


def test_a_shift_keeps_its_key_whenever_it_is_read(rotation, rita):
    feed = Feed.objects.open(rita, at=AT)
    first, later = ({b: u for _, b, u in events(feed, at)} for at in (AT, AT + 20 * DAY))

    assert {first[b] == later[b] for b in first.keys() & later.keys()} == {True}
    assert len({*first.values()}) == len(first)


def test_the_address_opens_without_signing_in_until_it_is_renewed_or_revoked(
    rotation, rita, client_of
):
    browser = client_of(rita)
    assert browser.post("/oncall/new-feed/").url == "/oncall/#calendar"
    old = opened(Feed.objects.get())
    answer = Client().get(old)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert old in browser.get("/oncall/").content.decode()

    browser.post("/oncall/new-feed/")
    new = opened(Feed.objects.get())
    assert [Client().get(each).status_code for each in (old, new)] == [404, 200]
    browser.post("/oncall/revoke-feed/")
    assert Client().get(new).status_code == 404
    assert not Feed.objects.exists()


def test_that_of_a_rotation_is_another_one(rotation, rita, client_of):
    browser = client_of(rita)
    browser.post("/oncall/databases/new-feed/")
    address = opened(Feed.objects.get())

    assert address in browser.get("/oncall/databases/").content.decode()
    assert address not in browser.get("/oncall/").content.decode()
    browser.post("/oncall/databases/revoke-feed/")
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("how", ["off", "password", "role", "forged", "long"])
def test_it_ends_with_the_person_and_cannot_be_forged(rotation, rita, how):
    address = opened(Feed.objects.open(rita, at=AT))
    if how == "off":
        rita.is_active = False
    elif how == "password":
        rita.set_password("another one, quite long")
    elif how == "role":
        rita.groups.clear()
    else:
        address = address.replace("/feed/", "/feed/x" if how == "forged" else f"/feed/{'x' * 400}")
    rita.save()

    assert Client().get(address).status_code == 404


def test_the_key_is_masked_in_the_log(rotation, rita):
    address = opened(Feed.objects.open(rita, at=AT))

    assert masked(f'"GET {address}?x HTTP/1.1"') == '"GET /oncall/feed/…?x HTTP/1.1"'
