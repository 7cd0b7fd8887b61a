"""The search page: everything one may see, in one list."""

import pytest

from portal.architecture.models import Service
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Fail over the orders database", "failover"),
        ("Fail over the orders database", "fail-over"),
        ("Fail over the orders database", "databse failover"),
        ("Fail-over of orders", "failover orders"),
        ("Failover of orders", "fail over"),
        ("Failover of orders", "Fail-Over orders"),
    ],
)
def test_spaces_and_hyphens_of_a_title_do_not_matter(client, nina, alice, publish, title, query):
    runbook = Runbook.objects.start(title, by=alice, text="1. Promote the standby.")
    publish(runbook.newest)
    client.force_login(nina)

    page = client.get("/search/", {"q": query}).content.decode()
    assert f'href="{runbook.get_absolute_url()}"' in page
    assert "Promote the standby" in page


def test_titles_that_readers_may_not_see_stay_unfound(client, nina, alice):
    Runbook.objects.start("Fail over the orders", by=alice, text="x")
    client.force_login(nina)

    assert "Nothing found" in client.get("/search/?q=failover").content.decode()


def test_services_are_found_among_the_others(client, nina, disk, api):
    Service.objects.create(slug="checkout", name="Checkout", description="Takes orders.")
    client.force_login(nina)
    page = client.get("/search/?q=CHECK+orders").content.decode()
    assert 'href="/services/checkout/"' in page and "Takes <mark>orders</mark>." in page

    found = api(nina).get("/api/v1/search/?q=checkout").json()["services"]
    assert found == [
        {
            "slug": "checkout",
            "title": "Checkout",
            "line": "Takes orders.",
            "url": "/services/checkout/",
        }
    ]
    for program, query in ((api(nina, "runbooks:read"), "checkout"), (api(nina), "")):
        assert program.get(f"/api/v1/search/?q={query}").json()["services"] == []


def test_what_a_typing_error_is_mended_to_counts_for_services_too(client, nina, disk):
    Service.objects.create(slug="disk", name="Disk array")
    client.force_login(nina)

    assert "Disk array" in client.get("/search/?q=diks").content.decode()


def test_search_marks_what_it_found_and_forgives_a_slip(client, nina, disk):
    client.force_login(nina)

    found = client.get("/search/", {"q": "rotate"}).content.decode()
    assert "Disk fills up" in found and "<mark>Rotate</mark>" in found
    assert "Disk fills up" in client.get("/search/", {"q": "rotaet"}).content.decode()


def test_search_filters_and_pages(client, nina, disk):
    client.force_login(nina)

    assert b"1 found" in client.get("/search/", {"q": "disk", "kind": "troubleshooting"}).content
    assert b"0 found" in client.get("/search/", {"q": "disk", "kind": "rollback"}).content
    for odd in ("", "0", "-1", "x", "9" * 9, "100"):
        assert client.get("/search/", {"q": "disk", "page": odd}).status_code == 200


@pytest.mark.parametrize("query", ["", '"', "*", "NEAR(", "\x00", "<script>", "a" * 5000, "' OR 1"])
def test_no_query_breaks_the_search(client, nina, disk, query):
    client.force_login(nina)

    response = client.get("/search/", {"q": query})

    assert response.status_code == 200 and b"<script>" not in response.content.split(b"<main")[1]


def test_search_finds_no_drafts_for_readers(client, nina, alice):
    Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    client.force_login(nina)

    assert b"Secret" not in client.get("/search/", {"q": "secret"}).content.split(b"<ol")[-1]
