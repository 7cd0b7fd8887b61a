"""The index of the administration is a loop over what the apps have in `DESK` of their `admin`."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onboarding.models import StuckReport
from portal.core.web.desk import MOST, Line, Part, desk, lines_for, rail_links
from portal.notifications.models import Delivery
from runbooks.models import Gap, Runbook
from tests.onboarding.world import make_guide

from .test_first_page import NAMES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
INDEX = "/admin/"
HOUSE = (
    *("portal/desk.py", "portal/core/web/desk.py", "templates/admin/index.html"),
    *("templates/admin/_desk_group.html", "templates/admin/_nav.html"),
)


@pytest.fixture
def waiting(alice, olga, disk):
    """Something waits in every line that can have it, and one thing more beside it."""
    disk.draft("New", author=alice, based_on=1)
    disk.open_version.submit(by=alice)
    stale = Runbook.objects.start("Stale", by=alice, text="Text")
    Runbook.objects.filter(pk=stale.pk).update(published=stale.newest, review_due="2020-01-01")
    Gap.objects.note("NobodyKnows", at=timezone.now())
    guide = make_guide(alice)
    guide.describe(by=alice, purpose="Another one")
    failed = {"state": "failed", "subject": "Late", "text": "Late", "to": "a@example.org"}
    Delivery.objects.create(key="one", **failed)
    about = {"guide": guide, "version": guide.published, "user": olga}
    StuckReport.objects.create(key=uuid4(), step_title="First", text="Help", **about)


@pytest.mark.parametrize("name", HOUSE)
def test_the_index_names_no_app(name):
    words = set(re.findall(r"[a-z]+", (ROOT / name).read_text()))

    assert words & NAMES == set()


def test_each_line_leads_to_the_list_of_its_model(olga, client_of):
    client, lines = client_of(olga), lines_for(olga)
    models = {model._meta.label_lower for model in admin.site._registry}

    assert len(lines) == 26
    for line in lines:
        assert {line.model, *line.below} <= models
        assert client.get(line.address).status_code == 200
        assert not line.new or client.get(line.new_address).status_code == 200


def test_each_count_is_the_number_of_rows_in_the_list_that_it_leads_to(waiting, olga, client_of):
    client, met = client_of(olga), []
    for line in (line for part in desk(olga) for line in part["lines"]):
        for address, status in line.waiting:
            number, words = status.word.split(" ", 1)
            assert client.get(address).context["cl"].result_count == int(number), address
            met.append(words)

    assert {"in review", "past their review date", "without an owner", "to write"} <= set(met)
    assert {"changed, not published", "failed", "to answer"} <= set(met)


def test_nobody_sees_what_they_may_not_open(client_of, olga, alice, nina):
    page = client_of(alice).get(INDEX).content.decode()
    authors = {line.model for line in lines_for(alice)}

    assert "runbooks.runbook" in authors
    assert not authors & {"accounts.user", "accounts.token"}
    assert reverse("admin:accounts_user_changelist") not in page
    assert client_of(nina).get(INDEX, follow=True).status_code == 403


def test_a_line_offers_what_this_person_may_make(olga):
    offered = {line.name: line.new for part in desk(olga) for line in part["lines"]}

    assert offered["Runbooks"] == "New runbook"
    assert offered["API tokens"] == ""


def test_the_index_asks_as_often_when_there_is_more(waiting, alice, olga, client_of):
    client = client_of(olga)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(INDEX)
        return len(queries)

    asked()
    few = asked()
    now = timezone.now()
    Gap.objects.bulk_create(
        Gap(name=f"Alert{n}", first_at=now, last_at=now - timedelta(days=n)) for n in range(MOST)
    )
    for number in range(5):
        Runbook.objects.start(f"More {number}", by=alice, text="Text")

    assert asked() == few <= 24
    assert f"{MOST - 1}+ to write" in client.get(INDEX).content.decode()


def test_the_rail_marks_the_line_below_which_a_page_hangs(olga, client_of, disk):
    client = client_of(olga)
    places = {
        INDEX: INDEX,
        "/admin/runbooks/version/": "/admin/runbooks/runbook/",
        f"/admin/runbooks/runbook/{disk.pk}/change/": "/admin/runbooks/runbook/",
        "/admin/onboarding/step/": "/admin/onboarding/guide/",
        "/admin/architecture/zone/add/": "/admin/architecture/service/",
        "/admin/accounts/token/": "/admin/accounts/user/",
    }
    for address, line in places.items():
        rail = client.get(address).content.decode().partition("<main")[0]
        assert re.findall(r'<a href="([^"]+)"\s+aria-current="page">', rail) == [line], address


def test_the_rail_of_the_site_is_in_the_administration_and_its_group_only_there(olga, client_of):
    client = client_of(olga)
    inside, outside = (client.get(address).content.decode() for address in (INDEX, "/"))
    links = [link.address for link, _ in rail_links(olga, "index")]

    assert len(links) == 9
    for link in links:
        assert f'href="{link}"' in inside
        assert f'href="{link}"' not in outside.partition("<main")[0]
    assert f'href="{reverse("runbooks:list")}"' in inside
    assert "Back to the portal" in inside and "Back to the portal" not in outside


def test_a_line_is_at_the_pages_of_its_models_and_no_others():
    line = Line(Part.WRITE, 1, "Runs", "", "play", "runbooks.run", below=("runbooks.step",))

    assert line.is_at("runbooks_run_change") and line.is_at("runbooks_step_changelist")
    assert not line.is_at("runbooks_runbook_change") and not line.is_at("index")
