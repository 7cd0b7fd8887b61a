"""The engine shows an address outside once a minute that it lives; dead, it is silent."""

import logging
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.ops.checks import dead_man_can_be_reached
from portal.notifications import attention, jobs
from portal.notifications.models import Beat

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def watch(receiver, settings):
    """What stands outside and hears the engine."""
    settings.DEAD_MAN_URL = f"{receiver.url}/a-secret-key"
    return receiver


def live(at) -> None:
    """What an engine does in a round."""
    jobs.beat(at)
    jobs.report(at)


def beat() -> Beat:
    return Beat.objects.get(name=socket.gethostname())


def test_it_works(watch, client):
    now = timezone.now()
    live(now)

    assert [(path, body) for path, _, body in watch.received] == [("/a-secret-key", b"")]
    assert (beat().reported_at, beat().report_error) == (now, "")
    assert client.get("/readyz").json()["dead_man"] == "ok"


def test_once_a_minute_whatever_asks(watch):
    now = timezone.now()
    for seconds in (0, 1, 30, 59, 60, 61, 119, 120):
        live(now + seconds * SECOND)

    assert len(watch.received) == 3


def test_an_engine_that_does_not_beat_is_silent(watch):
    now = timezone.now()
    live(now)
    jobs.report(now + 5 * MINUTE)

    assert len(watch.received) == 1


def test_without_an_address_nothing_is_sent_or_said(receiver, client):
    live(timezone.now())

    assert receiver.received == [] and beat().report_due_at is None
    assert "dead_man" not in client.get("/readyz").json()


def test_what_is_not_taken_is_logged_once_and_shown(watch, client, olga, nina, caplog):
    watch.status, now = 404, timezone.now()
    with caplog.at_level(logging.ERROR, "portal.notifications"):
        for minutes in range(3):
            live(now + minutes * MINUTE)

    assert len(watch.received) == 3
    said = ["The dead man's switch does not hear this engine: It answered 404."]
    assert [record.getMessage() for record in caplog.records] == said
    assert client.get("/readyz").json()["dead_man"] == "failing: It answered 404."
    titles = [[card.title for card in attention.cards(who, now)] for who in (olga, nina)]
    assert ["Not watched from outside" in each for each in titles] == [True, False]
    watch.status = 200
    live(now + 3 * MINUTE)
    assert client.get("/readyz").json()["dead_man"] == "ok"


def test_an_address_inside_is_refused_unless_it_is_allowed(watch, settings):
    settings.OUTGOING_ALLOW = []
    live(timezone.now())

    assert watch.received == [] and beat().reported_at is None
    assert beat().report_error and "a-secret-key" not in beat().report_error


def test_after_a_clock_had_jumped_it_reports_again(watch):
    now = timezone.now()
    live(now + timedelta(days=30))
    Beat.objects.update(at=now)
    live(now)

    assert len(watch.received) == 2


@pytest.mark.parametrize("url", ["ftp://a.example", "https://a:b@c.example", "nowhere"])
def test_an_address_that_cannot_be_posted_to_is_said_at_the_start(settings, url):
    settings.DEAD_MAN_URL = url
    (error,) = dead_man_can_be_reached(None)
    assert error.id == "portal.E026"

    settings.DEAD_MAN_URL = "https://hc-ping.com/1"
    assert list(dead_man_can_be_reached(None)) == []
