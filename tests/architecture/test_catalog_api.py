"""The catalog through the API: the same documents, with tags, refusals and diagrams."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.architecture.models import Integration, Service, Zone

pytestmark = pytest.mark.django_db
WEB = "/api/v1/services/web/"


@pytest.fixture
def send(api, olga):
    client = api(olga, "architecture:read", "architecture:write")

    def send(method, path, body=None, client=client, **headers):
        named = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(path, headers=headers, **named)

    return send


def test_a_document_is_read_changed_and_deleted(shop, send):
    read = send("get", WEB)
    document = read.json()
    assert document["depends_on"][0]["service"] == "api"
    document["tier"] = 2
    assert send("put", WEB, document).status_code == 428
    kept = send("put", WEB, document, **{"If-Match": read["ETag"]})
    assert kept.status_code == 200
    assert send("put", WEB, document, **{"If-Match": read["ETag"]}).status_code == 412
    assert send("delete", WEB, **{"If-Match": kept["ETag"]}).status_code == 204
    assert send("get", WEB).status_code == 404


def test_a_new_one_is_made(shop, send):
    body = {"name": "Cart", "depends_on": [{"service": "queue"}, {"integration": "pay"}]}
    answer = send("put", "/api/v1/services/cart/", body)

    assert answer.status_code == 201
    assert answer["Location"] == "/api/v1/services/cart/"
    assert Service.objects.get(slug="cart").dependencies.count() == 2


def test_what_is_needed_is_not_deleted(shop, send):
    answer = send("delete", "/api/v1/services/database/", **{"If-Match": "*"})

    assert answer.status_code == 409
    assert "Api, Reports" in answer.json()["detail"]
    assert send("delete", "/api/v1/integrations/pay/", **{"If-Match": "*"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "X", "tier": 9}, "/tier"),
        ({"name": "X", "colour": "red"}, "/colour"),
        ({"name": "X", "slug": "y"}, "/slug"),
        ({"name": "X", "depends_on": [{"service": "gone"}]}, "/depends_on/0/service"),
        ({"name": "X", "depends_on": [{}]}, "/depends_on/0"),
        ({"name": "X", "depends_on": [{"service": "x"}]}, "/depends_on/0/service"),
        (
            {"name": "X", "configuration": [{"name": "k", "rotated_on": "9999-12-31"}]},
            "/configuration/0/rotated_on",
        ),
        ({"name": "X\u202eY"}, "/name"),
        ({"name": "X", "configuration": [{"name": "k", "kind": "secret", "example": "v"}]}, None),
        ([], None),
    ],
)
def test_what_is_wrong_is_pointed_at(shop, send, body, pointer):
    answer = send("put", "/api/v1/services/x/", body)

    assert answer.status_code == 400
    errors = answer.json().get("errors", [])
    assert pointer is None or pointer in [error["pointer"] for error in errors], errors
    assert not Service.objects.filter(slug="x").exists()


def test_zones_and_integrations(shop, send):
    zones = send("get", "/api/v1/zones/").json()["results"]
    assert [row["slug"] for row in zones] == ["edge", "inner"]
    assert send("put", "/api/v1/zones/dmz/", {"name": "DMZ"}).status_code == 201
    assert send("get", "/api/v1/integrations/pay/").json()["provider"] == "Paymaster"


def test_the_list_says_where_each_belongs(shop, send):
    row = send("get", "/api/v1/services/").json()["results"][0]

    assert row.keys() == {
        *("slug", "name", "description", "tier", "kind", "owner", "zone", "part_of", "url")
    }


def test_needs_and_blast_radius(shop, send):
    found = send("get", f"{WEB}needs/").json()["results"]
    assert [(e["service"] or e["integration"], e["depth"], e["hard"]) for e in found] == [
        ("api", 1, True),
        ("database", 2, True),
        ("queue", 2, False),
        ("pay", 2, True),
    ]
    assert found[-1] == {
        "service": None,
        "integration": "pay",
        "name": "Payments",
        "owner": None,
        "tier": None,
        "depth": 2,
        "hard": True,
        "needed_by": ["api"],
    }
    found = send("get", "/api/v1/services/database/dependents/").json()["results"]
    assert [(each["service"], each["depth"]) for each in found] == [
        ("api", 1),
        ("reports", 1),
        ("web", 2),
    ]
    assert send("get", "/api/v1/services/gone/needs/").status_code == 404


@pytest.mark.parametrize("side", ["needs", "dependents"])
@pytest.mark.parametrize("query", ["", "?depth=1", "?depth=2", "?hard=true", "?depth=2&hard=true"])
def test_needs_and_blast_radius_are_those_of_the_page(shop, send, client_of, nina, side, query):
    mail = Integration.objects.create(slug="mail", name="Mail")
    shop["queue"].dependencies.create(integration=mail)
    shop["web"].dependencies.create(integration=mail, hard=False)
    reader = client_of(nina)

    for slug in shop:
        address = f"services/{slug}/{side}/{query}"
        page = reader.get(f"/{address}").context["reach"]
        rows = send("get", f"/api/v1/{address}").json()["results"]
        assert {(row["name"], row["depth"], row["hard"]) for row in rows} == {
            *((each.service.name, each.depth, each.hard) for each in page.services),
            *((each.integration.name, each.depth, each.hard) for each in page.outside),
        }
        assert len(rows) == len(page.services) + len(page.outside)


def test_configuration_of_all_services(shop, send):
    on = timezone.localdate() - timedelta(days=10)
    shop["web"].configuration.create(name="KEY", kind="secret", rotation_days=5, rotated_on=on)
    shop["api"].configuration.create(name="URL")
    address = "/api/v1/catalog/configuration/"

    rows = send("get", address).json()["results"]
    assert [(row["service"], row["name"], row["overdue"]) for row in rows] == [
        ("api", "URL", False),
        ("web", "KEY", True),
    ]
    assert rows[1]["rotation_due"] == str(on + timedelta(days=5))
    of_web = send("get", f"{address}?service=web").json()["results"]
    assert [row["name"] for row in of_web] == ["KEY"]
    first = send("get", f"{address}?limit=1&fields=name")
    assert first.json()["results"] == [{"name": "URL"}]
    following = re.search('<([^>]*)>; rel="next"', first["Link"])[1]
    assert send("get", following).json()["results"] == [{"name": "KEY"}]


def test_who_uses_an_integration(shop, send):
    address = "/api/v1/integrations/pay/dependents/"

    rows = send("get", address).json()["results"]
    found = [(row["service"], row["depth"], row["hard"]) for row in rows]
    assert found == [("api", 1, True), ("web", 2, True)]
    near = send("get", f"{address}?depth=1").json()["results"]
    assert [row["service"] for row in near] == ["api"]
    assert send("get", "/api/v1/integrations/web/dependents/").status_code == 404


def test_diagrams_in_three_forms(shop, send):
    drawn = send("get", "/api/v1/diagrams/data-flow/?service=api").json()
    assert {node["key"] for node in drawn["nodes"]} >= {"api", "web", "database"}
    assert drawn["mermaid"].startswith("flowchart")
    picture = send("get", "/api/v1/diagrams/network/svg/?theme=print")
    assert picture["Content-Type"] == "image/svg+xml"
    text = send("get", "/api/v1/diagrams/network/mermaid/")
    assert text.content.decode().startswith("flowchart")
    assert send("get", "/api/v1/diagrams/galaxy/").status_code == 404
    assert send("get", "/api/v1/diagrams/network/?depth=99").status_code == 400
    gone = send("get", "/api/v1/diagrams/network/?only=gone")
    assert (gone.status_code, gone.json()["errors"][0]["pointer"]) == (400, "/only")
    assert send("get", "/api/v1/diagrams/network/svg/?theme=pink").status_code == 400


def test_a_diagram_longer_than_pages_draw_is_refused_with_advice(shop, send, client_of, nina):
    zones = Zone.objects.bulk_create(
        Zone(slug=f"z{n}", name=f"Zone {n} " + "x" * 90) for n in range(200)
    )
    rows = [Service(slug=f"s{zone.slug}", name=zone.name, zone=zone) for zone in zones]
    Service.objects.bulk_create(rows)

    for answer in (
        send("get", "/api/v1/diagrams/network/mermaid/"),
        client_of(nina).get("/services/diagrams/network.mmd"),
    ):
        assert answer.status_code == 400
        assert "choose a service, a zone or a team" in answer.content.decode()
    assert send("get", "/api/v1/diagrams/network/").json()["mermaid"] is None


def test_findings(shop, send):
    shop["web"].owner = None
    shop["web"].save()

    codes = {row["code"] for row in send("get", "/api/v1/catalog/findings/").json()["results"]}
    assert "unowned" in codes


def test_readers_read_only(shop, api, nina, send):
    client = api(nina)

    assert client.get(WEB).status_code == 200
    assert send("put", "/api/v1/services/x/", {"name": "X"}, client=client).status_code == 403
    assert send("delete", WEB, client=client, **{"If-Match": "*"}).status_code == 403


def test_needs_are_limited_in_depth_and_to_hard_ones(shop, send):
    def names(query: str) -> list[str]:
        rows = send("get", f"{WEB}needs/{query}").json()["results"]
        return [row["service"] or row["integration"] for row in rows]

    assert names("?depth=1") == ["api"]
    assert names("?depth=2") == ["api", "database", "queue", "pay"]
    assert names("?hard=true") == ["api", "database", "pay"]
    for wrong in ("?depth=0", "?depth=x", "?hard=perhaps"):
        assert send("get", f"{WEB}needs/{wrong}").status_code == 400


@pytest.mark.parametrize("name", ["services", "zones", "integrations"])
def test_lists_have_pages(shop, send, name):
    for noun in ("zones", "integrations"):
        send("put", f"/api/v1/{noun}/another/", {"name": "Another"})
    whole = send("get", f"/api/v1/{name}/?fields=slug").json()["results"]
    found, address = [], f"/api/v1/{name}/?limit=1&fields=slug"
    while address:
        answer = send("get", address)
        found += answer.json()["results"]
        links = dict(
            reversed(each.split("; ")) for each in answer.get("Link", "").split(", ") if each
        )
        address = links.get('rel="next"', "").strip("<>")

    assert found == whole
    assert len(found) > 1
    assert send("get", f"/api/v1/{name}/?limit=0").status_code == 400
    assert send("get", f"/api/v1/{name}/?fields=colour").status_code == 400


def test_of_a_document_only_what_is_asked_for(shop, send):
    whole = send("get", WEB)
    some = send("get", f"{WEB}?fields=slug,tier")

    assert some.json() == {"slug": "web", "tier": 1}
    assert send("get", WEB, **{"If-None-Match": whole["ETag"]}).status_code == 304
    assert send("put", WEB, {"name": "Web"}, **{"If-Match": some["ETag"]}).status_code == 200
