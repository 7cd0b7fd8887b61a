"""The demo is one loop over the parts of all apps."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from onboarding.demo import OF_SHOP
from onboarding.models import Guide
from portal.accounts.models import Team, User
from portal.architecture.models import Service, Zone
from portal.core.ops.demo import World, load
from portal.core.web.offers import offered
from portal.notifications.attention import cards
from portal.notifications.models import Channel, ContactMethod, Delivery, QuietHours
from runbooks.models import Gap, Run, Runbook

pytestmark = pytest.mark.django_db


def test_every_app_below_comes_before_those_that_use_it():
    assert [part.__name__ for part in offered("demo")] == [
        "portal.accounts.demo",
        "portal.notifications.demo",
        "portal.architecture.demo",
        "runbooks.demo",
        "portal.monitoring.demo",
        "onboarding.demo",
        "incidents.demo",
    ]


def test_one_command_makes_all_of_it(monkeypatch):
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "correct horse battery")
    call_command("load_demo", stdout=(said := StringIO()), stderr=(wrong := StringIO()))

    *progress, _, nina, _, _, _, olga, _, password = said.getvalue().strip().splitlines()
    assert [line for line in progress if line.startswith("  6/7 ")] == [
        "  6/7 guides and questions"
    ]
    assert "      3 rotations, an override and a swap" in progress
    assert "      33 runbooks of the shop" in progress
    assert "      7 alerts that fire, 41 that are over" in progress
    assert nina.split()[0] == "nina" and "operator" in olga
    assert password == "  password of all five: correct horse battery"
    assert wrong.getvalue() == ""
    assert User.objects.get(username="nina").check_password("correct horse battery")
    assert Guide.objects.published().count() == 6
    assert runbooks_named_by_its_guide() <= {*Runbook.objects.values_list("slug", flat=True)}
    own = Runbook.objects.filter(services__slug="ops-portal", owner__slug="platform")
    assert own.count() == len(documents_about_the_portal())


def documents_about_the_portal() -> list[Path]:
    pages = (settings.BASE_DIR / "docs").rglob("*.md")
    return [page for page in pages if not {"guides", "questions"} & {*page.parts}]


def test_it_contacts_nobody():
    """Its engine has no mail server; what goes by other means has ended, or is not sent."""
    load(World(timezone.now(), "correct horse battery", library=None))

    due = Delivery.objects.exclude(transport="mail").filter(state__in=("waiting", "sending"))
    assert not due.exists()
    assert {*Channel.objects.active().values_list("kind", flat=True)} == {"mail"}
    assert {*ContactMethod.objects.verified().values_list("kind", flat=True)} == {"mail"}
    addresses = [*Channel.objects.values_list("address", flat=True)]
    addresses += ContactMethod.objects.values_list("address", flat=True)
    assert len(addresses) == 14 and all("example.org" in each for each in addresses)
    states = Delivery.objects.filter(key__startswith="demo-").values_list("state", flat=True)
    assert sorted(states) == ["failed", "sent"]
    assert QuietHours.objects.count() == 2
    titles = [card.title for card in cards(User.objects.get(username="olga"), timezone.now())]
    assert titles == []


def runbooks_named_by_its_guide() -> set[str]:
    texts = "".join(path.read_text() for path in OF_SHOP.rglob("*.md"))
    named = {*re.findall(r"/runbooks/([a-z0-9-]+)/", texts)}
    assert {"deploy-checkout", "the-shop-is-down"} <= named
    return named


def test_a_second_time_it_leaves_what_visitors_changed():
    load(World(timezone.now(), "correct horse battery", library=None))
    models = (User, Team, Service, Zone, Runbook, Run, Gap)
    before = [model.objects.count() for model in models]
    Team.objects.filter(slug="data").update(name="Changed")

    load(World(timezone.now(), "correct horse battery", library=None))
    assert [model.objects.count() for model in models] == before
    assert Team.objects.get(slug="data").name == "Changed"
    assert all(before)


def test_it_is_refused_where_real_people_are(alice):
    call = {"stdout": StringIO(), "stderr": StringIO()}
    with pytest.raises(CommandError, match="a portal of real people"):
        call_command("load_demo", **call)

    assert Runbook.objects.count() == 0
