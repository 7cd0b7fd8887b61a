"""No link and no button of a page leads a reader to “not allowed” or “nothing here”."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from .test_access import filled, world  # noqa: F401

PAGES = {
    "home": "/",
    "runbooks:list": "/runbooks/",
    "runbooks:detail": "/runbooks/disk-fills-up/",
    "runbooks:history": "/runbooks/disk-fills-up/history/",
    "runbooks:version": "/runbooks/disk-fills-up/versions/1/",
    "runbooks:runs": "/runbooks/runs/",
    "runbooks:run": "/runbooks/runs/{pk}/",
    "runbooks:figures": "/runbooks/disk-fills-up/figures/",
    "runbooks:deployments": "/runbooks/deployments/",
    "runbooks:deployment-calendar": "/runbooks/deployments/calendar/",
    "alert": "/r/alert/DiskFillsUpFast",
    "search": "/search/?q=disk",
    "onboarding:guides": "/guides/",
    "onboarding:guide": "/guides/disk-fills-up/",
    "onboarding:step": "/guides/disk-fills-up/steps/0d1c0000-0000-4000-8000-000000000001/",
    "onboarding:whole": "/guides/disk-fills-up/all/",
    "onboarding:me": "/guides/me/",
    "onboarding:questions": "/guides/questions/",
    "architecture:services": "/services/",
    "architecture:service": "/services/disk-fills-up/",
    "architecture:needs": "/services/disk-fills-up/needs/",
    "architecture:zones": "/services/zones/",
    "architecture:integrations": "/services/integrations/",
    "architecture:configuration": "/services/configuration/",
    "architecture:findings": "/services/findings/",
    "architecture:diagram": "/services/diagrams/network/",
    "notifications:deliveries": "/notifications/",
    "notifications:settings": "/notifications/settings/",
    "notifications:watched": "/notifications/watched/",
    "profile": "/account/profile/",
    "mfa_index": "/account/second-factor/",
}
NOT_FOLLOWED = {"account_logout"}  # it would end the walk
REFUSED = {403, 404, 405}


class Ways(HTMLParser):
    """(method, address) of the links, forms and buttons of a page -> the hidden fields sent."""

    def __init__(self, page: str, html: str):
        super().__init__()
        self.page, self.found, self.method = page, {}, "get"
        self.sent: dict[str, str] = {}  # hidden fields of the form
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag == "form":
            self.method, self.sent = has.get("method", "get").lower(), {}
            self.add(self.method, has.get("action") or self.page)
        elif tag == "input" and has.get("type") == "hidden":
            self.sent[has["name"]] = has.get("value", "")
        elif tag == "a" and has.get("href"):
            self.add("get", has["href"])
        elif tag == "button" and has.get("formaction"):
            self.add(self.method, has["formaction"])

    def add(self, method: str, address: str) -> None:
        whole = urlsplit(urljoin(f"http://testserver{self.page}", address))
        if whole.netloc == "testserver":
            query = f"?{whole.query}" if whole.query else ""
            self.found[method, f"{whole.path}{query}"] = self.sent if method == "post" else {}


@pytest.fixture
def reader(world) -> Client:  # noqa: F811
    client = Client()
    client.cookies.load({key: each.value for key, each in world["nina"].items()})
    return client


def status(client: Client, method: str, address: str, sent: dict[str, str]) -> int:
    """What it answers; nothing of it is kept."""
    with transaction.atomic():
        code = getattr(client, method)(address, sent).status_code
        transaction.set_rollback(True)
    return code


def ways_from(client: Client) -> dict[tuple[str, str], tuple[str, dict[str, str]]]:
    """(method, address) -> its page and hidden fields; of one route, two addresses are enough."""
    found, met = {}, {}
    for name, path in PAGES.items():
        page = filled(name, path)
        answer = client.get(page)
        assert answer.status_code == 200, page
        for (method, address), sent in sorted(Ways(page, answer.content.decode()).found.items()):
            route = (method, resolve(urlsplit(address).path).view_name)
            met.setdefault(route, set()).add(address)
            if route[1] not in NOT_FOLLOWED and len(met[route]) <= 2:
                found[method, address] = page, sent
    return found


@pytest.mark.long
@pytest.mark.anywhere
@pytest.mark.django_db
def test_a_reader_finds_no_button_that_leads_nowhere(reader):
    ways = ways_from(reader)
    refused = {
        f"{method} {address} on {page}": code
        for (method, address), (page, sent) in ways.items()
        if (code := status(reader, method, address, sent)) in REFUSED
    }

    assert refused == {}
    assert len(ways) > 60
    assert sum(method == "post" for method, _ in ways) > 5
