"""What does not fit the state of a delivery, an intake or a channel is one kind of 409."""

import pytest

from portal.monitoring.models import Intake
from portal.notifications.models import Channel, Delivery
from tests.notifications.test_contact_methods import told

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def delivery(rita):
    told([rita], key="one")
    return Delivery.objects.get()


@pytest.mark.parametrize("who", ["olga", "rita"])
def test_what_waits_is_not_sent_again(delivery, api, people, who):
    person = next(each for each in people.values() if each.username == who)
    refused = api(person).post(f"/api/v1/deliveries/{delivery.pk}/send-again/", **JSON)

    assert refused.status_code == 409 and refused.json()["type"].endswith("/not-ended")


def test_who_stopped_it_is_said(delivery, api, olga, rita):
    Delivery.objects.update(state="waiting")
    said = api(olga).post(f"/api/v1/deliveries/{delivery.pk}/expire/", **JSON).json()

    assert (said["state"], said["last_error"]) == ("expired", f"Expired: {olga} stopped it.")
    again = api(rita).post(f"/api/v1/deliveries/{delivery.pk}/send-again/", **JSON)
    assert again.status_code == 403


def test_what_has_no_secret_gets_no_other(api, olga):
    intake, _ = Intake.objects.make("Ours", "alertmanager")
    channel, _ = Channel.objects.add(by=olga, name="Ours", kind="mail", address="a@example.org")
    for address in (f"intakes/{intake.pk}/renew-secret/", f"channels/{channel.slug}/rotate/"):
        refused = api(olga).post(f"/api/v1/{address}", **JSON)
        assert refused.status_code == 409 and refused.json()["type"].endswith("/not-signed")
