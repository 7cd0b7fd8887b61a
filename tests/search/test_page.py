"""The search page: everything one may see, in one list."""

import pytest

from onboarding.models import Guide, Question
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

    assert "No results" in client.get("/search/?q=failover").content.decode()


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
            "url": "http://127.0.0.1/services/checkout/",
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

    assert b"1 result" in client.get("/search/", {"q": "disk", "kind": "troubleshooting"}).content
    assert b"No results." in client.get("/search/", {"q": "disk", "kind": "rollback"}).content
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


@pytest.fixture
def shelf(disk, published):
    Service.objects.create(slug="disk", name="Disk array", description="Keeps files.")
    Guide.objects.start("Disk secrets", by=None)


def shown(client, person, **asked) -> str:
    client.force_login(person)
    return client.get("/search/", asked).content.decode()


def test_each_type_has_its_number_whatever_is_chosen(shelf, client, nina, alice):
    for asked in ({}, {"type": "service"}):
        page = shown(client, nina, q="disk", **asked)
        assert '<span>Services</span><span class="count">1</span>' in page
        assert '<span>Runbooks</span><span class="count">1</span>' in page
        assert "<span>Guides</span>" not in page  # its only one is a draft
    assert "1 result" in page and "Disk array" in page and "Disk fills up" not in page
    assert '<span>Guides</span><span class="count">1</span>' in shown(client, alice, q="disk")


def test_the_numbers_of_types_heed_the_filters(shelf, client, nina):
    page = shown(client, nina, q="disk", type="runbook", kind="troubleshooting")

    assert '<span>Runbooks</span><span class="count">1</span>' in page
    assert "<span>Services</span>" not in page  # they have no such filter


def test_what_was_chosen_goes_on_to_the_next_page(client, nina):
    for number in range(25):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}")

    first = shown(client, nina, q="queue", type="service", owner="")
    assert 'href="?q=queue&amp;type=service&amp;page=2"' in first and 'rel="prev"' not in first
    last = shown(client, nina, q="queue", type="service", page="2")
    assert 'href="?q=queue&amp;type=service"' in last and 'rel="next"' not in last
    assert last.count('<a class="title"') == 5
    assert "“queue”" in last and 'start="21"' in last


@pytest.mark.parametrize("odd", ["film", "", "film\x00", "a" * 5000])
def test_unknown_types_are_left_out(shelf, client, nina, odd):
    assert "2 result" in shown(client, nina, q="disk", type=odd)


def test_a_corrected_query_is_told_and_counted(shelf, client, nina):
    page = shown(client, nina, q="dsik", type="service")

    assert "No exact match. Showing 1 result for “disk”." in page
    assert '<span>Runbooks</span><span class="count">1</span>' in page


def test_a_type_that_lacks_what_another_has_shows_what_is_near(shelf, client, nina):
    for number in range(2):
        Question(slug=f"q{number}").write(topic="T", question=f"Dsik {number}?", answer="x")
    every = shown(client, nina, q="dsik")
    assert "2 results." in every and "No exact match" not in every

    page = shown(client, nina, q="dsik", type="service")
    assert "No exact match. Showing 1 result for “disk”." in page
    assert '<span>Services</span><span class="count">1</span>' in page
    assert '<span>Questions</span><span class="count">2</span>' in page


def test_an_address_that_stands_nowhere_is_told_with_what_is_near(client, nina):
    Service.objects.create(slug="s", name="Web", description="40 of 10 had 20 or 30")

    page = shown(client, nina, q="10.20.30.40")
    assert "No exact match. Showing 1 result for “10 20 30 40”." in page


def test_who_may_see_nothing_is_told_so(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger"))

    assert client.get("/search/?q=disk").status_code == 403


def test_the_filters_are_those_of_the_kinds_that_one_may_see(shelf, client, nina):
    page = shown(client, nina, q="disk", kind="troubleshooting", service="disk")

    assert '<option value="troubleshooting" selected>' in page
    assert '<option value="disk" selected>Disk array</option>' in page
    assert "Clear all filters" in page and "No results." in page
