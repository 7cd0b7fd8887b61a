"""Documents that name a view: drawn from the catalog as it is when somebody reads them."""

from datetime import date

import pytest

from portal.architecture.catalog.findings import findings
from portal.architecture.catalog.graph import Graph
from portal.architecture.diagrams.blocks import figure_of, problem_of
from portal.architecture.models import Dependency, Service
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}
TEXT = "How it hangs together.\n\n```diagram\nservice: web\nview: data-flow\n```\n"


@pytest.fixture
def overview(shop, alice, publish):
    runbook = Runbook.objects.start("Overview", by=alice, text=TEXT, section="architecture")
    publish(runbook.newest)
    return runbook


def test_html_through_the_api_is_drawn_as_it_is_today(overview, shop, api, nina):
    client = api(nina)
    for address in (
        "/api/v1/runbooks/overview/",
        "/api/v1/runbooks/overview/versions/1/",
    ):
        before = client.get(address, headers=HTML)
        assert "data-mermaid" in before.content.decode()
        again = client.get(address, headers=HTML | {"If-None-Match": before["ETag"]})
        assert again.status_code == 304
        shop["api"].name = f"Changed {address}"
        shop["api"].save()

        after = client.get(address, headers=HTML | {"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert "Changed" in after.content.decode()
    assert "Changed" in client.get("/api/v1/runbooks/overview/?fields=html").json()["html"]


def test_the_tag_of_what_is_drawn_is_good_for_a_change(overview, api, alice):
    client = api(alice)
    tag = client.get("/api/v1/runbooks/overview/", headers=HTML)["ETag"]

    answer = client.patch(
        "/api/v1/runbooks/overview/",
        {"title": "Over all"},
        content_type="application/json",
        headers={"If-Match": tag},
    )
    assert answer.status_code == 200


def test_a_token_for_runbooks_alone_shows_no_catalog(overview, api, nina):
    answer = api(nina, "runbooks:read").get("/api/v1/runbooks/overview/", headers=HTML)

    assert "service: web" in answer.content.decode()
    assert "Api" not in answer.content.decode()


def test_what_is_gone_says_so_on_the_page(overview, shop, nina, client_of):
    shop["web"].delete()

    page = client_of(nina).get("/runbooks/overview/").content.decode()
    assert "There is no service “web”" in page


def test_a_block_of_a_zone_that_is_gone_is_a_finding(shop, alice, nina, publish):
    text = "```diagram\nview: network\nonly: gone-zone\n```\n"
    publish(Runbook.objects.start("Zones", by=alice, text=text, section="architecture").newest)

    found = findings(Graph.load(), on=date(2026, 11, 1), user=nina)
    assert [each.detail for each in found if each.code == "document"] == [
        "“Zones”: There is no zone “gone-zone”."
    ]


def test_a_crowd_is_a_picture_of_the_portal(shop):
    many = Service.objects.bulk_create(Service(slug=f"m{n}", name=f"M{n}") for n in range(40))
    Dependency.objects.bulk_create(Dependency(source=each, target=shop["api"]) for each in many)
    graph = Graph.load()

    assert problem_of("service: api", graph) == ""
    figure = figure_of("service: api\nview: network", graph)
    assert 'data-picture><img src="/services/diagrams/network.svg?service=api"' in figure


def test_without_a_script_a_small_one_is_a_picture_too(shop):
    figure = figure_of("service: web", Graph.load())

    assert '<noscript><img src="/services/diagrams/context.svg?service=web"' in figure
