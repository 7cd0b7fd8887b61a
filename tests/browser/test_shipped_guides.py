"""The guides that ship show the portal as it is: looked at on the day when they were taken."""

import re
from datetime import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from onboarding.demo import LIBRARY
from onboarding.models import Guide, Step

TAKEN = re.compile(r'"taken ([^"]+)"')


def newest_picture() -> datetime:
    texts = (path.read_text() for path in LIBRARY.glob("guides/*/guide.md"))
    return max(datetime.fromisoformat(found) for text in texts for found in TAKEN.findall(text))


def test_no_picture_is_older_than_its_page(portal, chromium, settings, monkeypatch):
    settings.CHROMIUM = chromium
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "correct horse battery")
    with time_machine.travel(newest_picture(), tick=True):
        call_command("load_demo", stdout=StringIO())
        said = StringIO()
        try:
            call_command("retake_screenshots", check=True, address=portal, stdout=said)
        except CommandError:
            pytest.fail(said.getvalue())

    assert said.getvalue().count("unchanged") >= 20
    assert Guide.objects.published().count() == 6
    assert not Step.objects.exclude(flag="").exists()
