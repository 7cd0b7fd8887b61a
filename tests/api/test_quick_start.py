"""docs/api/quick-start.md is true: what writes is executed here, what reads in test_library."""

import json
import re

import pytest
from django.conf import settings

from portal.accounts.models.tokens import SCOPES
from runbooks.models import Runbook, State

PAGE = (settings.BASE_DIR / "docs" / "api" / "quick-start.md").read_text()
WRITE = re.search(r"## Write the next version\n.*?```bash\n(.*?)```", PAGE, re.DOTALL)[1]
SCOPE = "runbooks:write"


@pytest.fixture
def sign_in(alice, publish):
    """The runbook of the example."""
    runbook = Runbook.objects.start("Sign-in fails", by=alice, text="Wait.")
    publish(runbook.newest)
    return runbook


def test_the_next_version_is_drafted_and_submitted(sign_in, alice, shell):
    said = json.loads(shell(WRITE, alice, SCOPE))

    version = sign_in.versions.get(number=2)
    assert (said["number"], version.state, version.note) == (
        2,
        State.IN_REVIEW,
        "Mention the proxy",
    )


def test_what_somebody_drafted_meanwhile_is_not_passed_over(sign_in, alice, paul, shell):
    sign_in.draft("Mine", author=paul, based_on=1)

    assert "412" in shell(WRITE, alice, SCOPE, fails=True)
    assert sign_in.newest.text == "Mine"


def test_it_names_every_scope():
    paragraph = PAGE.split("The scopes are ")[1].split("\n\n")[0]

    assert set(re.findall(r"`([^`]+)`", paragraph)) == set(SCOPES)
