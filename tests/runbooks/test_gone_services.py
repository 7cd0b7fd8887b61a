"""The deployment log keeps what was deployed, also when its service is gone or has a new name."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from portal.architecture.models import Service
from runbooks.models import Run, Runbook

pytestmark = pytest.mark.django_db
LOG = "/runbooks/deployments"


@pytest.fixture
def deploy(alice):
    runbook = Runbook.objects.start("Deploy", by=alice, kind="deployment")
    runbook.adopt("- [ ] Look\n")
    return runbook


@pytest.fixture
def web():
    return Service.objects.create(slug="web", name="Web shop")


@pytest.fixture
def deployed(deploy, web, rita):
    """A deployment of web, and one of nothing that has a name."""
    Run.objects.start(deploy, by=rita, release="v0")
    return Run.objects.start(deploy, by=rita, service=web, release="v1")


def test_the_log_and_its_exports_name_a_deleted_service(deployed, web, rita, client_of, api):
    web.delete()
    client, asked = client_of(rita), {"service": "web"}

    page = client.get(f"{LOG}/", asked).content.decode()
    assert deployed.get_absolute_url() in page
    assert "1 of" not in page and "v0" not in page
    assert '<span class="sub">web</span>' in page
    assert '<option value="web" selected>web</option>' in page
    month = client.get(f"{LOG}/calendar/", asked).content.decode()
    assert " web v1" in month
    table = client.get(f"{LOG}.csv", asked).getvalue().decode().splitlines()
    assert len(table) == 2 and '"web"' in table[1]
    lines = json.loads(client.get(f"{LOG}.json", asked).getvalue())["deployments"]
    rows = api(rita).get("/api/v1/deployments/?service=web").json()["results"]
    assert [row["service"] for row in (*lines, *rows)] == ["web", "web"]


def test_the_page_of_a_run_says_that_its_service_is_gone(deployed, web, rita, client_of):
    assert "Web shop" in client_of(rita).get(deployed.get_absolute_url()).content.decode()
    web.delete()

    page = client_of(rita).get(deployed.get_absolute_url()).content.decode()

    assert '<span class="mono">web</span>' in page
    assert "no longer in the catalog" in page


def test_what_is_there_is_offered_by_its_name_and_once(deployed, web, rita, client_of):
    page = client_of(rita).get(f"{LOG}/").content.decode()

    assert page.count('<option value="web"') == 1
    assert ">Web shop</option>" in page


def test_a_service_with_a_new_name_is_found_by_both(deployed, web, rita, api):
    web.slug = "shop"
    web.save()

    for slug in ("web", "shop"):
        rows = api(rita).get(f"/api/v1/deployments/?service={slug}").json()["results"]
        assert [(row["id"], row["service"]) for row in rows] == [(deployed.pk, "web")]


def test_what_ran_before_is_of_the_same_service_though_it_is_gone(deploy, web, rita):
    other = Service.objects.create(slug="other", name="Other")
    at = timezone.now() - timedelta(days=9)
    for number, service in enumerate((web, other, None)):
        run = Run.objects.start(deploy, by=rita, service=service, release=f"v{number}", at=at)
        run.complete_step(1, by=rita, at=at)
        run.finish(by=rita, at=at)
    last = Run.objects.start(deploy, by=rita, service=web, release="v9")
    assert last.release_before() == "v0"
    web.delete()
    other.delete()

    assert Run.objects.get(pk=last.pk).release_before() == "v0"


def test_runs_from_before_get_the_name_of_today(deployed):
    Run.objects.update(service_slug="")

    import_module("runbooks.migrations.0008_keep_services").keep(apps, None)

    assert sorted(Run.objects.values_list("service_slug", flat=True)) == ["", "web"]
