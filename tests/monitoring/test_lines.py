"""What people write on one line stays one, and looks like what it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.core.data.signs import refusal_of
from portal.core.problems import Refused
from portal.monitoring.models import Heartbeat, Intake, PingKey
from portal.monitoring.muting import verbs
from tests.hostile import SIGNS
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MATCHERS = [{"name": "team", "operator": "=", "value": "nobody"}]


def add_intake(text, by, now):
    Intake.objects.make(text, "alertmanager", by=by)


def change_intake(text, by, now):
    Intake.objects.make("Ours", "alertmanager")[0].change(by=by, name=text)


def add_heartbeat(text, by, now):
    Heartbeat.objects.make(text, by=by, every=HOUR)


def change_heartbeat(text, by, now):
    Heartbeat.objects.make("Backup", every=HOUR).change({"name": text}, by=by)


def add_key(text, by, now):
    PingKey.objects.issue(text, owner=None, by=by)


def silence(text, by, now):
    verbs.silence(MATCHERS, by=by, at=now, ends_at=now + HOUR, reason=text)


def change_silence(text, by, now):
    found = verbs.silence(MATCHERS, by=by, at=now, ends_at=now + HOUR, reason="Known")
    found.change({"reason": text}, by=by, at=now)


def plan(text, by, now):
    about = {"starts_at": now + HOUR, "duration": HOUR, "is_for_all": True}
    verbs.plan(by=by, at=now, services=[], title=text, **about)


@pytest.mark.parametrize("sign", ["\r\n", "\u202e"])
@pytest.mark.parametrize(
    "write",
    [
        add_intake,
        change_intake,
        add_heartbeat,
        change_heartbeat,
        add_key,
        silence,
        change_silence,
        plan,
    ],
)
def test_it_is_refused_with_the_sign(olga, write, sign):
    with pytest.raises(ValidationError, match="control character"):
        write(f"a{sign}b", olga, timezone.now())


@pytest.mark.parametrize("sign", SIGNS)
def test_each_such_sign_is_named(sign):
    assert refusal_of(f"a{sign}b").startswith(f"It has a control character, U+{ord(sign[0]):04X}")
    assert not refusal_of(f"a{sign}b", is_text=True) or "\n" not in sign


def test_what_has_several_lines_has_no_other_such_signs(olga):
    now = timezone.now()
    about = {"starts_at": now + HOUR, "duration": HOUR, "is_for_all": True, "title": "Move"}
    assert verbs.plan(by=olga, at=now, services=[], note="One\r\ntwo", **about).pk
    with pytest.raises(ValidationError, match="control character"):
        verbs.plan(by=olga, at=now, services=[], note="One\u202etwo", **about)
    first, *_ = make_alerts()
    with pytest.raises(Refused, match="control character"):
        first.resolve(by=olga, note="It is\u202eover")
    first.resolve(by=olga, note="It is\r\nover")
