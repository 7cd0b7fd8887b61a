"""A rule fires, and people bring the incident to its end: Prometheus, Alertmanager, gunicorn, the
engine, a mail server and Chromium, all of them as they run."""

import re
import sys

import pytest
from django.conf import settings as ours
from playwright.sync_api import expect

from incidents.models import Audience, Component, Incident
from portal.accounts.models import User
from portal.monitoring.models import Alert, Intake
from tests.incidents.world import make_policy, make_service
from tests.monitoring.conftest import answering
from tests.monitoring.tools import disk, start, until, watch  # noqa: F401
from tests.notifications.conftest import free_port, mailbox  # noqa: F401
from tests.notifications.test_engines import database_url
from tests.people import make_person
from tests.programs import ROOT

from .test_guides import press
from .test_pages import PHONE, WIDE

POCKET = {"viewport": {"width": PHONE, "height": 844}, "has_touch": True}
STEPS = "1. Look: `df -h`\n2. Remove old logs\n"
STORY = (  # what the timeline says in the end, in this order
    *("Declared SEV2: 2 % is free (Orders)", "Alert Fires: DiskFillsUp"),
    *("Called Shop, tier 1, step 1: Rita", "Rita Responder acknowledged by the link in a message"),
    *("Rita Responder started Disk fills up", "finished step 1 of Disk fills up 98 % is used"),
    *("finished step 2 of Disk fills up", "ended the run as succeeded"),
    *("Rita Responder sent First notice to customers", "Alert Over: DiskFillsUp"),
    *(
        "Alert All of its alerts are over",
        "Rita Responder set it to Resolved: Old logs are removed",
    ),
    "Rita Responder set it to Closed: Nothing is left",
)


class Mail:
    """What came into the mailbox of the test."""

    def __init__(self, mailbox):  # noqa: F811
        self.mailbox = mailbox

    def of(self, address: str, subject: str) -> list[str]:
        """The texts that came for this address."""
        found = [each for each in self.mailbox.messages if address in each["To"]]
        return [each.get_content() for each in found if subject in each["Subject"]]

    def first(self, address: str, subject: str) -> str:
        return until(lambda: self.of(address, subject), f"“{subject}” comes for {address}")[0]


@pytest.fixture
def address(shared_database, mailbox, start, tmp_path, settings):  # noqa: F811
    """A portal that gunicorn serves, and its engine, on the database of the test."""
    port = free_port()
    settings.ADDRESS = f"http://localhost:{port}"
    told = {
        "PORTAL_DATA": str(tmp_path / "data"),
        "PORTAL_DATABASE_URL": database_url(),
        "PORTAL_SECRET_KEY": ours.SECRET_KEY,
        "PORTAL_EMAIL_URL": mailbox.url,
        "PORTAL_EMAIL_FROM": "portal@example.org",
        "PORTAL_OUTGOING_ALLOW": "127.0.0.1",
        "PORTAL_HTTPS": "0",
        "PORTAL_HOSTS": "localhost",
        "PORTAL_ADDRESS": settings.ADDRESS,
        "PORTAL_BIND": f"127.0.0.1:{port}",
        "PORTAL_WORKERS": "1",
        "PORTAL_PUBLIC_STATUS": "1",
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    gunicorn = (sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn")
    # Static files are not collected: PORTAL_DEBUG lets gunicorn find them where they are.
    log = start(*gunicorn, "portal.wsgi", cwd=ROOT, PORTAL_DEBUG="1", **told)
    start(sys.executable, "manage.py", "engine", cwd=ROOT, **told)
    until(lambda: "ready: " in log.read_text(), "the portal answers")
    return settings.ADDRESS


@pytest.fixture
def people(address):
    """Rita is called, Paul writes to customers, and Alice wrote the runbook."""
    made = {
        name: make_person(name, role)
        for name, role in (("rita", "responder"), ("paul", "approver"), ("alice", "author"))
    }
    User.objects.filter(username="rita").update(email="rita@example.org")
    orders = make_service("orders", policy=make_policy(made["rita"]))
    Component.objects.add(by=None, service=orders, public_name="Orders", is_public=True)
    Audience.objects.filter(name="customers").update(addresses=["all@customers.example.org"])
    answering("DiskFillsUp", by=made["alice"], approver=made["paul"], text=STEPS)
    return made


def test_a_rule_fires_and_people_bring_it_to_its_end(
    need,
    start,  # noqa: F811
    disk,  # noqa: F811
    mailbox,  # noqa: F811
    address,
    people,
    tmp_path,
    visit,
):
    rita, mail = people["rita"], Mail(mailbox)
    watch(need, start, tmp_path, disk, *Intake.objects.make("Prometheus", "alertmanager"))
    disk.free = 2
    acknowledge_by_its_link(visit(**POCKET), mail.first("rita@example.org", "SEV2"))

    alert, incident = Alert.objects.select_related("runbook").get(), Incident.objects.get()
    assert (alert.name, alert.summary, alert.severity) == ("DiskFillsUp", "2 % is free", "critical")
    assert alert.runbook.slug == "disk-fills-up"
    assert (incident.title, incident.level) == ("2 % is free", 2)
    at_hand = {
        "phone": visit(rita, base_url=address, **POCKET),
        "desk": visit(rita, base_url=address),
        "other": visit(people["paul"], base_url=address),
    }
    see_who_has_it(at_hand["phone"], incident)
    follow_the_runbook(at_hand["desk"], incident)
    write_to_customers(at_hand["other"], incident)
    approve_on_the_phone(at_hand["phone"], mail.first("rita@example.org", "Approve"))
    told = mail.first("all@customers.example.org", "Orders")
    assert "Orders are refused. Not affected: Browsing." in told
    read_the_status(visit(base_url=address, **POCKET), "Orders are refused")

    room = at_hand["desk"].open(incident.get_absolute_url())
    disk.free = 50
    until(Alert.objects.resolved().first, "it is over")
    expect(room.locator("#room-timeline")).to_contain_text("All of its alerts are over")
    bring_it_to_its_end(at_hand["desk"])
    assert_it_explains_itself(at_hand["desk"])
    assert len(mail.of("rita@example.org", "SEV2")) == 1  # she was called once


def fits(visit, width: int) -> None:
    """Nothing scrolls to the side in either width, and the browser complains of nothing."""
    for each in (WIDE + PHONE - width, width):
        visit.width(each)
        assert visit.sideways() == [], (visit.page.url, each)
    assert visit.complaints() == []


def link_in(text: str, path: str) -> str:
    return re.search(rf"http://localhost:\d+{path}\S+", text)[0]


def acknowledge_by_its_link(phone, text: str) -> None:
    """Nobody signs in; opening the link changes nothing, its button does."""
    page = phone.open(link_in(text, "/incidents/ack/"))
    expect(page.locator("h1")).to_contain_text("2 % is free")
    assert Incident.objects.get().acknowledged_at is None
    fits(phone, PHONE)
    press(page, "Acknowledge")
    expect(page.locator("h1")).to_have_text("You have it")
    assert Incident.objects.get().acknowledged_by.username == "rita"
    fits(phone, PHONE)


def see_who_has_it(phone, incident) -> None:
    page = phone.open(incident.get_absolute_url())
    expect(page.locator("#room-head")).to_contain_text("Investigating")
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    expect(page.locator("#room-roles")).to_contain_text("Rita Responder")
    fits(phone, PHONE)
    page.locator("#room-alerts").get_by_role("link", name="DiskFillsUp").click()
    expect(page.locator(".lede")).to_have_text("2 % is free")
    expect(page.get_by_role("link", name="Open runbook")).to_be_visible()
    fits(phone, PHONE)
    page.get_by_role("link", name=f"Open {incident.name}").click()
    expect(page.locator("#room-head")).to_be_visible()


def follow_the_runbook(desk, incident) -> None:
    page = desk.open(incident.get_absolute_url())
    page.locator("#room-runs").get_by_role("link", name="Disk fills up").click()
    expect(page.locator("h1")).to_have_text("Disk fills up")
    fits(desk, WIDE)
    page.go_back()
    page.get_by_role("link", name="Start run").click()
    expect(page.locator("h1")).to_have_text("Run “Disk fills up”")
    fits(desk, WIDE)
    press(page, "Start run")
    expect(page.locator("#step-title")).to_contain_text("Look")
    fits(desk, WIDE)
    page.fill("#note", "98 % is used")
    press(page, "Done, next")
    expect(page.locator("#step-title")).to_contain_text("Remove old logs")
    press(page, "Done")
    press(page, "Mark as succeeded")
    expect(page.locator(".run-now")).to_contain_text("Succeeded after")
    page.get_by_role("link", name=incident.name).first.click()
    expect(page.locator("#room-runs")).to_contain_text("2 of 2 steps")
    expect(page.locator("#room-timeline")).to_contain_text("98 % is used")
    fits(desk, WIDE)


def write_to_customers(desk, incident) -> None:
    """Not the commander: a SEV2 wants it approved."""
    page = desk.open(incident.get_absolute_url())
    page.get_by_role("link", name="Post update").click()
    page.get_by_role("link", name="Customers").click()
    page.get_by_label("Impact").fill("Orders are refused")
    page.get_by_label("Not affected").fill("Browsing")
    press(page, "Preview")
    expect(page.get_by_text("Orders are refused. Not affected").first).to_be_visible()
    fits(desk, WIDE)
    press(page, "Ask Rita Responder to approve")
    expect(page.get_by_role("status").first).to_contain_text("Approval requested")
    fits(desk, WIDE)


def approve_on_the_phone(phone, text: str) -> None:
    page = phone.open(link_in(text, "/incidents/"))
    expect(page.locator("body")).to_contain_text("Orders are refused")
    fits(phone, PHONE)
    press(page, "Approve and send")
    expect(page.get_by_role("status").first).to_contain_text("approved and sent")
    fits(phone, PHONE)


def read_the_status(stranger, said: str) -> None:
    """As somebody outside reads it, who knows no names of ours."""
    page = stranger.open("/status/public/")
    expect(page.locator(".told")).to_contain_text(said)
    expect(page.locator("body")).not_to_contain_text("INC-")
    fits(stranger, PHONE)


def bring_it_to_its_end(desk) -> None:
    page = desk.page
    for verb, said in (("Resolve", "Old logs are removed"), ("Close", "Nothing is left")):
        page.locator(".inc-actions").get_by_role("link", name=verb, exact=True).click()
        page.locator("#id_text").fill(said)
        fits(desk, WIDE)
        press(page, verb)
        expect(page.locator(".inc-head")).to_contain_text(f"{verb}d")
        expect(page.locator("#room-head .note.is-ok")).to_contain_text("Old logs are removed")


def assert_it_explains_itself(desk) -> None:
    lines = desk.page.locator("#room-timeline .feed > li").all_inner_texts()
    told = (re.sub(r"\s+", " ", line) for line in reversed(lines))
    for words in STORY:
        assert any(words in line for line in told), f"Not there, or not in this place: {words}"
    fits(desk, WIDE)
