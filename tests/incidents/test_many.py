"""Among very many incidents that are over, what is asked for all the time is found by an index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.listing import words
from incidents.models import Entry, Incident, incident_queries
from tests.incidents.world import declare, make_service

pytestmark = pytest.mark.django_db
INDEXES = {
    "incident_open_newest": lambda rows: rows.open().order_by("-declared_at", "-pk"),
    "incident_open": lambda rows: rows.unacknowledged().order_by("level", "-declared_at", "-pk"),
    "incident_of_group": lambda rows: rows.of_group("checkout"),
}


@pytest.mark.parametrize("index", INDEXES)
def test_what_is_open_is_found_by_its_index(index):
    if connection.vendor != "sqlite":
        pytest.skip("With few rows PostgreSQL reads all of them.")
    assert index in INDEXES[index](Incident.objects.all()).explain()


@pytest.mark.parametrize("looked_up", [0, 1000])
def test_what_changed_is_found_among_few_and_many_entries(rita, monkeypatch, looked_up):
    monkeypatch.setattr(incident_queries, "LOOKED_UP", looked_up)
    now = timezone.now()
    declare(rita, title="Old", at=now - timedelta(days=2))
    busy = declare(rita, title="Old, and busy", at=now - timedelta(days=2))
    new = declare(rita, title="New", at=now - timedelta(hours=1))
    busy.note("Again", by=rita, at=now)

    day = Incident.objects.changed_since(now - timedelta(days=1))
    assert {*day} == {busy, new}
    assert not Incident.objects.changed_since(now + timedelta(seconds=1))


def test_only_lately_written_entries_are_read(rita):
    if connection.vendor != "sqlite":
        pytest.skip("With few rows PostgreSQL reads all of them.")
    found = Entry.objects.filter(at__gte=timezone.now()).order_by("at").values_list("incident")
    assert "COVERING INDEX entry_newest" in found.explain()


def test_of_no_group_is_nothing(rita):
    declare(rita)
    assert not Incident.objects.of_group("")


@pytest.mark.parametrize("most", [0, 2000])
def test_words_are_found_by_the_search_and_by_the_texts_of_what_it_lacks(rita, monkeypatch, most):
    monkeypatch.setattr(words, "MOST", most)
    declare(rita, title="Mail is slow")
    texts = declare(rita, title="Checkout", description="The disk is full")
    hidden = declare(rita, title="Full of salaries", is_restricted=True)
    rows = Incident.objects.all()

    assert {*words.with_words(rows, "full", user=rita)} == {texts, hidden}
    assert {*words.with_words(rows, f"inc-{hidden.pk}", user=rita)} == {hidden}
    assert not words.with_words(rows, "nothingofthekind", user=rita)
    assert not words.with_words(Incident.objects.unrestricted(), "salaries", user=rita)


def test_what_is_restricted_is_found_by_its_index():
    if connection.vendor != "sqlite":
        pytest.skip("With few rows PostgreSQL reads all of them.")
    rows = Incident.objects.order_by().filter(is_restricted=True, title__icontains="x")
    assert "incident_restricted" in rows.explain()


def test_of_very_many_with_the_same_service_the_newest_are_compared(rita, monkeypatch):
    monkeypatch.setattr(incident_queries, "COMPARED", 2)
    services = [make_service()]
    oldest, older, newer, _, this = (declare(rita, services=services) for _ in range(5))
    for each in (oldest, older, newer):
        each.resolve(by=rita)

    keys = [each.pk for each in services]
    found = Incident.objects.similar_to(this, names=[], services=keys)
    assert [*found] == [newer, older]
