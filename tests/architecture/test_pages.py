"""The pages of the catalog for readers, operators, and those who may not."""

from datetime import date

import pytest
from django.urls import reverse

from portal.architecture.models import Dependency, Service
from runbooks.models import Run, Runbook

pytestmark = pytest.mark.django_db
PAGES = (*("services", "diagrams", "zones", "integrations", "configuration", "findings"),)


def test_every_page_opens_for_readers_and_for_nobody_else(shop, nina, client_of, client):
    reader = client_of(nina)
    for name in PAGES:
        address = reverse(f"architecture:{name}")
        assert reader.get(address).status_code == 200, name
        assert client.get(address).status_code == 302, name


def test_an_empty_catalog_says_what_to_do(nina, client_of):
    reader = client_of(nina)

    assert "import_catalog" in reader.get("/services/").content.decode()
    for name in PAGES:
        assert reader.get(reverse(f"architecture:{name}")).status_code == 200


def test_services_are_narrowed(shop, nina, client_of):
    reader = client_of(nina)

    page = reader.get("/services/?zone=inner&kind=database").content.decode()
    assert "Database" in page
    assert 'href="/services/web/"' not in page
    assert "Nothing matches" in reader.get("/services/?q=zebra&tier=x").content.decode()


def test_components_are_listed_after_the_services_with_what_they_are_part_of(shop, nina, client_of):
    Service.objects.create(slug="aa", name="Aa", part_of=shop["web"])

    page = client_of(nina).get("/services/").content.decode()

    at = [page.index(f'href="/services/{row.slug}/"') for row in shop.values()]
    assert max(at) < page.index('href="/services/aa/"')
    assert f"· part of {shop['web']}" in page


def test_a_service_page_shows_both_sides_and_its_runs(shop, alice, rita, nina, publish, client_of):
    runbook = Runbook.objects.start("Go", by=alice, text="- [ ] x\n", services=[shop["api"]])
    publish(runbook.newest)
    runbook.refresh_from_db()
    Run.objects.start(runbook, by=rita, service=shop["api"], environment="prod")
    shop["api"].configuration.create(name="KEY", kind="secret", rotation_days=1, kept_in="vault")

    page = client_of(nina).get("/services/api/").content.decode()

    for words in ("Database", "Payments", "/services/web/", "Never rotated", "vault", "prod"):
        assert words in page


def test_a_service_page_asks_as_often_for_many(
    shop, nina, client_of, django_assert_max_num_queries
):

    others = Service.objects.bulk_create(
        Service(slug=f"o{n}", name=f"O{n}", part_of=shop["api"]) for n in range(100)
    )
    Dependency.objects.bulk_create(Dependency(source=o, target=shop["api"]) for o in others)
    Dependency.objects.bulk_create(Dependency(source=shop["api"], target=o) for o in others)
    client = client_of(nina)

    with django_assert_max_num_queries(16):
        assert client.get("/services/api/").status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get("/services/diagrams/network/?service=api").status_code == 200


def test_the_runbooks_of_a_service_are_rows_without_instances(
    shop, alice, nina, publish, client_of, monkeypatch
):
    runbook = Runbook.objects.start(
        "Go <on>", by=alice, text="- [ ] x\n", kind="deployment", services=[shop["api"]]
    )
    publish(runbook.newest)
    made = []
    whole = Runbook.from_db.__func__
    monkeypatch.setattr(
        Runbook, "from_db", classmethod(lambda *args: made.append(args) or whole(*args))
    )

    page = client_of(nina).get("/services/api/").content.decode()

    assert made == []
    assert '<a class="title" href="/runbooks/go-on/">Go &lt;on&gt;</a>' in page
    assert "Never run" in page.partition('href="/runbooks/go-on/"')[2]


def test_needs_dependents_and_diagrams(shop, nina, client_of):
    reader = client_of(nina)
    needed = reader.get("/services/web/needs/").content.decode()
    assert "3 services and 1 integration; without 3 of them it is down" in needed
    assert "Reports" in reader.get("/services/database/dependents/").content.decode()
    assert reader.get("/services/gone/needs/").status_code == 404
    assert reader.get("/services/diagrams/galaxy/").status_code == 404
    assert reader.get("/services/diagrams/network/?depth=99").status_code == 400
    assert reader.get("/services/diagrams/network/?service=gone").status_code == 400
    picture = reader.get("/services/diagrams/network.svg?theme=dark")
    assert picture["Content-Type"] == "image/svg+xml"
    assert reader.get("/services/diagrams/network.svg?theme=pink").status_code == 400
    assert reader.get("/services/diagrams/context.mmd").content.startswith(b"flowchart")


def test_configuration_is_listed_by_the_day_of_the_next_rotation(shop, nina, client_of):
    items = {
        "PLAIN": (None, None),
        "NOTED": (None, date(2026, 1, 1)),
        "LONG": (365, date(2026, 3, 1)),
        "SHORT": (30, date(2026, 6, 1)),
        "NEVER": (90, None),
        "FOR_EVER": (2**31 - 1, date(2026, 1, 1)),
    }
    for name, (days, on) in items.items():
        shop["api"].configuration.create(name=name, rotation_days=days, rotated_on=on)

    page = client_of(nina).get("/services/configuration/").context["page"]
    names = [item.name for item in page]
    assert names == ["NEVER", "SHORT", "LONG", "FOR_EVER", "NOTED", "PLAIN"]


def test_who_uses_an_integration(shop, nina, client_of):
    reader = client_of(nina)

    page = reader.get("/services/integrations/").content.decode()
    assert "/services/integrations/pay/dependents/" in page
    page = reader.get("/services/integrations/pay/dependents/").content.decode()
    assert "What depends on Payments?" in page
    assert "2 services; 2 of them are down without it" in page
    assert reader.get("/services/integrations/gone/dependents/").status_code == 404


def test_components_count_as_their_whole(shop, nina, client_of):
    shop["database"].part_of = shop["queue"]
    shop["database"].save()
    reader = client_of(nina)

    assert "counts its components" in reader.get("/services/queue/").content.decode()
    page = reader.get("/services/queue/dependents/").content.decode()
    assert "Its 1 component counts as itself." in page
    assert "Reports" in page


def test_what_a_diagram_does_not_offer_it_says(shop, nina, client_of):
    reader = client_of(nina)

    page = reader.get("/services/diagrams/network/").content.decode()
    assert "choose a service first" in page
    assert (
        "choose a service first"
        not in reader.get("/services/diagrams/network/?service=api").content.decode()
    )
    assert reader.get("/services/diagrams/network/?only=gone").status_code == 400


def test_hostile_names_stay_words(shop, nina, client_of):
    shop["api"].name = "<script>alert(1)</script>"
    shop["api"].save()
    reader = client_of(nina)

    for address in ("/services/", "/services/api/", "/services/diagrams/", "/services/web/needs/"):
        assert "<script>alert" not in reader.get(address).content.decode()


def test_operators_edit_in_the_admin(shop, olga, client_of):
    staff = client_of(olga)
    service = shop["web"]
    for name in ("service", "zone", "integration", "dependency", "configurationitem"):
        assert staff.get(reverse(f"admin:architecture_{name}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:architecture_{name}_add")).status_code == 200
    form = {
        "name": "Web", "slug": "web", "kind": "web", "tier": 1,
        "dependencies-TOTAL_FORMS": 1, "dependencies-INITIAL_FORMS": 0,
        "dependencies-0-source": service.pk, "dependencies-0-target": service.pk,
        "dependencies-0-classification": "internal",
        "configuration-TOTAL_FORMS": 1, "configuration-INITIAL_FORMS": 0,
        "configuration-0-service": service.pk, "configuration-0-name": "KEY",
        "configuration-0-kind": "secret", "configuration-0-example": "hunter2",
    }  # fmt: skip
    address = reverse("admin:architecture_service_change", args=[service.pk])
    page = staff.post(address, form).content.decode()

    assert "A service does not depend on itself" in page
    assert "A secret has no example" in page


def test_how_far_and_what_is_outside(shop, nina, client_of):
    reader = client_of(nina)

    near = reader.get("/services/web/needs/?depth=1").content.decode()
    assert "Database" not in near
    assert "Payments" not in near
    assert "Payments" in reader.get("/services/web/needs/?depth=2").content.decode()
    assert "Queue" not in reader.get("/services/web/needs/?hard=true").content.decode()
    assert reader.get("/services/web/needs/?depth=x").status_code == 400
    assert "Paymaster" in reader.get("/services/integrations/?only=pay").content.decode()
