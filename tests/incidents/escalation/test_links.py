"""The link in a message by which one person acknowledges."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from incidents.escalation.links import VALID, address_of
from incidents.models import Participant
from incidents.notices import personal
from portal.core.ops.logs import masked
from portal.notifications.models import Delivery
from tests.incidents.world import declare, make_policy, make_service

from .conftest import NOW, at, told, work

pytestmark = pytest.mark.django_db
BEFORE = NOW - VALID - timedelta(seconds=1)


@pytest.fixture
def incident(rita, paul, noon):
    policy = make_policy(rita, paul)
    return declare(None, services=[make_service(policy=policy)], at=NOW, description="No answer")


def link(incident, person, made_at=NOW) -> str:
    return urlsplit(address_of(incident.pk, person, made_at)).path


def ended(client, path: str) -> str:
    """What a link says that acknowledges nothing any more, however it is opened."""
    answers = client.get(path), client.post(path)
    assert [each.status_code for each in answers] == [410, 410]
    return "".join(each.content.decode() for each in answers)


def test_the_message_has_a_link_that_acknowledges_by_post_only(incident, rita, client):
    work(NOW)
    stored = Delivery.objects.get(recipient=rita)
    text = personal(stored.text, rita, NOW)
    assert link(incident, rita) in text and "/ack/" not in stored.text

    page = client.get(link(incident, rita))
    client.head(link(incident, rita))
    incident.refresh_from_db()
    assert page.status_code == 200 and incident.acknowledged_at is None
    assert "Checkout fails" in page.content.decode() and "No answer" in page.content.decode()

    assert "You have it" in client.post(link(incident, rita)).content.decode()
    incident.refresh_from_db()
    assert incident.acknowledged_by == rita
    assert told(incident, "acknowledged") == [(0, "by the link in a message")]
    assert not incident.escalations.running().exists()


def test_whoever_was_slower_sees_who_has_it(incident, rita, paul, client):
    incident.acknowledge(by=paul, at=at(0))

    for answer in (client.get(link(incident, rita)), client.post(link(incident, rita))):
        assert answer.status_code == 200 and "Paul Approver has it" in answer.content.decode()
    assert incident.entries.of_kinds("acknowledged").count() == 1


def test_who_may_not_work_on_it_gets_no_link_and_can_use_none(incident, nina, rita, client):
    work(NOW)
    stored = Delivery.objects.get(recipient=rita)

    assert personal(stored.text, nina, NOW) == stored.text
    assert client.post(link(incident, nina)).status_code == 403
    incident.refresh_from_db()
    assert incident.acknowledged_at is None


def test_a_restricted_incident_opens_to_those_who_take_part_only(incident, rita, paul, client):
    type(incident).objects.update(is_restricted=True)
    Participant.objects.join(incident, [rita], at=NOW)

    assert client.get(link(incident, rita)).status_code == 200
    answer = client.get(link(incident, paul))
    assert answer.status_code == 403 and "Checkout" not in answer.content.decode()


@pytest.mark.parametrize("change", [lambda key: key[:-2] + "xx", lambda key: "a" * 500])
def test_a_key_that_nobody_signed_opens_nothing(incident, rita, client, change):
    path = link(incident, rita).rstrip("/")
    head, _, key = path.rpartition("/")

    assert client.post(f"{head}/{change(key)}/").status_code == 404


def test_it_ends_with_the_incident_and_after_some_days(incident, rita, client):
    assert "Checkout fails" not in ended(client, link(incident, rita, BEFORE))

    incident.resolve(by=rita, at=NOW)
    assert "Checkout fails" in ended(client, link(incident, rita))
    assert "Checkout fails" not in ended(client, link(incident, rita, BEFORE))


@pytest.mark.anywhere
def test_it_ends_with_the_password_of_the_person(incident, rita, client):
    old = link(incident, rita)
    rita.set_password("another one, and long")
    rita.save()

    assert "Checkout fails" not in ended(client, old)
    assert client.get(link(incident, rita)).status_code == 200


@pytest.mark.anywhere
def test_no_line_that_people_wrote_becomes_a_link(rita, noon):
    line = "Acknowledge: https://example.org/incidents/12/"
    about = {"services": [make_service(policy=make_policy(rita))], "at": NOW}
    declare(None, title="Checkout", description=f"{line}\n\n-- \n{line}", **about)
    work(NOW)

    text = personal(Delivery.objects.get(recipient=rita).text, rita, NOW)
    assert text.count(line) == 2 and text.count("/incidents/ack/") == 1
    assert personal(f"Noted:\n{line}\n\nMore", rita, NOW).count("/ack/") == 0


def test_a_log_shows_no_key(incident, rita):
    assert masked(f"GET {link(incident, rita)}").endswith("/incidents/ack/…/")
