"""Rating an alert by the link in a message, without signing in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data import clock
from portal.core.ops.logs import masked
from portal.monitoring.models import Alert, Rating
from portal.monitoring.ratings import links
from portal.notifications.models import Channel, Delivery
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def fires(am, rita, nina):
    """An alert of a service of a team, of which two people and a channel are told."""
    team = Team.objects.create(slug="db", name="Databases")
    team.members.set([rita, nina])
    Service.objects.create(slug="orders", name="Orders", owner=team)
    about = {"kind": "mail", "address": "db@example.org", "slug": "db", "team": team}
    Channel.objects.add(by=rita, name="Databases", **about)
    am(alert(service="orders", annotations={"summary": "Disk of db1 is full"}))
    return Alert.objects.get()


def sent_to(**whom):
    """The text as it is handed over."""
    delivery = Delivery.objects.select_related("recipient", "channel", "contact_method")
    return delivery.get(**whom).message(clock.now()).text


def path_of(text, word):
    address = re.search(rf"^{word}: https?://[^/]+(\S+)$", text, re.MULTILINE)[1]
    assert len(address) < 160
    return address


@pytest.fixture
def useful(fires, rita):
    return path_of(sent_to(recipient=rita), "Useful")


def test_one_click_after_opening_it_rates(fires, useful, rita):
    client = Client(enforce_csrf_checks=True)
    page = client.get(useful)
    assert page.status_code == 200 and "autofocus" in page.content.decode()
    assert "DiskFillsUp" in page.content.decode() and not Rating.objects.exists()

    done = client.post(useful)
    assert done.status_code == 200 and "Rated: useful" in done.content.decode()
    rating = Rating.objects.get()
    assert (rating.alert, rating.person, rating.is_useful) == (fires, rita, True)
    assert "no-store" in done.headers["Cache-Control"]


def test_noise_is_the_other_link(fires, rita):
    Client().post(path_of(sent_to(recipient=rita), "Noise"))

    assert Rating.objects.get().is_useful is False


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_scanner_of_mail_changes_nothing(useful, method):
    getattr(Client(), method)(useful)

    assert not Rating.objects.exists()


def test_each_message_counts_once(fires, useful, rita):
    Client().post(useful)
    again = Client().post(useful)
    other = Client().get(path_of(sent_to(recipient=rita), "Noise"))

    assert again.status_code == other.status_code == 409
    assert "You rated it: useful" in other.content.decode()
    assert fires.get_absolute_url() in other.content.decode()
    assert Rating.objects.count() == 1


def test_a_later_message_counts_again(fires, useful, rita):
    Client().post(useful)
    later = links.address_of(fires.pk, rita, False, clock.now() + timedelta(seconds=1))
    key = later.rstrip("/").rsplit("/", 1)[1]
    links.rate(key, clock.now() + timedelta(minutes=1))

    assert Rating.objects.get().is_useful is False


def test_an_old_link_says_so(fires, rita):
    old = links.address_of(fires.pk, rita, True, clock.now() - links.VALID)
    page = Client().post(re.sub(r"^https?://[^/]+", "", old))

    assert page.status_code == 410
    assert "valid for 7 days" in page.content.decode()
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: "x" + key, lambda _: "x" * 999]
)
def test_a_changed_link_says_so(useful, change):
    before, key = useful.rstrip("/").rsplit("/", 1)
    page = Client().post(f"{before}/{change(key)}/")

    assert page.status_code == 404
    assert "Not a valid link" in page.content.decode()
    assert not Rating.objects.exists()


def test_a_right_that_was_withdrawn_ends_the_link(useful, rita):
    rita.groups.clear()

    assert Client().post(useful).status_code == 403
    assert "Not permitted" in Client().get(useful).content.decode()


def test_a_switched_off_account_ends_the_link(useful, rita):
    rita.is_active = False
    rita.save()

    assert Client().post(useful).status_code == 403
    assert not Rating.objects.exists()


def test_an_alert_that_is_gone_says_so(fires, useful):
    fires.delete()

    assert Client().get(useful).status_code == 404


def test_a_link_stands_in_no_table_and_on_no_page(fires, useful, rita, page_of, olga):
    key = useful.rstrip("/").rsplit("/", 1)[1]
    stored = Delivery.objects.get(recipient=rita)

    assert key not in stored.text and fires.get_absolute_url() in stored.text
    assert key not in page_of(olga, stored.get_absolute_url())


def test_every_attempt_says_the_same(fires, rita):
    assert sent_to(recipient=rita) == sent_to(recipient=rita)


def test_a_channel_gets_the_page_and_a_reader_no_link(fires, nina):
    assert "Rate it: http" in sent_to(channel__slug="db")
    assert "/monitoring/rate/" not in sent_to(channel__slug="db")
    assert "Noise" not in sent_to(recipient=nina) and "Rate it" not in sent_to(recipient=nina)


def test_what_is_over_may_be_rated_too(fires, am, rita):
    am(alert(end="08:10:00", service="orders"))
    text = sent_to(recipient=rita, subject__startswith="Resolved")

    assert Client().post(path_of(text, "Noise")).status_code == 200


def test_the_log_never_has_a_key(useful):
    key = useful.rstrip("/").rsplit("/", 1)[1]

    assert key not in masked(f"GET {useful} 200")
