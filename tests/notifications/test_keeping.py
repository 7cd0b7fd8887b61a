"""Old texts are removed, what waited too long can be stopped; nobody is told twice for it."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.core.problems import Overtaken
from portal.notifications import jobs
from portal.notifications.models import Delivery
from portal.notifications.models.transmission import LEASE
from portal.notifications.problems import NotEnded

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


def age(delivery, state: str, by: timedelta, now) -> None:
    sent_at = now - by if state == "sent" else None
    rows = Delivery.objects.filter(pk=delivery.pk)
    rows.update(state=state, due_at=now - by, created_at=now - by, sent_at=sent_at)


def texts() -> dict[str, str]:
    return dict(Delivery.objects.values_list("key", "text"))


def test_texts_of_what_ended_long_ago_are_removed(post, now, settings):
    settings.KEEP_DELIVERIES_DAYS = 90
    ages = {
        "sent": ("sent", 91 * DAY),
        "expired": ("expired", 91 * DAY),
        "new": ("sent", 89 * DAY),
        "waiting": ("waiting", 999 * DAY),
        "failed": ("failed", 359 * DAY),
        "failed-long-ago": ("failed", 361 * DAY),
    }
    for key, (state, by) in ages.items():
        age(post(key=key), state, by, now)

    assert jobs.forget(now) is True
    assert jobs.forget(now) is False
    assert {key for key, text in texts().items() if not text} == {
        *("sent", "expired", "failed-long-ago")
    }


def test_attempts_go_with_the_text(mailbox, post, now):
    post()
    jobs.deliver(timezone.now())
    old = Delivery.objects.get()
    assert old.attempt_set.count() == 1
    age(old, "sent", 91 * DAY, now)

    assert jobs.forget(now) is True
    assert old.attempt_set.count() == 0


def test_a_command_says_what_would_be_removed_and_removes_it(post, now, settings, capsys):
    age(post(), "sent", 91 * DAY, now)

    call_command("forget_deliveries", "--dry-run")
    assert texts() == {"disk": "Look."}
    call_command("forget_deliveries")
    settings.KEEP_DELIVERIES_DAYS = 0
    call_command("forget_deliveries")

    assert texts() == {"disk": ""}
    assert capsys.readouterr().out.splitlines() == [
        "Would remove texts and attempts: 1.",
        "Removed texts and attempts: 1.",
        "PORTAL_KEEP_DELIVERIES_DAYS is 0: all texts are kept.",
    ]


def test_what_was_sent_late_is_kept_from_then_on(post, now):
    delivery = post()
    age(delivery, "sent", 91 * DAY, now)
    Delivery.objects.update(sent_at=now)

    assert jobs.forget(now) is False


def test_it_is_done_some_at_a_time(post, now, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    for n in range(5):
        age(post(key=f"n{n}"), "sent", 91 * DAY, now)

    rounds = 0
    while jobs.forget(now):
        rounds += 1
    assert (rounds, set(texts().values())) == (3, {""})


@pytest.mark.parametrize("days", [0, -1])
def test_they_may_be_kept_for_ever(post, now, settings, days):
    settings.KEEP_DELIVERIES_DAYS = days
    age(post(), "sent", 9999 * DAY, now)

    assert jobs.forget(now) is False


def test_a_huge_number_of_days_is_no_error(post, now, settings):
    settings.KEEP_DELIVERIES_DAYS = 10**9

    assert jobs.forget(now) is False


def test_what_was_told_is_not_told_again_after_its_text_is_gone(post, now, olga):
    age(post(), "sent", 91 * DAY, now)
    jobs.forget(now)

    post()

    (delivery,) = Delivery.objects.all()
    assert (delivery.state, delivery.text) == ("sent", "")
    with pytest.raises(NotEnded, match="removed"):
        delivery.send_again(by=olga)


def test_after_a_restore_what_is_old_is_not_sent(mailbox, post, now, capsys):
    for key, by in (("old", 25 * HOUR), ("pausing", 25 * HOUR), ("new", 23 * HOUR)):
        age(post(key=key), "waiting", by, now)
    Delivery.objects.filter(key="pausing").update(due_at=now + HOUR / 2)
    age(post(key="in-hand"), "waiting", 25 * HOUR, now)
    Delivery.objects.filter(key="in-hand").update(state="sending", lease_until=now - LEASE)

    call_command("expire_deliveries", "--dry-run")
    assert Delivery.objects.filter(state="expired").count() == 0
    call_command("expire_deliveries")

    while jobs.deliver(timezone.now()):
        pass
    states = dict(Delivery.objects.values_list("key", "state"))
    assert states == {"old": "expired", "pausing": "expired", "in-hand": "expired", "new": "sent"}
    assert len(mailbox.messages) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Would expire: 3.",
        "Expired: 3. Send one again in the administration.",
    ]
    assert LogEntry.objects.filter(additional_data__verb="expire").count() == 3


def test_hours_are_a_number(db):
    with pytest.raises(CommandError):
        call_command("expire_deliveries", "--hours", "-1")


def test_what_is_being_sent_is_not_stopped(mailbox, post):
    post()
    now = timezone.now()
    claimed = Delivery.claim(now)

    assert claimed.expire(by=None, at=now) is False
    claimed.send(now)
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().expire(by=None, at=now) is False


def test_an_engine_that_stood_still_does_not_overwrite_that_it_expired(mailbox, post):
    post()
    now = timezone.now()
    stale = Delivery.claim(now)
    assert Delivery.objects.get().expire(by=None, at=now + LEASE) is True

    with pytest.raises(Overtaken):
        stale.send(now)
    assert Delivery.objects.get().state == "expired"


def test_what_expired_can_be_sent_after_all(mailbox, post, now, olga):
    delivery = post()
    delivery.expire(by=olga, at=now)

    Delivery.objects.get().send_again(by=olga)

    assert jobs.deliver(timezone.now()) is True
    assert Delivery.objects.get().state == "sent"
