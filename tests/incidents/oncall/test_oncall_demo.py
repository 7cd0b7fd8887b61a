"""The rotations of the demo are right whenever it is loaded."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.demo.rotations import make_rotations
from incidents.models import Override, Rotation, Swap
from incidents.oncall.findings import findings
from portal.accounts.demo import load
from portal.core.ops.demo import World

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 29, 23, 30, tzinfo=UTC),  # Monday in Berlin
        datetime(2026, 11, 30, 7, tzinfo=UTC),  # as a shift begins
        datetime(2026, 12, 2, 11, 59, 59, tzinfo=UTC),
        datetime(2027, 3, 27, 23, tzinfo=UTC),  # clocks go forward
        datetime(2026, 12, 31, 22, tzinfo=UTC),
    ],
)
def test_somebody_is_on_call_now_and_a_gap_is_far_away(now):
    world = World(now, "correct horse battery", library=None)
    load(world)
    make_rotations(world)

    rows = Rotation.objects.current()
    people = {row.slug: len(rows.on_call(now)[row.pk]) for row in rows}
    assert people["payments"] == people["platform"] == 1
    assert findings(rows, now).gaps == []
    assert {gap.rotation.slug for gap in findings(rows, now + timedelta(days=20)).gaps} == {
        "platform"
    }
    assert Swap.objects.get().state == "agreed"
    assert Override.objects.count() == 3
