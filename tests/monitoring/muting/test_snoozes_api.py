"""Snoozing and extending through the API: what is refused, and which silence it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.architecture.models import Dependency
from portal.monitoring.models import Alert, Silence
from portal.monitoring.muting.settlement import settle

from .conftest import matcher

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def program(api, rita):
    return api(rita)


def snoozed(program, alert, **body):
    return program.post(f"/api/v1/alerts/{alert.pk}/snooze/", {"minutes": 30} | body, **JSON)


def test_what_has_ended_is_not_snoozed(program, fire):
    fire(at=timezone.now() - timedelta(minutes=1))
    over = fire(at=timezone.now(), over=True)
    refused = snoozed(program, over)

    assert refused.status_code == 409 and refused.json()["type"].endswith("/not-firing")
    assert not Silence.objects.exists()


def test_a_second_snooze_takes_the_place_of_the_first(program, fire):
    alert = fire(at=timezone.now())
    first = snoozed(program, alert, minutes=60).json()["silence"]
    second = snoozed(program, alert, minutes=10).json()

    old, new = Silence.objects.get(pk=first), Silence.objects.get(pk=second["silence"])
    assert (new.replaces, old.ended_by.username) == (old, "rita")
    assert list(Silence.objects.active(timezone.now())) == [new]
    said = program.get(f"/api/v1/silences/{new.pk}/").json()
    assert (second["muted_until"], said["replaces"]) == (said["ends_at"], old.pk)


def test_an_alert_says_what_it_stands_under(program, fire, service):
    at = timezone.now() - timedelta(minutes=1)
    Dependency.objects.create(source=service("shop"), target=service("orders"), hard=True)
    below, above = fire("Slow", "shop", at=at), fire("Down", "orders", at=at)
    settle(timezone.now())
    said = program.get(f"/api/v1/alerts/{below.pk}/").json()

    assert (said["muted_by"], said["under"], said["silence"]) == ("dependency", above.pk, None)
    assert program.get(f"/api/v1/alerts/{above.pk}/").json()["under"] is None
    assert Alert.objects.get(pk=below.pk).muted_by == "dependency"


@pytest.mark.parametrize("member", ["minutes", "ends_at"])
def test_extending_never_makes_it_shorter(program, rita, member):
    now = timezone.now()
    silence = Silence.objects.make(
        [matcher("a", "=", "b")], by=rita, reason="x", ends_at=now + timedelta(hours=2)
    )
    body = {"minutes": 30} if member == "minutes" else {"ends_at": now + timedelta(hours=1)}
    refused = program.post(f"/api/v1/silences/{silence.pk}/extend/", body, **JSON)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == f"/{member}"
    assert Silence.objects.get().ends_at == silence.ends_at
