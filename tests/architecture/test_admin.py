"""An architect edits the catalog in the admin: whatever its size, and nothing is lost."""

import pytest
from django.urls import reverse

from portal.architecture.admin import ROWS
from portal.architecture.models import ConfigurationItem, Dependency, Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(olga, client_of):
    return client_of(olga)


def address(name: str, row=None) -> str:
    verb, args = ("change", [row.pk]) if row else ("changelist", [])
    return reverse(f"admin:architecture_{name}_{verb}", args=args)


def form_of(service, **more) -> dict:
    empty = {
        f"{part}-{count}_FORMS": 0
        for part in ("dependencies", "configuration")
        for count in ("TOTAL", "INITIAL")
    }
    return {
        "name": service.name,
        "slug": service.slug,
        "kind": service.kind,
        "tier": 1,
        **empty,
        **more,
    }


def need(at: int, service, target, **more) -> dict:
    values = {"source": service.pk, "target": target.pk, "classification": "internal"} | more
    return {f"dependencies-{at}-{name}": value for name, value in values.items()}


@pytest.fixture
def busy(shop):
    """A service with more parts than fit into a form."""
    many = Service.objects.bulk_create(Service(slug=f"m{n}", name=f"Many {n}") for n in range(60))
    Dependency.objects.bulk_create(Dependency(source=shop["web"], target=each) for each in many)
    ConfigurationItem.objects.bulk_create(
        ConfigurationItem(service=shop["web"], name=f"NAME_{n:03}") for n in range(60)
    )
    return shop["web"]


def test_only_a_form_that_lacks_rows_says_where_they_are(shop, busy, staff):
    few, many = (staff.get(address("service", row)).content.decode() for row in (shop["api"], busy))

    assert "All dependencies" in many and f"More than {ROWS}" in many
    assert "All dependencies" not in few and f"More than {ROWS}" not in few
    assert f"More than {ROWS}" not in staff.get("/admin/architecture/service/add/").content.decode()


def test_a_form_shows_the_names_of_what_is_needed(shop, staff):
    page = staff.get(address("service", shop["api"])).content.decode()

    for name in ("Database", "Queue", "Payments"):
        assert f"selected>{name}</option>" in page


def test_a_large_service_is_saved_and_nothing_is_lost(busy, staff):
    page = staff.get(address("service", busy))
    [needs, configuration] = [f.formset for f in page.context["inline_admin_formsets"]]
    assert (len(needs.forms), len(configuration.forms)) == (ROWS, ROWS)
    sent = form_of(busy, name="Web again")
    for formset in (needs, configuration):
        sent |= {f"{formset.prefix}-{n}_FORMS": ROWS for n in ("TOTAL", "INITIAL")}
        for form in formset.forms:
            sent |= {field.html_name: field.value() or "" for field in form}

    assert staff.post(address("service", busy), sent).status_code == 302
    busy.refresh_from_db()
    assert busy.name == "Web again"
    assert (busy.dependencies.count(), busy.configuration.count()) == (61, 60)


def test_the_rest_of_it_is_one_click_away(busy, staff):
    page = staff.get(address("service", busy)).content.decode()
    for name in ("dependency", "configurationitem"):
        there = f"{address(name)}?service=web"
        assert there in page
        found = staff.get(there).context["cl"]
        assert found.result_count in (60, 61)
    assert staff.get(f"{address('dependency')}?service=gone%00").status_code == 200


def test_the_same_dependency_twice_in_one_form_is_refused(shop, staff):
    web, queue = shop["web"], shop["queue"]
    twice = need(0, web, queue) | need(1, web, queue)
    sent = form_of(web, **twice, **{"dependencies-TOTAL_FORMS": 2})

    answer = staff.post(address("service", web), sent)

    assert answer.status_code == 200
    assert "Twice the same" in answer.content.decode()
    assert not web.dependencies.filter(target=queue).exists()


def test_deleting_a_service_names_what_goes_with_it(shop, staff):
    there = reverse("admin:architecture_service_delete", args=[shop["api"].pk])

    assert "Web → Api" in staff.get(there).content.decode()
    staff.post(there, {"post": "yes"})
    assert not Dependency.objects.filter(target__slug="api").exists()
