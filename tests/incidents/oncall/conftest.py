import pytest

from portal.notifications.models import Delivery
from tests.runbooks.conftest import disk, publish  # noqa: F401

from .world import AT, make_rotation


@pytest.fixture
def at():
    return AT


@pytest.fixture
def rotation(rita, alice, paul):
    """Rita, then Alice, a week each; Rita is on call at AT + 6 days' week: see AT."""
    return make_rotation(rita, alice, by=paul)


@pytest.fixture
def told():
    """(subject, user name) of what was told of shifts, in order."""

    def told():
        rows = Delivery.objects.filter(key__startswith="oncall-").order_by("pk")
        return [*rows.values_list("subject", "recipient__username")]

    return told
