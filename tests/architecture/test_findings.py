"""What does not add up, and what does."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.architecture.catalog.findings import findings
from portal.architecture.catalog.graph import Graph
from portal.architecture.models import ConfigurationItem, Dependency, Service
from portal.architecture.models.configuration import ROTATION_SOON
from portal.architecture.templatetags.catalog_look import rotation
from runbooks.models import Runbook

from .conftest import needs

TODAY = date(2026, 11, 24)


def codes(**more) -> list[str]:
    return [found.code for found in findings(Graph.load(), on=TODAY, user=AnonymousUser())]


def test_a_sound_catalog_has_none(shop):
    Dependency.objects.filter(target__tier=2).delete()
    shop["queue"].delete()

    assert codes() == []


def test_a_circle_names_its_members(shop):
    needs(shop["database"], shop["web"], port=1)

    found = next(
        f for f in findings(Graph.load(), on=TODAY, user=AnonymousUser()) if f.code == "cycle"
    )
    assert found.detail == "Api, Database, Web need each other."


def test_the_others(shop):
    Dependency.objects.filter(source=shop["web"]).update(port=None)
    shop["api"].owner = None
    shop["api"].save()
    Service.objects.create(slug="alone", name="Alone", owner=shop["web"].owner)
    needs(shop["api"], shop["reports"], port=1)

    assert codes() == ["unowned", "port", "tier", "orphan"]


@pytest.mark.parametrize(
    ("rotated", "is_late"),
    [
        (None, True),
        (TODAY - timedelta(days=91), True),
        (TODAY - timedelta(days=90), False),
        (TODAY, False),
    ],
)
def test_a_secret_past_its_rotation(shop, rotated, is_late):
    shop["web"].configuration.create(
        name="KEY", kind="secret", rotation_days=90, rotated_on=rotated
    )

    assert ("rotation" in codes()) == is_late


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, ("bad", "Late by 1 day")),
        (0, ("warn", "Due 24 Nov 2026")),
        (ROTATION_SOON.days - 1, ("warn", "Due 7 Dec 2026")),
        (ROTATION_SOON.days, ("idle", "Due 8 Dec 2026")),
    ],
)
def test_a_rotation_that_comes_soon_is_a_warning(days, said):
    rotated = TODAY + timedelta(days=days - 90)

    status = rotation(ConfigurationItem(rotation_days=90, rotated_on=rotated), TODAY)

    assert (status["tone"], status["word"]) == said


def test_the_same_queries_for_many(shop, django_assert_num_queries):
    with django_assert_num_queries(5):
        findings(Graph.load(), on=TODAY, user=AnonymousUser())


@pytest.fixture
def overview(shop, alice, publish):
    """A document without a service, about one that is gone."""
    text = "Look.\n\n```diagram\nservice: gone\n```\n"
    return Runbook.objects.start("Overview", by=alice, text=text, section="architecture")


def of_documents(person) -> list[str]:
    found = findings(Graph.load(), on=TODAY, user=person)
    return [each.detail for each in found if each.code == "document"]


def test_a_document_about_what_is_gone(overview, publish, nina):
    publish(overview.newest)

    assert of_documents(nina) == ["“Overview”: There is no service “gone”."]
    assert of_documents(AnonymousUser()) == []


def test_drafts_are_no_findings(overview, alice):
    assert of_documents(alice) == []


def test_who_cannot_change_the_catalog_is_told_whom_to_ask(shop, nina, olga, client_of):
    Service.objects.create(slug="alone", name="Alone")
    reader, operator = (
        client_of(each).get("/services/findings/").content.decode() for each in (nina, olga)
    )

    assert "Tell the team that owns the service, or an operator" in reader
    assert "Tell the team" not in operator


def test_a_rotation_after_the_end_of_time_is_not_late(shop, nina, client_of):
    shop["web"].configuration.create(
        name="KEY", kind="secret", rotation_days=2_000_000_000, rotated_on=date(9999, 12, 31)
    )

    assert "rotation" not in codes()
    assert client_of(nina).get("/services/web/").status_code == 200
