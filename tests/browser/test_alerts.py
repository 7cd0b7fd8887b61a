"""From a configuration that is pasted into a real Alertmanager to an alert that is rated."""

import json
import time
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import pytest
import yaml
from playwright.sync_api import expect

from tests.monitoring.conftest import answering
from tests.notifications.conftest import free_port
from tests.programs import Programs

from .visiting import PATIENCE

NAME = "QueueOfOrdersIsStuck"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def alertmanager(need, tmp_path):
    """Start a real one with what was pasted; it is told of an alert by `tell`."""
    programs, program = Programs(tmp_path, PATIENCE), need("prometheus-alertmanager")

    def start(pasted: str) -> str:
        config = yaml.safe_load(pasted)
        config["route"] |= {"group_wait": "100ms", "group_interval": "300ms"}
        (tmp_path / "alertmanager.yml").write_text(yaml.safe_dump(config))
        port = free_port()
        programs.start(
            program,
            "--config.file=alertmanager.yml",
            "--storage.path=kept",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        )
        return f"http://127.0.0.1:{port}"

    yield start
    programs.stop()


def tell(address: str, **times: str) -> None:
    """Alertmanager of an alert, as Prometheus does."""
    sent = [{"labels": {"alertname": NAME, "severity": "critical"}, **times}]
    request = Request(f"{address}/api/v2/alerts", json.dumps(sent).encode())
    request.add_header("Content-Type", "application/json")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return urlopen(request, timeout=PATIENCE).close()
        except OSError:
            assert time.monotonic() < end, "Alertmanager does not listen"
            time.sleep(0.1)


def until_shown(page, text: str) -> None:
    """Load the page again until it says so: Alertmanager takes the time that it takes."""
    end = time.monotonic() + PATIENCE
    while not page.get_by_text(text).count():
        assert time.monotonic() < end, f"Not within {PATIENCE} s: {text}"
        page.wait_for_timeout(200)
        page.reload()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_what_is_pasted_to_a_rated_alert(
    visit, portal, settings, alertmanager, olga, rita, alice, paul, size
):
    settings.ADDRESS = portal
    answering(NAME, by=alice, approver=paul)
    address = alertmanager(connect(visit(olga, **size)))
    began = datetime.now(UTC).isoformat()
    tell(address, startsAt=began)
    responder = visit(rita, **size)
    page = responder.open("/monitoring/alerts/")
    until_shown(page, NAME)

    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("heading", name="Acknowledged")).to_be_visible()
    page.get_by_role("link", name=NAME, exact=True).click()
    expect(page.locator("main")).to_contain_text("A new episode")
    expect(page.get_by_role("link", name="Open runbook")).to_be_visible()
    page.get_by_role("button", name="Useful").click()
    expect(page.get_by_role("button", name="Useful")).to_have_attribute("aria-pressed", "true")

    tell(address, startsAt=began, endsAt=datetime.now(UTC).isoformat())
    until_shown(page, "Resolved")
    assert responder.sideways() == responder.barriers() == responder.complaints() == []


def connect(visit) -> str:
    """An operator makes an intake; returns what the button copies."""
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("/monitoring/intakes/")
    page.get_by_role("link", name="New intake").first.click()
    page.fill("[name=name]", "Prometheus of the shop")
    page.select_option("[name=kind]", "alertmanager")
    page.get_by_role("button", name="Create intake").click()
    page.locator("[data-copy]").first.click()
    expect(page.locator(".code").first).to_contain_text("Copied")
    assert visit.complaints() == []
    return page.evaluate("navigator.clipboard.readText()")
