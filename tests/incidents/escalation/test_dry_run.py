"""Who would be called, minute by minute."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from incidents.escalation.dry_run import DryRun
from incidents.escalation.findings import findings, remembered
from incidents.escalation.verdict import verdict
from incidents.models import EscalationTarget, Rotation
from incidents.models.specifications import LayerSpec
from incidents.oncall.plans import Hours
from portal.notifications.models import ContactMethod, Delivery, QuietHours
from tests.incidents.world import declare, make_policy, make_service, severity

from .conftest import NOW, told, work_until

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 5, 16, 2, 30, tzinfo=UTC)


def run(policy, at=NOW, level=2) -> DryRun:
    return DryRun(policy.plan(), severity(level).terms(), at)


def lines(dry: DryRun) -> list[tuple]:
    return [(each.minute, each.names, each.is_skipped) for each in dry.lines]


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TIME_ZONE = "UTC"


def method(person, **more) -> ContactMethod:
    about = {"kind": "service", "shown": "ntfy://…", "position": 1, "label": "Phone"}
    return ContactMethod.objects.create(person=person, **about | {"verified_at": NOW} | more)


def test_it_says_what_the_engine_then_does(rita, nina, paul, olga):
    policy = make_policy(rita, nina, paul, rounds=2)
    dry = run(policy)
    incident = declare(None, services=[make_service(policy=policy)], at=NOW)

    work_until(600)

    assert lines(dry) == [
        (0, "Rita Responder", False),
        (5, "", True),
        (5, "Paul Approver", False),
        (10, "Rita Responder", False),
        (15, "", True),
        (15, "Paul Approver", False),
    ]
    assert dry.minutes == 20
    assert [minute for minute, _ in told(incident)] == [0, 5, 5, 10, 15, 15, 20]
    assert Delivery.objects.count() == 5


def test_nothing_is_sent_and_a_ticket_calls_nobody(rita):
    dry = run(make_policy(rita), level=5)

    assert not dry.lines and "ticket" in verdict(dry).title
    assert not Delivery.objects.exists()


def test_rotations_are_asked_at_each_minute(rita, paul):
    day = NOW.date() - timedelta(days=1)
    layer = LayerSpec("Noon", (rita, paul), day, hand_over=time(12, 6), unit="days")
    rotation = Rotation.objects.make(
        by=rita, at=NOW, slug="shop", name="Shop", time_zone="UTC", layers=[layer]
    )
    policy = make_policy(rounds=2, wait_minutes=10)
    step = policy.steps.create(position=0, delay_minutes=0)
    EscalationTarget.objects.create(step=step, rotation=rotation)

    found = lines(run(policy))

    assert found == [(0, "Rita Responder", False), (10, "Paul Approver", False)]


def test_at_night_mail_wakes_nobody_and_quiet_hours_hold_back(rita, paul):
    policy = make_policy(rita, paul)
    for person in (rita, paul):
        person.time_zone = "UTC"
        person.save()
    method(paul)
    hours = {"starts": time(22), "ends": time(7), "wakes_for": "nothing"}
    QuietHours.objects.create(person=paul, **hours)

    dry = run(policy, NIGHT)

    ways = [
        [(way.kind, way.outcome) for way in each.ways]
        for line in dry.lines[:2]
        for each in line.called
    ]
    assert ways == [[("mail", "silent")], [("service", "held"), ("mail", "silent")]]
    assert verdict(dry).title == "Nobody is woken." and verdict(dry).tone == "bad"
    assert "2 of 2 targets get only messages that may fail" in verdict(dry).detail


@pytest.mark.anywhere
def test_by_day_what_may_fail_is_not_said_to_reach_nobody(rita, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    dry = run(make_policy(rita))

    assert dry.lines[0].called[0].reaches
    assert verdict(dry).title == "Nobody is certain to be reached."


def test_a_verdict_says_who_is_woken_and_when_the_next_is(rita, paul):
    policy = make_policy(rita, paul, delay=30)
    method(rita)
    method(paul)

    found = verdict(run(policy, NIGHT, level=1))

    title = "1 person is woken at once. Without an answer, the next after 30 minutes."
    assert (found.tone, found.title) == ("warn", title)
    assert found.detail == "The target for SEV1 is an answer within 5 minutes."


@pytest.mark.anywhere
def test_without_a_mail_server_it_is_no_policy_that_is_ready(client_of, nina, rita, settings):
    policy = make_policy(rita)
    address = reverse("incidents:dry-run", args=[policy.slug])
    assert "No problems" in client_of(nina).get(f"{address}?at=2026-05-15T12:00").content.decode()
    settings.EMAIL_BACKEND = ""

    (found,) = findings([policy], NOW)[policy.pk]
    assert (found.kind, found.is_bad) == ("may-fail", True)
    assert remembered(NOW) == []  # the first page says once that there is no mail server
    said = client_of(nina).get(f"{address}?at=2026-05-15T12:00").content.decode()
    assert "Nobody is certain to be reached." in said and "No problems" not in said
    assert "Every message of it may fail. No mail server is set up" in said
    assert 'class="note is-bad' in said


def test_a_policy_that_reaches_nobody_is_bad(nina):
    found = verdict(run(make_policy(nina)))

    assert (found.tone, found.title) == ("bad", "The policy reaches nobody.")
    assert found.detail == "All operators are called at once instead."


def test_the_page_shows_each_way_and_other_times(client_of, olga, rita, paul):
    policy = make_policy(rita, paul)
    method(rita, verified_at=None)
    address = reverse("incidents:dry-run", args=[policy.slug])

    page = client_of(olga).get(f"{address}?at=2026-05-16T02:30&severity=1").content.decode()

    for text in ("rita@example.org", "Not verified.", "Sat 16 May, 02:30", "Tonight"):
        assert text in page
    assert "From the top, round 2 of" in page and "SEV1 must not lie idle" in page


def test_contact_methods_are_shown_to_their_owner_and_who_changes_policies(nina, rita, paul, olga):
    method(rita)
    method(rita, verified_at=None, position=2)
    ((called,), *_) = [line.called for line in run(make_policy(rita, paul), NIGHT).lines]

    for reader in (rita, olga):
        assert called.ways_for(reader) == called.ways and len(called.ways) == 3
    seen = [(way.kind, way.outcome, way.label, way.detail) for way in called.ways_for(nina)]
    assert seen == [("service", "arrives", "", ""), ("mail", "silent", "", "")]


def test_the_page_names_the_policy_of_a_service(client_of, nina, rita):
    policy, other = make_policy(rita), make_policy(rita, name="Other")
    make_service(policy=other)

    address = reverse("incidents:dry-run", args=[policy.slug])
    page = client_of(nina).get(f"{address}?service=checkout").content.decode()

    assert "Incidents of Checkout are opened with" in page


def test_a_time_that_is_none_is_said_at_its_field(client_of, nina, rita):
    address = reverse("incidents:dry-run", args=[make_policy(rita).slug])

    assert client_of(nina).get(f"{address}?at=yesterday").status_code == 400


def test_hours_of_a_rotation_are_gaps_ahead(rita, olga):
    hours = (Hours(frozenset(range(5)), time(9), time(17)),)
    layer = LayerSpec("Office", (rita,), NOW.date() - timedelta(days=9), hours=hours)
    rotation = Rotation.objects.make(
        by=rita, at=NOW, slug="shop", name="Shop", time_zone="UTC", layers=[layer]
    )
    policy = make_policy(olga)
    EscalationTarget.objects.create(step=policy.steps.get(), rotation=rotation)

    (found,) = findings([policy], NOW)[policy.pk]

    assert found.kind == "gap" and found.title.startswith("Step 1: nobody is on call in Shop from")
