"""In somebody's quiet hours what is not urgent waits until they end."""

from datetime import UTC, datetime, time

import pytest
from django.core.exceptions import ValidationError

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery, QuietHours, Urgency, WakeLevel

pytestmark = pytest.mark.django_db


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def nina(nina):
    about = {"email": "nina@example.org", "time_zone": "Europe/Berlin"}
    User.objects.filter(pk=nina.pk).update(**about)
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def method(nina):
    about = {"kind": "service", "address": "ntfys://ntfy.example.org/t", "least_urgency": "low"}
    method = ContactMethod.objects.add(nina, **about)
    ContactMethod.objects.filter(pk=method.pk).update(verified_at=utc("2026-01-01"))
    return method


@pytest.fixture
def quiet(nina):
    def quiet(starts="22:00", ends="07:00", **about):
        hours = {"starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends)}
        QuietHours.objects.choose(nina, by=nina, **hours, **about)
        return QuietHours.objects.of(nina)

    return quiet


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-01-14 20:59", None),
        ("2026-01-14 21:00", "2026-01-15 06:00"),
        ("2026-01-15 02:00", "2026-01-15 06:00"),
        ("2026-01-15 06:00", None),
        ("2026-07-14 20:00", "2026-07-15 05:00"),  # summer time
        ("2026-03-28 23:00", "2026-03-29 05:00"),  # the night that is an hour shorter
        ("2026-10-24 23:00", "2026-10-25 06:00"),  # and the one that is longer
    ],
)
def test_they_go_by_the_clock_of_the_person(quiet, at, until):
    assert quiet().until(utc(at)) == (until and utc(until))


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-01-14 11:00", "2026-01-14 12:00"),
        ("2026-01-14 09:59", None),
        ("2026-01-14 12:00", None),
        ("2026-01-17 11:00", None),
    ],
)
def test_they_may_be_within_a_day_and_on_some_days_only(quiet, at, until):
    hours = quiet("11:00", "13:00", weekdays=[0, 1, 2, 3, 4])

    assert hours.until(utc(at)) == (until and utc(until))


def test_a_night_belongs_to_the_day_on_which_it_begins(quiet):
    friday = quiet(weekdays=[4])

    assert friday.until(utc("2026-01-16 23:00")) == utc("2026-01-17 06:00")
    assert friday.until(utc("2026-01-17 03:00")) == utc("2026-01-17 06:00")
    assert friday.until(utc("2026-01-16 03:00")) is None
    assert friday.until(utc("2026-01-17 23:00")) is None


def due(nina, at, urgency=Urgency.LOW):
    """By transport, when the message is sent that is told at this time."""
    Delivery.objects.post(key="x", to=[nina], subject="S", text="T", at=at, urgency=urgency)
    return dict(Delivery.objects.values_list("transport", "due_at"))


NIGHT, MORNING = utc("2026-01-15 02:00"), utc("2026-01-15 06:00")


def test_what_is_not_urgent_waits_and_mail_does_not(quiet, method, nina):
    quiet()

    assert due(nina, NIGHT) == {"mail": NIGHT, "service": MORNING}


def test_what_is_urgent_wakes(quiet, method, nina):
    quiet()

    assert due(nina, NIGHT, Urgency.HIGH)["service"] == NIGHT


def test_it_does_not_if_the_person_says_so(quiet, method, nina):
    quiet(wakes_for=WakeLevel.NOTHING)

    assert due(nina, NIGHT, Urgency.HIGH)["service"] == MORNING


def test_what_is_late_waits_for_the_morning_too(quiet, method, nina):
    """Told in the evening, and not sent until the night, as the service was down."""
    quiet()
    due(nina, utc("2026-01-14 20:00"))
    delivery = Delivery.claim(NIGHT, "service")

    delivery.send(NIGHT)

    assert (delivery.state, delivery.due_at, delivery.attempts) == ("waiting", MORNING, 0)
    assert not delivery.attempt_set.exists()
    assert Delivery.claim(NIGHT, "service") is None


def test_a_test_and_a_code_come_at_once(quiet, method, nina):
    hours = quiet(wakes_for=WakeLevel.NOTHING)
    assert hours.until(NIGHT)
    Delivery.objects.post_test(method, at=NIGHT)

    delivery = Delivery.claim(NIGHT)
    assert delivery.due_at == NIGHT
    assert delivery.target.waits_until(delivery.kind, delivery.urgency, NIGHT) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "22:00", "ends": "22:00"},
        {"weekdays": []},
        {"weekdays": [9]},
        {"wakes_for": "thunder"},
    ],
)
def test_what_cannot_be_is_refused(quiet, nina, wrong):
    with pytest.raises(ValidationError):
        quiet(**wrong)
    assert QuietHours.objects.of(nina) is None


def test_they_are_dropped(quiet, nina):
    quiet()
    QuietHours.objects.drop(nina, by=nina)

    assert QuietHours.objects.of(nina).in_force == "none"
