from functools import partial

import pytest
from django.test import Client

from portal.accounts.models import Token
from portal.search import index
from runbooks.models import Runbook

TEXT = """\
---
parameters:
  - name: host
    description: Which one
---
The disk of a database server fills up.

## Symptom

Less than 5 % is free.

## Resolution

1. Look: `df -h {{ host }}`
2. Rotate the logs. {check}
"""


@pytest.fixture
def publish(paul):
    """Publish a version as somebody else than its author."""

    def publish(version):
        with index.together():  # three verbs, one entry
            version.submit(by=version.author)
            version.approve(by=paul)
            version.publish(by=paul)
        return version

    return publish


@pytest.fixture
def disk(once, alice, publish):
    """A published runbook that answers DiskFillsUp."""
    once(("disk",), partial(make_disk, alice, publish))
    return Runbook.objects.get(slug="disk-fills-up")


@pytest.fixture
def publish_new(once, alice, publish):
    """Start a runbook and publish it: publish_new(title, text, kind)."""

    def publish_new(title: str, text: str, kind: str) -> Runbook:
        def make():
            publish(Runbook.objects.start(title, by=alice, text=text, kind=kind).newest)

        once((title, text, kind), make)
        return Runbook.objects.latest("pk")

    return publish_new


def make_disk(alice, publish) -> None:
    with index.together():
        runbook = Runbook.objects.start(
            "Disk fills up", by=alice, text=TEXT, alerts=["DiskFillsUp"], kind="troubleshooting"
        )
        publish(runbook.newest)


@pytest.fixture
def bearer():
    """A client that signs in with a new token of a person."""

    def bearer(person, *scopes):
        _, plain = Token.objects.issue(person, "test", list(scopes or ("read", "write")), days=1)
        return Client(headers={"Authorization": f"Bearer {plain}"})

    return bearer
