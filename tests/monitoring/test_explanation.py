"""What explains an alert, for programs: as its page does, and for whom it does."""

from datetime import timedelta

import pytest

from portal.monitoring.models import Alert
from portal.monitoring.muting import verbs
from portal.notifications.models import Attempt, Channel, Delivery
from tests.monitoring.conftest import alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def fires(am, disk_fills_up, olga):
    Channel.objects.add(by=olga, name="Ops", kind="mail", address="ops@example.org", slug="ops")
    olga.email = "olga@example.org"
    olga.save()
    am(alert(annotations={"summary": "Full"}))
    return Alert.objects.get()


def rows(client, alert, part):
    answer = client.get(f"/api/v1/alerts/{alert.pk}/{part}/")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_what_came_and_what_it_changed(fires, am, api, nina):
    am(alert(end="08:10:00"))
    newest, first = rows(api(nina), fires, "events")

    assert (first["state"], first["answer"]) == ("firing", 200)
    assert "new episode" in first["change"].lower()
    assert newest["state"] == "resolved"


def test_what_matched_and_why(fires, api, nina):
    found = api(nina).get(f"/api/v1/alerts/{fires.pk}/").json()

    assert (found["runbook"], found["runbook_by"]) == ("disk-fills-up", "the name of the alert")
    assert (found["service"], found["service_by"]) == (None, "")


def test_what_muted_it(fires, api, nina, rita, now):
    verbs.snooze(fires, by=rita, at=now, ends_at=now + timedelta(hours=1), reason="Known")
    [row] = rows(api(nina), fires, "mutings")

    assert (row["muted_by"], row["ended_at"], row["is_withheld"]) == ("silence", None, False)
    assert row["silence"] and not row["was_told_after"]


def test_who_was_told_how_and_when_and_at_no_address(fires, api, nina, olga, now):
    told = Delivery.objects.get(recipient=olga)
    Attempt.objects.create(delivery=told, number=1, began_at=now, seconds=1)
    found = {row["recipient"] or row["channel"]: row for row in rows(api(nina), fires, "notices")}

    assert {*found} == {"olga", "ops"}
    assert found["olga"]["transport"] == "mail" and found["olga"]["tried_at"]
    assert found["olga"]["delivery"] is None and found["olga"]["contact_method"] is None
    assert rows(api(olga), fires, "notices")[0]["delivery"]
    assert found["ops"]["tried_at"] is None and found["ops"]["state"] == "waiting"
    said = api(nina).get(f"/api/v1/alerts/{fires.pk}/notices/").content.decode()
    assert olga.email not in said and "ops@example.org" not in said


def test_how_people_rated_it(fires, api, nina, rita):
    fires.rate(by=rita, useful=False)
    [row] = rows(api(nina), fires, "ratings")

    assert (row["user"], row["useful"]) == ("rita", False)


@pytest.mark.parametrize("part", ["events", "mutings", "notices", "ratings"])
def test_what_may_not_be_seen_is_not_there(fires, api, nina, rita, part):
    assert api(nina).get(f"/api/v1/alerts/999999/{part}/").status_code == 404
    foreign = api(rita, "runbooks:read").get(f"/api/v1/alerts/{fires.pk}/{part}/")
    assert foreign.status_code == 403
