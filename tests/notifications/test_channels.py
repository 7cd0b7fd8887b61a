"""A channel gets what it takes, one message at a time; a dead one costs one attempt a pause."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Team
from portal.core.data.claims import Claims, pause_after
from portal.core.problems import Stale
from portal.notifications import jobs
from portal.notifications.models import Channel, Delivery, Kind, Urgency
from portal.notifications.models.delivery_queries import OUTWAITED
from portal.notifications.notices import tell
from portal.notifications.problems import NotSigned
from portal.notifications.transports import mail

pytestmark = pytest.mark.django_db
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
CHANGED = Kind("things-changed", "A thing changed", for_teams=True)
DELETED = Kind("things-deleted", "A thing was deleted", for_teams=True)


@pytest.fixture
def team(rita):
    team = Team.objects.create(slug="disks", name="Disks")
    team.members.add(rita)
    return team


@pytest.fixture
def add(olga):
    """Make a channel that is an e-mail address, or what is asked for."""

    def add(name="Disks", kind="mail", address="disks@example.org", **about):
        return Channel.objects.add(by=olga, name=name, kind=kind, address=address, **about)[0]

    return add


def told(key="x", *, teams=(), kinds=(CHANGED,), urgency=Urgency.LOW):
    about = {"subject": "It changed", "text": "Look.", "by": None}
    concerned = [(kind, []) for kind in kinds]
    tell(key=key, concerned=concerned, teams=teams, urgency=urgency, **about)
    names = Delivery.objects.filter(key=key).values_list("channel__name", flat=True)
    return set(names)


def attempt(at):
    delivery = Delivery.claim(at)
    delivery.send(at)
    return Delivery.objects.get(pk=delivery.pk)


def queue(channel, count, at=None, **about):
    for n in range(count):
        Delivery.objects.post(key=f"n{n}", to=[channel], subject="S", text="T", at=at, **about)


def test_it_works(mailbox, add, team):
    channel = add(team=team)

    assert told(teams=[team]) == {"Disks"}
    sent = attempt(timezone.now())

    (message,) = mailbox.messages
    assert (message["To"], message["Message-ID"]) == ("disks@example.org", sent.message_id)
    assert message.get_content().strip() == "Look."
    assert (sent.state, sent.channel, sent.kind) == ("sent", channel, "things-changed")
    (only,) = sent.attempt_set.all()
    assert (only.number, only.answer, only.error) == (1, "250 OK", "")


def test_teams_hear_of_their_own_and_everybodys_channels_of_all(add, team):
    other = Team.objects.create(slug="nets", name="Nets")
    add("Disks", team=team)
    add("Nets", team=other)
    add("All")
    add("Off", team=team, is_active=False)

    assert told("a", teams=[team]) == {"Disks", "All"}
    assert told("b", teams=[None]) == {"All"}
    assert told("c", teams=None) == set()


def test_a_channel_gets_the_kinds_and_the_urgency_that_it_takes(add, team):
    add("Changes", kinds=[CHANGED.name])
    add("Urgent", least_urgency=Urgency.HIGH)

    assert told("a", kinds=[CHANGED]) == {"Changes"}
    assert told("b", kinds=[DELETED]) == set()
    assert told("c", kinds=[DELETED, CHANGED]) == {"Changes"}
    assert told("d", kinds=[DELETED], urgency=Urgency.HIGH) == {"Urgent"}


def test_the_same_event_is_queued_once_for_each_channel(add):
    add("One")
    add("Two", address="two@example.org")

    told("x")
    told("x")

    assert Delivery.objects.count() == 2


def test_what_is_urgent_is_sent_first(mailbox, post, add):
    channel = add()
    queue(channel, 2, timezone.now() - HOUR)
    Delivery.objects.post(key="now", to=[channel], subject="S", text="T", urgency=Urgency.HIGH)

    assert Delivery.claim(timezone.now()).key == "now"


def test_one_message_at_a_time_is_in_the_hands_of_workers(add):
    one, two = add("One"), add("Two", address="two@example.org")
    queue(one, 3)
    Delivery.objects.post(key="other", to=[two], subject="S", text="T")
    at = timezone.now()

    claimed = [Delivery.claim(at) for _ in range(3)]

    assert [each and each.channel.name for each in claimed] == ["One", "Two", None]


def test_the_database_allows_no_second_one_in_hand(add):
    queue(add(), 2)
    at = timezone.now()
    Delivery.claim(at)
    second = Delivery.objects.get(state="waiting")

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=second.pk).update(state="sending", lease_until=at)
    assert not Claims(Delivery).take(second.pk, second.fence, at)


def test_mail_to_people_and_addresses_is_sent_by_several_at_once(post):
    for n in range(3):
        post(key=f"n{n}")
    at = timezone.now()

    assert all(Delivery.claim(at) for _ in range(3))


def test_while_a_target_fails_its_messages_are_tried_one_in_each_pause(mailbox, add):
    queue(add(), 3)
    mailbox.mode, at = "4xx", timezone.now()
    tried = []
    for number in range(1, 5):
        tried.append(attempt(at).key)
        assert Delivery.claim(at + pause_after(number) - SECOND) is None
        at += pause_after(number)

    assert tried == ["n0", "n1", "n2", "n0"]
    channel = Channel.objects.get()
    assert (channel.failures, channel.rests_until) == (4, at)


def test_a_rest_that_a_clock_that_had_jumped_noted_is_none(mailbox, add):
    queue(add(), 2)
    mailbox.mode, now = "4xx", timezone.now()
    jumped = Delivery.claim(now)
    Channel.objects.get().note_failure(now + timedelta(days=30))
    jumped.conclude(state="waiting", due_at=now + timedelta(days=30))

    assert Delivery.claim(now).key == "n1"


def test_once_one_gets_through_the_others_wait_no_longer(mailbox, add):
    queue(add(), 3)
    mailbox.mode, at = "4xx", timezone.now()
    for number in (1, 2):
        attempt(at)
        at += pause_after(number)
    mailbox.mode = "ok"

    assert [attempt(at).state for _ in range(3)] == ["sent"] * 3
    assert (Channel.objects.get().failures, Channel.objects.get().rests_until) == (0, None)


def test_what_waited_for_a_dead_target_as_long_as_it_is_tried_has_failed_with_it(mailbox, add):
    channel, at = add(), timezone.now()
    queue(channel, 3, at)
    mailbox.mode = "4xx"
    attempt(at)
    late = at + OUTWAITED + SECOND
    Delivery.objects.post(key="new", to=[channel], subject="S", text="T", at=late)

    attempt(late)

    states = dict(Delivery.objects.values_list("key", "state"))
    assert states == {"n0": "failed", "n1": "failed", "n2": "failed", "new": "waiting"}
    assert set(Delivery.objects.exclude(key="new").values_list("last_error", flat=True)) == {
        "The mail server answered 451 4.3.0 Try again later"
    }


def test_a_channel_that_was_switched_off_gets_nothing(mailbox, add, olga):
    channel = add()
    queue(channel, 1)
    channel.change(by=olga, is_active=False)

    failed = attempt(timezone.now())

    assert (failed.state, failed.last_error) == ("failed", "The channel is switched off.")
    assert mailbox.messages == []


def test_sent_again_it_is_tried_at_once_and_its_attempts_are_kept(mailbox, add, olga):
    queue(add(), 1)
    mailbox.mode, at = "4xx", timezone.now()
    attempt(at)
    Delivery.objects.update(state="failed")
    mailbox.mode = "ok"

    Delivery.objects.get().send_again(by=olga, at=at)

    sent = attempt(at)
    assert [(each.number, each.answer) for each in sent.attempt_set.all()] == [
        (1, ""),
        (1, "250 OK"),
    ]


def test_an_attempt_and_its_outcome_are_recorded_together(mailbox, post, monkeypatch):
    post()
    at = timezone.now()
    first = Delivery.claim(at)
    Delivery.objects.filter(pk=first.pk).update(fence=9)
    with pytest.raises(Exception, match="taken it over"):
        first.send(at)

    assert not first.attempt_set.exists()


def test_each_transport_has_its_own_workers(mailbox, add, post):
    post()

    assert jobs.deliver_elsewhere(timezone.now()) is False
    assert jobs.deliver(timezone.now()) is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nobody"},
        {"kind": "webhook", "address": "ftp://example.org"},
        {"kind": "webhook", "address": "https://a:b@example.org"},
        {"kind": "pigeon"},
        {"kind": "service", "address": "json://a/b"},
        {"name": ""},
        {"least_urgency": "never"},
    ],
)
def test_what_cannot_be_a_channel_is_refused(add, wrong):
    with pytest.raises(ValidationError):
        add(**wrong)


def test_two_channels_of_one_name_have_addresses_of_their_own(add):
    assert [add().slug, add().slug, add("磁盘").slug] == ["disks", "disks-2", "channel"]


def test_only_webhooks_have_a_secret(add, olga):
    with pytest.raises(NotSigned):
        add().rotate(by=olga)


def test_the_answer_of_a_mail_server_is_one_line_of_bounded_length():
    assert mail._shown(250, b"2.0.0 Ok:\r\n queued as 4F\x1b" + b"x" * 999).startswith(
        "250 2.0.0 Ok: queued as 4F xxx"
    )
    assert len(mail._shown(250, b"x" * 999)) == 4 + mail.LONGEST_ANSWER


def test_a_change_names_what_it_is_based_on(add, olga):
    channel = add()
    channel.change(by=olga, name="Discs", based_on=channel.revision)

    with pytest.raises(Stale):
        channel.change(by=olga, name="Mine", based_on=1)
    assert Channel.objects.get().name == "Discs"


def as_before_there_were_channels(pk: int, at) -> int:
    """What an engine of 0.1 writes when it claims a row: how many it has then."""
    lease = {"lease_until": at + timedelta(minutes=1), "fence": F("fence") + 1}
    return Delivery.objects.filter(pk=pk).update(state="sending", **lease)


def test_an_engine_that_knows_no_channels_can_claim_none_of_their_messages(add, post):
    """It would mail a message to the text that stands for a webhook."""
    hook = add(kind="webhook", address="https://hooks.example.org/ops")
    to_channel, to_address = post(key="hook", to=[hook]), post(key="mail")
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        as_before_there_were_channels(to_channel.pk, now)
    assert as_before_there_were_channels(to_address.pk, now) == 1
    assert Delivery.claim(now, "webhook") == to_channel
    with pytest.raises(IntegrityError), transaction.atomic():  # nor what another has left behind
        as_before_there_were_channels(to_channel.pk, now)


@pytest.mark.parametrize("sign", ["\r\n", "\u202e"])
def test_a_name_is_one_line(add, olga, sign):
    with pytest.raises(ValidationError, match="control character"):
        add(name=f"Di{sign}sks")
    with pytest.raises(ValidationError, match="control character"):
        add().change(by=olga, name=f"Di{sign}sks")


@pytest.mark.parametrize("port", ["0", "00000", "65536", "99999"])
def test_a_port_that_is_none_is_refused(add, port):
    with pytest.raises(ValidationError):
        add(kind="webhook", address=f"https://hooks.example.org:{port}/ops")

    assert add(kind="webhook", address="https://hooks.example.org:65535/ops").pk


def test_what_is_next_is_found_in_the_order_of_an_index(add):
    if connection.vendor != "sqlite":
        pytest.skip("reads the plan of SQLite")
    queue(add(), 1)
    with CaptureQueriesContext(connection) as asked:
        assert Delivery.claim(timezone.now(), "mail")
    first = [each["sql"] for each in asked if "LIMIT" in each["sql"] and "'low'" in each["sql"]]
    with connection.cursor() as plan:
        plan.execute(f"EXPLAIN QUERY PLAN {first[0]}")
        steps = " ".join(row[3] for row in plan.fetchall())

    assert "delivery_queue (state=? AND urgency=? AND due_at<?)" in steps
    assert "TEMP B-TREE" not in steps
