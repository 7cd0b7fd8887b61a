"""An alert reaches people by the ways that they chose, and the channels of the team."""

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.alerts.resolution import resolve
from portal.monitoring.models import Alert, severities
from portal.notifications.models import Channel, Delivery, Urgency
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(rita):
    team = Team.objects.create(slug="orders", name="Orders")
    team.members.set([rita])
    Service.objects.create(slug="orders", name="Orders", owner=team)
    return team


def sent() -> list[tuple]:
    rows = Delivery.objects.order_by("pk")
    return [(str(row.channel or row.recipient.username), row.urgency, row.subject) for row in rows]


@pytest.mark.parametrize(
    ("severity", "urgency"),
    [("critical", "high"), ("page", "high"), ("", "high"), ("Warning", "low"), ("info", "low")],
)
def test_what_may_not_wait_is_urgent(am, team, severity, urgency):
    am(alert(service="orders", severity=severity))

    assert sent() == [("rita", urgency, "Fires: DiskFillsUp")]


def test_of_several_the_worst_decides(am, team):
    am(alert("A", service="orders", severity="info"), alert("B", service="orders", severity="page"))

    assert [urgency for _, urgency, _ in sent()] == [Urgency.HIGH]


def test_the_channels_of_the_team_that_take_alerts_get_them_too(am, team, olga):
    kinds = ["alerts-fire", "alerts-resolved"]
    mail = {"kind": "mail", "address": "orders@example.org", "kinds": kinds}
    Channel.objects.add(by=olga, name="Orders", team=team, **mail)
    other = Team.objects.create(slug="other", name="Other")
    Channel.objects.add(by=olga, name="Others", team=other, **mail)

    am(alert(service="orders", severity="critical"))
    am(alert(service="orders", severity="critical", end="09:00:00"))

    assert [each for each in sent() if each[0] != "rita"] == [
        ("Orders", "high", "Fires: DiskFillsUp"),
        ("Orders", "low", "Resolved: DiskFillsUp"),
    ]


def test_what_is_ended_by_hand_is_told_to_those_who_heard_of_it(am, team, rita, alice):
    team.members.set([rita, alice])
    am(alert(service="orders"))

    resolve(Alert.objects.get(), by=alice, note="The disk was replaced.")

    assert sent()[-1] == ("rita", "low", "Resolved: DiskFillsUp")
    assert len(sent()) == 3  # two heard that it fires; who ended it knows
    assert "ended it: The disk was replaced." in Delivery.objects.order_by("-pk").first().text
    assert len(Alert.objects.get().told) == 2


def test_a_severity_that_no_tool_uses_may_wake_people():
    assert severities.is_urgent("disaster") and not severities.is_urgent(" WARN ")
