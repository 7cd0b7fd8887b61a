"""The demo is one loop over the parts of all apps."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from onboarding.demo import OF_SHOP
from onboarding.models import Guide
from portal.accounts.models import User
from portal.core.web.offers import offered
from runbooks.models import Runbook

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


def runbooks_named_by_its_guide() -> set[str]:
    texts = "".join(path.read_text() for path in OF_SHOP.rglob("*.md"))
    named = {*re.findall(r"/runbooks/([a-z0-9-]+)/", texts)}
    assert {"deploy-checkout", "the-shop-is-down"} <= named
    return named


def test_it_is_refused_where_real_people_are(alice):
    call = {"stdout": StringIO(), "stderr": StringIO()}
    with pytest.raises(CommandError, match="a portal of real people"):
        call_command("load_demo", **call)

    assert Runbook.objects.count() == 0
