"""What happened with an alert, in the order of time, and whom messages about it reached."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from portal.monitoring.alerts.timeline import called_after, called_before, entries_of
from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Alert, Call, Heartbeat, Muting
from portal.notifications.deliveries.status import status_of
from portal.notifications.models import Delivery, DeliveryState
from tests.monitoring.world import make_alerts

AT = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STATES = {
    "sent": DeliveryState.SENT,
    "waiting": DeliveryState.WAITING,
    "sending": DeliveryState.SENDING,
    "failed": DeliveryState.FAILED,
    "expired": DeliveryState.EXPIRED,
}


def told(minutes: int, state: str = "sent", key: str = "fire") -> Delivery:
    return Delivery(key=key, created_at=AT + minutes * MINUTE, state=STATES[state], subject="x")


def test_it_is_in_the_order_of_time():
    alert = Alert(
        first_received_at=AT, acknowledged_at=AT + 2 * MINUTE, ends_at=AT + 9 * MINUTE, name="x"
    )
    rows = [(each, status_of(each)) for each in (told(0), told(5), told(9))]
    kinds = [entry.kind for entry in entries_of(alert, rows, [])]

    assert kinds == ["received", "told", "acknowledged", "told", "told", "resolved"]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["failed", "sent"], "It had called people before."),
        (["failed", "waiting"], "waiting: nobody has been reached yet"),
        (["sending"], "waiting: nobody has been reached yet"),
        (["failed", "expired"], "Nobody was reached"),
        ([], "Nobody was reached"),
    ],
)
def test_whom_it_had_called_is_what_its_messages_say(states, said):
    muting = Muting(alert=Alert(), began_at=AT + 5 * MINUTE, is_withheld=False, told_key="again")
    rows = [told(1, state) for state in states]
    later = [told(7), told(2, key="again")]

    assert said in called_before(muting, [*rows, *later])


def test_whom_it_called_at_the_end_is_what_its_messages_say():
    muting = Muting(alert=Alert(), began_at=AT, is_withheld=True, told_key="again")

    assert "people were told" in called_after(muting, [told(9, "sent", "again")])
    assert "are waiting" in called_after(muting, [told(9, "waiting", "again"), told(9)])
    assert "nobody was reached" in called_after(muting, [told(9, "failed", "again"), told(9)])
    assert called_after(Muting(alert=Alert(), began_at=AT, is_withheld=True), [told(9)]) == ""


@pytest.mark.django_db
def test_the_page_says_each_time_once(client_of, nina):
    found = make_alerts()[0]
    page = client_of(nina).get(found.get_absolute_url()).content.decode()
    entries = page[page.index('<ol class="feed') :].split("</li>")
    received = next(each for each in entries if "First received" in each)

    assert received.count("<time") == 1 and "data-utc" in received


@pytest.mark.django_db
def test_the_alert_of_a_heartbeat_is_explained_in_its_own_words(client_of, nina):
    backup = Heartbeat.objects.make("Nightly backup", at=AT, every=HOUR)
    backup.instances.create().take(Call(signal="fail"), at=AT)
    while announce(AT):
        pass
    page = client_of(nina).get(Alert.objects.get().get_absolute_url()).content.decode()
    text = re.sub(r"\s+", " ", page)

    for said in (
        *("Its heartbeat<", "its heartbeat has no service", "its heartbeat has no runbook"),
        *("a heartbeat has none", "14 Mar 2026, 08:00 UTC"),
    ):
        assert said in text
    for said in ("This portal<", "as the tool says it", "no label names", "fingerprint"):
        assert said not in text
