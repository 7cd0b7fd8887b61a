"""Incidents on other pages: the line above, the rail, the first page, search, admin."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from django.utils.timezone import localtime

from tests.incidents.world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def alarm(client, address) -> str:
    found = re.search(r'<div class="alarm".*?</div>', text_of(client, address))
    return found[0] if found else ""


def test_an_open_sev2_is_one_line_on_every_page_but_its_own(client_of, nina, rita):
    incident = declare(rita, title="Checkout <fails>")
    client = client_of(nina)

    for address in ("/", "/runbooks/", "/services/", "/incidents/"):
        line = alarm(client, address)
        assert "Checkout &lt;fails&gt;" in line and incident.get_absolute_url() in line
        assert "SEV2 INC-" in line and "not acknowledged" in line
    assert alarm(client, incident.get_absolute_url()) == ""


def test_once_somebody_has_it_the_line_says_when_people_hear_more(client_of, nina, rita):
    incident = declare(rita, at=timezone.now() - timedelta(minutes=5))
    incident.acknowledge(by=rita)
    due = localtime(incident.clocks.get(kind="notice").due_at)
    assert f"next update by {due:%H:%M}" in alarm(client_of(nina), "/")

    incident.clocks.filter(kind="notice").update(due_at=timezone.now() - timedelta(minutes=1))
    caches["process"].clear()
    line = alarm(client_of(nina), "/")
    assert "update due since" in line and "is-bad" in line


def test_of_several_the_worst_stands_there(client_of, nina, rita):
    declare(rita, title="Second")
    worst = declare(rita, level=1, title="First")
    client = client_of(nina)

    assert "First" in alarm(client, "/") and "and 1 more" in alarm(client, "/")
    assert "Second" in alarm(client, worst.get_absolute_url())


@pytest.mark.parametrize("fields", [{"level": 3}, {"is_drill": True}])
def test_the_rest_is_no_alarm(fields, client_of, nina, rita):
    declare(rita, **fields)

    assert alarm(client_of(nina), "/") == ""


def test_what_is_over_is_no_alarm(client_of, nina, rita):
    declare(rita).resolve(by=rita)

    assert alarm(client_of(nina), "/") == ""


def test_the_rail_counts_and_the_top_declares(client_of, rita, nina):
    declare(rita)

    page = text_of(client_of(rita), "/runbooks/")
    assert re.search(r"Incidents<span class=\"count\">1<", page)
    assert 'href="/incidents/new/"' in page
    assert 'href="/incidents/new/"' not in text_of(client_of(nina), "/runbooks/")


def test_the_line_asks_the_database_seldom(client_of, nina, rita, django_assert_num_queries):
    from incidents.room.alarms import alarms, count

    declare(rita)
    alarms(nina)
    with django_assert_num_queries(0):
        assert len(alarms(nina)) == count(nina, False) == 1
    caches["process"].clear()
    with django_assert_num_queries(1):
        alarms(nina)


def test_the_first_page_says_what_waits(client_of, rita, alice, nina):
    service = make_service(policy=make_policy(alice))
    incident = declare(rita, services=[service])
    for person in (rita, alice):
        assert "Incidents to acknowledge" in text_of(client_of(person), "/")
    assert "Incidents to acknowledge" not in text_of(client_of(nina), "/")

    incident.acknowledge(by=rita)

    assert "Incidents that you work on" in text_of(client_of(rita), "/")
    assert "Incidents that you work on" not in text_of(client_of(alice), "/")


def test_it_is_acknowledged_on_the_first_page(client_of, rita, alice):
    incident = declare(rita)

    client_of(alice).post(f"{incident.get_absolute_url()}acknowledge/")

    incident.refresh_from_db()
    assert incident.acknowledged_by == alice


def test_it_is_found_by_words_and_number(client_of, rita, nina):
    incident = declare(rita, title="Checkout fails")
    client = client_of(nina)

    for words in ("checkout", incident.name):
        assert incident.get_absolute_url() in text_of(client, f"/search/?q={words}")
    incident.change({"title": "Payments fail"}, by=rita)
    assert incident.get_absolute_url() in text_of(client, "/search/?q=payments")
    incident.resolve(by=rita, text="Restarted the gateway")
    assert incident.get_absolute_url() in text_of(client, "/search/?q=gateway")


def test_the_palette_leads_there(client_of, rita, nina):
    places = {"declare": "/incidents/new/", "severities": "/incidents/severities/"}
    for words, address in {**places, "incidents": "/incidents/"}.items():
        assert address in text_of(client_of(rita), f"/search/palette/?q={words}")
    assert places["declare"] not in text_of(client_of(nina), "/search/palette/?q=declare")


def test_the_page_of_a_service_lists_them_and_offers_to_declare(client_of, rita):
    service = make_service()
    declare(rita, level=4, title="Slow search", services=[service]).resolve(by=rita, text="Faster")

    page = text_of(client_of(rita), service.get_absolute_url())

    assert f'href="/incidents/new/?service={service.slug}"' in page
    assert "Slow search" in page and "Faster" in page and "SEV4" in page


def test_the_administration_shows_them(client_of, olga, rita):
    incident = declare(rita)
    client = client_of(olga)

    assert incident.title in text_of(client, "/admin/incidents/incident/")
    assert incident.title in text_of(client, f"/admin/incidents/incident/{incident.pk}/change/")
    assert "Critical" in text_of(client, "/admin/incidents/severity/")
