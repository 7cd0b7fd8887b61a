"""The filters of the log and the calendar: chosen once, they stay, and each can be taken away."""

import re
from datetime import UTC, datetime

import pytest

from runbooks.models import Run, Runbook

pytestmark = pytest.mark.django_db
LOG = "/runbooks/deployments/"
CALENDAR = f"{LOG}calendar/"


@pytest.fixture
def deploy(publish_new):
    return publish_new("Deploy", "- [ ] x\n", "deployment")


@pytest.fixture
def run(deploy, rita):
    at = datetime(2026, 5, 2, 12, tzinfo=UTC)
    return Run.objects.start(deploy, by=rita, environment="prod", at=at)


@pytest.fixture
def page(run, rita, client_of):
    client = client_of(rita)
    return lambda address: client.get(address).content.decode().replace("&amp;", "&")


def addresses(page: str, word: str) -> list[str]:
    """Where the links lead that have this word."""
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?([^<]*)', page)
    return [address for address, text in links if text.strip() == word]


def test_the_calendar_shows_the_same_as_the_list(page):
    found = page(f"{LOG}?environment=prod&from=2026-05-01&until=2026-05-09")
    assert addresses(found, "Calendar") == [f"{CALENDAR}?environment=prod&month=2026-05"]

    found = page(f"{CALENDAR}?environment=prod&month=2026-05")
    days = "from=2026-05-01&until=2026-05-31"
    assert addresses(found, "List") == [f"{LOG}?environment=prod&{days}"]
    assert addresses(found, "CSV") == [f"/runbooks/deployments.csv?environment=prod&{days}"]
    assert addresses(found, "JSON") == [f"/runbooks/deployments.json?environment=prod&{days}"]
    assert addresses(page(f"{CALENDAR}?environment=prod"), "List") == [f"{LOG}?environment=prod"]


@pytest.mark.parametrize("address", [LOG, "/runbooks/runs/"])
def test_a_line_leads_to_its_run_under_whatever_name_the_portal_is_reached(page, run, address):
    assert addresses(page(address), "Deploy") == [f"/runbooks/runs/{run.pk}/"]


def test_a_filter_stays_in_its_month(page):
    found = page(f"{CALENDAR}?environment=prod&month=2026-05")

    assert '<input type="hidden" name="month" value="2026-05">' in found
    assert addresses(found, "Clear all filters") == [f"{CALENDAR}?month=2026-05"]


def test_the_runbook_of_the_list_is_shown_and_can_be_taken_away(page):
    found = page(f"{LOG}?runbook=deploy&kind=deployment")

    assert "Runbook: Deploy" in found
    assert 'href="?kind=deployment" aria-label="Remove filter Deploy"' in found
    assert '<input type="hidden" name="runbook" value="deploy">' in found
    assert "Runbook: gone" in page(f"{LOG}?runbook=gone")


def test_days_in_the_calendar_are_shown_and_can_be_taken_away(page):
    found = page(f"{CALENDAR}?from=2026-05-02&month=2026-05")

    assert "From: 2026-05-02" in found
    assert 'href="?&month=2026-05" aria-label="Remove filter 2026-05-02"' in found
    assert "deployments.csv?from=2026-05-02&until=2026-05-31" in found


def test_kinds_and_environments_are_offered(page):
    for address in (LOG, CALENDAR):
        found = page(f"{address}?kind=rollback")
        assert '<option value="rollback" selected>Rollback</option>' in found
        assert '<option value="prod"></option>' in found
        assert 'value="maintenance"' not in found
    assert 'value="maintenance"' in page("/runbooks/runs/")


@pytest.mark.parametrize("query", ["month=x", "from=x", "runbook=%00"])
def test_what_is_not_understood_is_told(run, rita, client_of, query):
    answer = client_of(rita).get(f"{CALENDAR}?{query}")

    assert answer.status_code == 400
    assert "Not understood" in answer.content.decode()


def test_a_phone_sees_how_long_it_took(page, run, deploy, rita):
    again = [Run.objects.start(deploy, by=rita, at=run.started_at) for _ in range(2)]
    for each in (run, *again):
        each.complete_step(1, by=rita, at=datetime(2026, 5, 2, 12, 4, tzinfo=UTC))
        each.finish(by=rita, at=datetime(2026, 5, 2, 12, 5, tzinfo=UTC))

    assert 'Rita Responder, <span class="nowrap">took 5 min</span>' in page(LOG)
    assert "half of them in 4 min to 4 min" in page("/runbooks/deploy/figures/")


def test_a_reference_is_not_offered_to_be_followed(alice, publish, rita, client_of):
    runbook = Runbook.objects.start("Names", by=alice, text="1. Read it\n", kind="reference")
    publish(runbook.newest)
    client = client_of(rita)

    for address in ("/runbooks/names/", "/runbooks/names/figures/"):
        assert "/runbooks/names/run/" not in client.get(address).content.decode()
