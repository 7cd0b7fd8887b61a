"""A person is reached by what they have shown to reach them, by urgency and in their order."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.core.problems import Refused
from portal.notifications import jobs
from portal.notifications.contacts import verbs
from portal.notifications.models import ContactMethod, Delivery, Kind, Preference, Urgency
from portal.notifications.models.contact_methods import (
    CODE_PLACE,
    FAILING,
    FAREWELL,
    FAREWELL_WITHIN,
    MOST_METHODS,
    MOST_TRIES,
    REMOVED,
    VALID,
)
from portal.notifications.models.delivery_queries import MOST_CODES, MOST_CODES_TO
from portal.notifications.notices import tell
from portal.notifications.problems import AlreadyVerified, CodeOver, TooManyCodes, WrongCode
from portal.notifications.transports import TRANSPORTS, Unsent
from tests.hostile import stub

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
THINGS = Kind("things", "A thing changed")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def nina(nina):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    return User.objects.get(pk=nina.pk)


@pytest.fixture
def ntfy(settings):
    with stub() as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.port}"]
        server.address = f"ntfy://127.0.0.1:{server.port}/topic"
        yield server


@pytest.fixture
def add(nina):
    def add(address="ntfys://ntfy.example.org/one", kind="service", *, verified=True, **about):
        method = ContactMethod.objects.add(nina, kind=kind, address=address, **about)
        if verified:
            ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
            method.refresh_from_db()
        return method

    return add


def told(people, *, key="x", urgency=Urgency.LOW):
    tell(
        key=key,
        subject="It changed",
        text="Look.",
        concerned=[(THINGS, people)],
        by=None,
        urgency=urgency,
    )
    return [each.to for each in Delivery.objects.filter(key=key).order_by("pk")]


def test_it_works(add, ntfy, now):
    """Added, verified by the code that arrived there, and told of what is urgent."""
    method = add(ntfy.address, label="Phone", verified=False)
    Delivery.objects.post_code(method, at=now)
    jobs.deliver_elsewhere(now)

    sent = ntfy.heard[-1][3].decode()
    code = sent.partition('"message": "')[2][:6]
    verbs.verify(method, f" {code[:3]} {code[3:]} ", at=now)

    assert code.isdigit()
    assert ContactMethod.objects.get(pk=method.pk).is_verified
    assert told([method.person], urgency=Urgency.HIGH) == ["nina@example.org", "ntfy at 127.0.0.1"]
    jobs.deliver_elsewhere(timezone.now())
    assert b"It changed" in ntfy.heard[-1][3]


def test_the_code_is_nowhere_but_in_what_is_sent(add, ntfy, now):
    method = add(ntfy.address, verified=False)
    Delivery.objects.post_code(method, at=now)
    jobs.deliver_elsewhere(now)

    code = ntfy.heard[-1][3].decode().partition('"message": "')[2][:6]
    (delivery,) = Delivery.objects.filter(kind="contact-code")
    kept = [
        str(vars(each)) for each in (delivery, *delivery.attempt_set.all(), *LogEntry.objects.all())
    ]
    assert CODE_PLACE in delivery.text and delivery.state == "sent"
    assert all(code not in each for each in kept)
    method.refresh_from_db()
    assert code not in str(vars(method))


def test_a_code_may_be_mailed_too(add, mailbox, now):
    method = add("pager@example.org", kind="mail", verified=False)
    Delivery.objects.post_code(method, at=now)
    jobs.deliver(now)

    (mail,) = mailbox.messages
    assert mail["To"] == "pager@example.org"
    verbs.verify(method, mail.get_content()[:6], at=now)
    assert method.is_verified


def test_what_is_not_verified_gets_nothing_but_the_code(add, nina, now):
    method = add(verified=False, least_urgency=Urgency.LOW)

    assert told([nina], urgency=Urgency.HIGH) == ["nina@example.org"]
    Delivery.objects.post(key="straight", to=[method], subject="S", text="T")
    delivery = Delivery.claim(timezone.now(), "service")
    delivery.send(timezone.now())
    assert delivery.state == "failed"
    assert "not shown yet" in delivery.last_error


@pytest.fixture
def asked(add, now):
    """A method to which a code was sent, and that code."""
    method = add(verified=False)
    Delivery.objects.post_code(method, at=now)
    code = method.worded("contact-code", CODE_PLACE)
    return method, code, f"{(int(code) + 1) % 10**6:06}"


def test_a_wrong_code_is_refused_and_counted(asked, now):
    method, code, wrong = asked
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode):
            verbs.verify(method, wrong, at=now)

    with pytest.raises(CodeOver):
        verbs.verify(method, code, at=now)
    assert not ContactMethod.objects.get(pk=method.pk).is_verified


@pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "\0", "0" * 10_000])
def test_what_is_no_code_is_a_wrong_one(asked, now, typed):
    with pytest.raises(WrongCode):
        verbs.verify(asked[0], typed, at=now)


def test_a_code_expires(asked, now):
    method, code, _ = asked

    with pytest.raises(CodeOver):
        verbs.verify(method, code, at=now + VALID)


def test_a_code_is_used_once(asked, now):
    method, code, _ = asked
    again = ContactMethod.objects.get(pk=method.pk)
    verbs.verify(method, code, at=now)

    with pytest.raises(AlreadyVerified):
        verbs.verify(method, code, at=now)
    with pytest.raises(CodeOver):
        verbs.verify(again, code, at=now)


def test_a_new_code_makes_the_old_one_void(asked, now):
    method, code, _ = asked
    assert Delivery.objects.post_code(method, at=now + MINUTE)

    with pytest.raises(WrongCode):
        verbs.verify(method, code, at=now + MINUTE)


def test_a_code_that_comes_too_late_is_not_sent(asked, now):
    later = now + VALID
    delivery = Delivery.claim(later)
    delivery.send(later)

    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert "expired" in delivery.last_error


def test_codes_cannot_pester_anybody(add, nina, now):
    method = add(verified=False)

    assert Delivery.objects.post_code(method, at=now)
    assert not Delivery.objects.post_code(method, at=now)
    method.remove(at=now)
    others = [add(f"ntfys://ntfy.example.org/{n}", verified=False) for n in range(MOST_CODES)]
    for other in others[:-1]:
        assert Delivery.objects.post_code(other, at=now)
    with pytest.raises(TooManyCodes):
        Delivery.objects.post_code(others[-1], at=now)
    assert Delivery.objects.post_code(others[-1], at=now + timedelta(hours=2))


def test_codes_to_one_address_are_counted_across_people(nina, rita, now):
    address = "Victim@example.org"
    for number in range(MOST_CODES_TO):
        person, spelt = [(nina, address), (rita, address.lower())][number % 2]
        method = ContactMethod.objects.add(person, kind="mail", address=spelt)
        Delivery.objects.post_code(method, at=now)
        method.remove(at=now)
    method = ContactMethod.objects.add(rita, kind="mail", address=address)

    with pytest.raises(TooManyCodes):
        Delivery.objects.post_code(method, at=now)
    assert not any("victim" in each.key.lower() for each in Delivery.objects.all())
    other = ContactMethod.objects.add(rita, kind="mail", address="rita2@example.org")
    assert Delivery.objects.post_code(other, at=now)
    assert Delivery.objects.post_code(method, at=now + timedelta(hours=2))


@pytest.mark.parametrize("sign", ["\r\n", "\u202e"])
def test_a_label_is_one_line(nina, sign):
    with pytest.raises(ValidationError, match="control character"):
        ContactMethod.objects.add(nina, kind="mail", address="nina2@example.org", label=f"a{sign}b")
    method = ContactMethod.objects.add(nina, kind="mail", address="nina2@example.org")
    with pytest.raises(ValidationError, match="control character"):
        method.change(label=f"a{sign}b")


def test_no_code_is_sent_to_what_is_verified(add, now):
    with pytest.raises(AlreadyVerified):
        Delivery.objects.post_code(add(), at=now)


def test_what_is_not_urgent_goes_to_the_first_that_wants_it(add, nina):
    add("ntfys://a.example.org/t")
    add("ntfys://b.example.org/t", least_urgency=Urgency.LOW)
    add("ntfys://c.example.org/t", least_urgency=Urgency.LOW)

    assert told([nina]) == ["nina@example.org", "ntfy at b.example.org"]


def test_what_is_urgent_goes_to_all_in_order(add, nina):
    add("ntfys://a.example.org/t")
    add("ntfys://b.example.org/t", least_urgency=Urgency.LOW)
    add("ntfys://c.example.org/t").move(-2)

    assert told([nina], urgency=Urgency.HIGH) == [
        "nina@example.org",
        *("ntfy at c.example.org", "ntfy at a.example.org", "ntfy at b.example.org"),
    ]


def test_what_somebody_does_not_want_mailed_reaches_them_only_if_it_is_urgent(add, nina):
    add(least_urgency=Urgency.LOW)
    Preference.objects.choose(nina, {THINGS: False})

    told([nina], key="low")
    told([nina], key="high", urgency=Urgency.HIGH)

    states = Delivery.objects.order_by("pk").values_list("key", "transport", "state")
    assert list(states) == [
        ("low", "mail", "expired"),
        ("high", "mail", "expired"),
        ("high", "service", "waiting"),
    ]


def test_the_same_event_is_told_once_to_each(add, nina):
    add()
    first = told([nina], urgency=Urgency.HIGH)

    assert told([nina], urgency=Urgency.HIGH) == first
    assert len(first) == 2
    row = Delivery.objects.get(contact_method__isnull=False)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_many_people_cost_no_query_more(add, nina, olga, rita, django_assert_max_num_queries):
    add()
    about = {"subject": "S", "text": "T"}
    with django_assert_max_num_queries(10) as one:
        Delivery.objects.post(key="a", to=[nina], **about)

    with django_assert_max_num_queries(len(one.captured_queries)):
        Delivery.objects.post(key="b", to=[nina, olga, rita], **about)


def test_a_test_goes_to_the_method_alone(add, nina, now):
    method = add()

    assert Delivery.objects.post_test(method, at=now)
    assert not Delivery.objects.post_test(method, at=now)
    assert [each.to for each in Delivery.objects.all()] == ["ntfy at ntfy.example.org"]


def test_an_address_is_kept_secret(add, nina):
    method = add(f"slack://T1JJ3T3L2/A1BRTD4JD/{'s' * 20}cret", label="Slack")
    told([nina], urgency=Urgency.HIGH)
    Delivery.objects.post_code(
        add("ntfys://a.example.org/secret-topic", verified=False), at=timezone.now()
    )

    seen = [str(vars(each)) for each in (*Delivery.objects.all(), *LogEntry.objects.all())]
    assert method.shown == "Slack …cret"
    assert all("sssss" not in each and "secret-topic" not in each for each in seen)


def test_a_removed_one_is_forgotten_and_gets_nothing(add, nina, now):
    method = add()
    told([nina], key="before", urgency=Urgency.HIGH)
    method.remove(at=now)

    assert jobs.forget_removed(now) and not jobs.forget_removed(now)
    assert ContactMethod.objects.get(pk=method.pk).address == ""
    assert told([nina], key="after", urgency=Urgency.HIGH) == ["nina@example.org"]
    delivery = Delivery.claim(timezone.now(), "service")
    delivery.send(timezone.now())
    assert (delivery.state, delivery.key) == ("failed", "before")
    with pytest.raises(Refused):
        method.remove(at=now)


def test_one_that_was_not_verified_is_forgotten_at_once(add, now):
    method = add(verified=False)
    verbs.remove(method, at=now)

    assert ContactMethod.objects.get(pk=method.pk).address == ""
    assert not Delivery.objects.filter(contact_method=method).exists()


def test_a_removed_one_is_told_so_and_then_forgotten(add, nina, ntfy):
    method, now = add(ntfy.address), timezone.now()
    told([nina], key="before", urgency=Urgency.HIGH)
    verbs.remove(method, at=now)

    assert not jobs.forget_removed(now)  # it is on its way
    while jobs.deliver_elsewhere(timezone.now()):
        pass
    ((_, _, _, body),) = ntfy.heard
    assert b"The portal sends nothing here any more" in body
    assert jobs.forget_removed(now)
    assert ContactMethod.objects.get(pk=method.pk).address == ""
    again = Delivery.objects.get(kind=FAREWELL)
    again.send_again(by=nina)
    assert jobs.deliver_elsewhere(timezone.now())
    again.refresh_from_db()
    assert (again.state, again.last_error) == ("failed", REMOVED)


def test_one_that_cannot_be_told_is_forgotten_within_the_hour(add, now):
    method = add()
    verbs.remove(method, at=now)

    assert not jobs.forget_removed(now + FAREWELL_WITHIN - MINUTE)
    assert jobs.forget_removed(now + FAREWELL_WITHIN)
    assert ContactMethod.objects.get(pk=method.pk).address == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "mail", "address": "nobody"},
        {"kind": "mail", "address": "NINA@example.org"},
        {"kind": "service", "address": "json://example.org/"},
        {"kind": "service", "address": ""},
        {"kind": "webhook", "address": "https://example.org/"},
        {"kind": "service", "address": "ntfys://ntfy.example.org/one"},
        {"address": "ntfys://a.example.org/x", "label": "x" * 61},
        {"address": "ntfys://a.example.org/x", "least_urgency": "never"},
    ],
)
def test_what_is_no_method_is_refused(add, wrong):
    add("ntfys://ntfy.example.org/one")

    with pytest.raises(ValidationError):
        add(**wrong)
    assert ContactMethod.objects.count() == 1


def test_there_is_an_end(add):
    for number in range(MOST_METHODS):
        add(f"ntfys://ntfy.example.org/{number}")

    with pytest.raises(ValidationError, match="remove one first"):
        add("ntfys://ntfy.example.org/more")


def test_it_is_failing_after_some_attempts_and_well_after_one(add, nina, monkeypatch):
    method = add()
    taken = []
    monkeypatch.setitem(TRANSPORTS, "service", Failing(TRANSPORTS["service"], taken))
    told([nina], urgency=Urgency.HIGH)
    at = timezone.now()
    for _ in range(FAILING):
        delivery = Delivery.claim(at, "service")
        delivery.send(at)
        at = delivery.due_at
    method.refresh_from_db()
    assert method.is_failing and not ContactMethod.objects.working().exists()
    taken.append("yes")
    Delivery.claim(at, "service").send(at)

    method.refresh_from_db()
    assert not method.is_failing and ContactMethod.objects.working().exists()


class Failing:
    """A transport whose other side takes nothing until it is told to."""

    def __init__(self, real, taken):
        self.real, self.taken = real, taken

    def __getattr__(self, name):
        return getattr(self.real, name)

    def hand_over(self, message):
        if not self.taken:
            raise Unsent("It is down.")
        return "taken"


def test_changes_are_on_record(add, nina, now):
    method = add(label="Phone")
    method.change(label="Pager", least_urgency=Urgency.LOW)
    add("ntfys://b.example.org/t").move(-1)
    method.remove(at=now)

    trail = LogEntry.objects.filter(content_type__model="contactmethod").order_by("pk")
    verbs = [entry.additional_data["verb"] for entry in trail]
    assert verbs == ["create", "change", "create", "move", "delete"]
    assert {entry.actor for entry in trail} == {nina}
