"""The pages of the on-call room, as people use them without JavaScript."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import Feed, Override, Rotation, Swap
from incidents.models.specifications import specified
from incidents.oncall.shifts import shifts
from portal.architecture.models import Service
from portal.core.problems import Stale

from .world import DAY, HOUR, make_on_call

pytestmark = pytest.mark.django_db
HOURS = "Mon-Fri 18:00-08:00\nSat,Sun 00:00-24:00"


@pytest.fixture
def current(rita, alice, paul):
    """Rita and Alice take turns now."""
    orders = Service.objects.create(slug="orders", name="Orders")
    return make_on_call([rita, alice], by=paul, slug="databases", services=[orders])


def sent(*layers, **more) -> dict:
    """What the form sends."""
    found = {"name": "Nights", "time_zone": "Europe/Riga", "layers-INITIAL_FORMS": "0"}
    found["layers-TOTAL_FORMS"] = str(len(layers))
    for number, layer in enumerate(layers):
        found |= {f"layers-{number}-{name}": to for name, to in layer.items()}
    return found | more


def layer(*people, **more) -> dict:
    about = {
        "name": "Week",
        "position": "1",
        "people": [*people],
        "every": "1",
        "unit": "weeks",
        "hand_over": "09:00",
        "starts_on": "2026-11-02",
        "on_holidays": "usual",
    }
    return about | more


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_says_who_is_on_call_and_next_also_by_service(current, client_of, nina):
    answer = client_of(nina).get("/oncall/")
    said = text_of(answer)

    assert answer.status_code == 200
    (people,) = Rotation.objects.all().on_call(timezone.now()).values()
    assert f"{people[0]}" in said and "By service" in said and "Orders" in said
    assert "Cannot be called" in said
    assert Feed.objects.count() == 1 and "/oncall/feed/" not in said  # somebody else's


def test_it_says_who_is_called_at_another_time(current, client_of, rita, alice, nina):
    plan = Rotation.objects.all().plans(timezone.now(), timezone.now() + 30 * DAY)[current.pk]
    later = list(shifts(plan, timezone.now() + 20 * DAY, timezone.now() + 29 * DAY))[-1]
    at = later.starts_at + HOUR
    said = text_of(client_of(nina).get("/oncall/", {"at": at.isoformat()}))

    expected = {rita.pk: rita, alice.pk: alice}[later.person]
    row = said.split("Would it reach them?")[1]
    assert str(expected) in row[:200]
    assert "Then" in said


@pytest.mark.parametrize(
    "query", ["at=nonsense", "at=0001-01-01T00:00", "from=x&span=x", "from=9999-12-31"]
)
def test_nonsense_in_the_address_breaks_nothing(current, client_of, nina, query):
    assert client_of(nina).get(f"/oncall/?{query}").status_code == 200


def test_gaps_are_loud_and_lead_to_who_covers_them(current, client_of, rita):
    current.change({"layers": []}, by=rita, at=timezone.now())
    answer = client_of(rita).get("/oncall/")

    assert "Databases has nobody from" in text_of(answer)
    cover = re.search(r'href="(/oncall/databases/override/\?since=[^"]+)"', answer.content.decode())
    form = client_of(rita).get(cover[1].replace("&amp;", "&"))
    assert 'name="ends_at" value="20' in form.content.decode()


def test_a_rotation_is_created_with_layers(client_of, paul, rita, alice):
    answer = client_of(paul).post(
        "/oncall/new/",
        sent(
            layer("Rita Responder", "Alice Author", hours=HOURS),
            layer("Alice Author", name="Top", position="2", every="12", unit="hours"),
        ),
    )

    made = Rotation.objects.get()
    assert answer.url == made.get_absolute_url() == "/oncall/nights/"
    low, top = specified(made)
    assert (low.people, top.people) == ((rita, alice), (alice,))
    assert [each.weekdays for each in low.hours] == [{0, 1, 2, 3, 4}, {5, 6}]
    assert (top.every, top.unit) == (12, "hours")
    page = text_of(client_of(paul).get(answer.url))
    assert "Mon-Fri 18:00-08:00" in page and "Sat,Sun 00:00-24:00" in page


def test_what_is_wrong_stands_beside_what_was_typed(client_of, paul):
    answer = client_of(paul).post(
        "/oncall/new/",
        sent(layer("Nobody of this name", hours="always"), time_zone="Mars", holidays_country="XX"),
    )
    said = text_of(answer)

    assert answer.status_code == 400 and not Rotation.objects.exists()
    for words in ("Nobody of this name", "“always” says no days", "“Mars” is no time zone"):
        assert words in said


@pytest.mark.anywhere
def test_a_layer_without_people_is_red_and_a_country_is_chosen_by_name(client_of, paul):
    page = client_of(paul).get("/oncall/new/").content.decode()
    assert '<option value="SE">Sweden (SE)</option>' in page

    said = client_of(paul).post("/oncall/new/", sent(layer())).content.decode()
    first, second = re.findall(r'<input[^>]*name="layers-0-people"[^>]*>', said)[:2]
    assert 'aria-invalid="true"' in first and 'aria-invalid="true"' not in second


def test_there_is_room_for_one_more_layer_and_nothing_typed_is_lost(client_of, paul, rita):
    data = sent(layer("Rita Responder", hours=HOURS), name="Half", more="1", description="Not yet")
    answer = client_of(paul).post("/oncall/new/", data)
    said = answer.content.decode()

    assert answer.status_code == 200 and not Rotation.objects.exists()
    assert 'name="layers-1-name"' in said and 'value="Rita Responder"' in said
    assert 'value="Not yet"' in said and "is required" not in said


def test_an_edit_that_somebody_overtook_is_refused_with_both(current, client_of, paul, rita):
    browser = client_of(paul)
    page = browser.get("/oncall/databases/edit/").content.decode()
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    theirs = [*specified(current)]
    current.change({"layers": [theirs[0], theirs[0]]}, by=rita, at=timezone.now())

    answer = browser.post(
        "/oncall/databases/edit/",
        sent(layer("Rita Responder", name="Mine"), revision=revision, name="Mine"),
    )
    said = answer.content.decode()
    assert answer.status_code == Stale.status
    assert "As it stands now" in said and 'value="Mine"' in said
    assert len(specified(current)) == 2


def test_an_edit_is_saved(current, client_of, paul, rita):
    data = sent(layer("Rita Responder"), revision="0", name="Databases", is_always="on")
    data |= {"layers-INITIAL_FORMS": "1"}
    answer = client_of(paul).post("/oncall/databases/edit/", data)

    assert answer.status_code == 302
    assert [each.people for each in specified(current)] == [(rita,)]


def test_a_removed_layer_is_gone(current, client_of, paul):
    data = sent(
        layer("Rita Responder", DELETE="on"), layer("Alice Author", name="Other"), revision="0"
    )
    data |= {"layers-INITIAL_FORMS": "2", "name": "Databases"}
    assert client_of(paul).post("/oncall/databases/edit/", data).status_code == 302

    assert [each.name for each in specified(current)] == ["Other"]


def test_who_may_not(current, client_of, nina, rita):
    reader, responder = client_of(nina), client_of(rita)
    for address in ("new/", "databases/edit/"):
        assert responder.get(f"/oncall/{address}").status_code == 403
    for address in ("databases/override/", "databases/swap/"):
        assert reader.get(f"/oncall/{address}").status_code == 403
        assert responder.get(f"/oncall/{address}").status_code == 200
    assert responder.post("/oncall/databases/archive/").status_code == 403


def test_a_responder_covers_a_shift_and_a_lead_puts_in_anybody(current, client_of, rita, paul):
    times = {"starts_at": "2037-01-01T08:00", "ends_at": "2037-01-01T20:00"}
    address = "/oncall/databases/override/"
    refused = client_of(rita).post(address, times)
    assert refused.status_code == 400 and "within a year" in text_of(refused)

    day = timezone.localdate() + 5 * DAY
    times = {"starts_at": f"{day}T08:00", "ends_at": f"{day}T20:00"}
    assert client_of(rita).post(address, {**times, "person": "Alice Author"}).status_code == 302
    assert Override.objects.latest("pk").person == rita
    lead = client_of(paul)
    assert lead.post(address, {**times, "person": "Alice Author"}).status_code == 302
    assert Override.objects.latest("pk").person.username == "alice"
    assert lead.post(address, {**times, "is_nobody": "on"}).status_code == 302
    assert Override.objects.latest("pk").person is None
    both = lead.post(address, {**times, "is_nobody": "on", "person": "Alice Author"})
    assert both.status_code == 400
    row = Override.objects.latest("pk")
    assert lead.post(f"/oncall/overrides/{row.pk}/cancel/").status_code == 302
    row.refresh_from_db()
    assert row.cancelled_at


def test_a_swap_is_asked_for_and_agreed_to(current, client_of, rita, alice, nina):
    page = client_of(rita).get("/oncall/databases/swap/").content.decode()
    own = re.findall(r'<option value="([^"/]+/[^"]+)"', page.split('name="back"')[0])
    back = re.findall(r'<option value="([^"/]+/[^"]+)"', page.split('name="back"')[1])
    data = {"shift": own[0], "asked": "Alice Author", "back": back[0], "message": "A wedding"}
    answer = client_of(rita).post("/oncall/databases/swap/", data)
    swap = Swap.objects.latest("pk")

    assert answer.url == "/oncall/databases/#swaps"
    assert "Agree" in text_of(client_of(alice).get("/oncall/databases/"))
    assert client_of(nina).post(f"/oncall/swaps/{swap.pk}/agree/").status_code == 403
    assert client_of(rita).post(f"/oncall/swaps/{swap.pk}/agree/").status_code == 403
    assert client_of(alice).post(f"/oncall/swaps/{swap.pk}/agree/").status_code == 302
    again = client_of(alice).post(f"/oncall/swaps/{swap.pk}/decline/")
    assert again.status_code == 409
    wrong = client_of(rita).post("/oncall/databases/swap/", {**data, "shift": "x"})
    assert wrong.status_code == 400


def test_each_shift_has_its_own_swap_and_the_one_under_way_has_none(current, client_of, rita):
    page = client_of(rita).get("/oncall/").content.decode()
    mine = page.split('id="mine"')[1].split('id="swaps"')[0]
    addresses = re.findall(r'href="(/oncall/databases/swap/[^"]*)"', mine)

    assert len(addresses) == len({*addresses}) >= 3
    for address in addresses:
        asked = unquote(address.partition("?shift=")[2])
        form = client_of(rita).get(address).content.decode()
        assert f'<option value="{asked}" selected>' in form
    on_call_now = Rotation.objects.all().on_call(timezone.now())[current.pk] == [rita]
    assert ("On call now" in mine) == on_call_now
    assert '<optgroup label="Alice Author">' in form


def test_covering_begins_with_the_next_shift_of_somebody_else(current, client_of, rita):
    page = client_of(rita).get("/oncall/databases/override/").content.decode()
    values = dict(re.findall(r'name="(starts_at|ends_at)" value="([^"]+)"', page))

    assert 'href="/oncall/databases/override/"' in client_of(rita).get("/oncall/").content.decode()
    zone = timezone.get_current_timezone()
    at = datetime.fromisoformat(values["starts_at"]).replace(tzinfo=zone)
    assert values["ends_at"] > values["starts_at"] and at > timezone.now()
    assert Rotation.objects.all().on_call(at)[current.pk] != [rita]


def test_a_rotation_that_ends_is_told_two_months_before_and_nothing_is_invented(
    current, client_of, paul
):
    last = timezone.localdate() + 40 * DAY
    layers = [replace(each, ends_on=last) for each in specified(current)]
    current.change({"layers": layers}, by=paul, at=timezone.now())

    for address in ("/oncall/", "/oncall/databases/"):
        answer = client_of(paul).get(address)
        assert "Its last layer ends then" in text_of(answer)
        assert "/oncall/databases/edit/" in answer.content.decode()
    said = text_of(client_of(paul).get("/oncall/", {"at": f"{last + DAY}T12:00"}))
    row = said.split("Would it reach them?")[1].split("By service")[0]
    assert f"Nobody since {last:%a} {last.day} {last:%b}, 09:00" in row
    assert "nobody is planned" in row and "until" not in row.split("1 shift")[0][:200]


def test_the_first_calendar_is_no_new_one(current, client_of, rita):
    said = [text_of(client_of(rita).post("/oncall/new-feed/", follow=True)) for _ in "12"]

    assert "has an address" in said[0] and "no longer works" not in said[0]
    assert "The old one no longer works" in said[1]


def test_the_hand_over_has_a_page(current, client_of, nina):
    said = text_of(client_of(nina).get("/oncall/databases/hand-over/"))

    assert "What called at night" in said and "No alert fires." in said


def test_archived_it_stays_readable(current, client_of, paul):
    browser = client_of(paul)
    page = browser.get("/oncall/databases/").content.decode()
    asked = page.split("<summary>Archive rotation")[1].split("</details>")[0]
    assert "no longer answers for Orders" in " ".join(asked.split()) and "archive/" in asked
    assert browser.post("/oncall/databases/archive/").status_code == 302
    archived = browser.get("/oncall/databases/")
    assert (
        "nobody is on call in it" in text_of(archived) and '<svg class="slot' not in archived.text
    )
    assert "No rotations yet" in text_of(browser.get("/oncall/"))
    assert browser.post("/oncall/databases/archive/").status_code == 409
    assert browser.post("/oncall/databases/unarchive/").status_code == 302


def test_a_name_that_is_markup_stays_text(current, client_of, paul, nina):
    current.change({"name": "<b>x</b>", "layers": specified(current)}, by=paul, at=timezone.now())

    assert "<b>x</b>" not in client_of(nina).get("/oncall/").content.decode()


def test_the_page_of_a_verb_that_is_opened_leads_back(current, client_of, rita):
    browser = client_of(rita)
    for address in ("/oncall/new-feed/", "/oncall/swaps/1/agree/", "/oncall/overrides/1/cancel/"):
        assert browser.get(address).url == reverse("oncall:today")
