"""Declaring an incident: three questions, once, with what follows said before."""

import re
from uuid import uuid4

import pytest

from incidents.models import EscalationPolicy, Incident
from portal.accounts.models import Team
from runbooks.models import Run
from tests.incidents.world import declare, make_policy, make_service
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
NEW = "/incidents/new/"
ANSWERS = {"title": "Payments fail", "where": "unknown", "level": "2"}


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_three_answers_declare_it(client_of, rita, olga):
    make_service(policy=make_policy(olga))

    answer = client_of(rita).post(NEW, {**ANSWERS, "where": "checkout"})

    incident = Incident.objects.get()
    assert answer.headers["Location"] == incident.get_absolute_url()
    assert [*incident.services.values_list("slug", flat=True)] == ["checkout"]
    assert incident.holder("commander") == rita and incident.escalations.running().exists()


def test_a_double_click_declares_once(client_of, rita):
    key = str(uuid4())
    for _ in range(2):
        answer = client_of(rita).post(NEW, {**ANSWERS, "once": key})

    assert answer.headers["Location"] == Incident.objects.get().get_absolute_url()


def test_it_says_before_who_is_called_and_what_is_due(client_of, rita, olga, nina):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(rita)
    make_service(owner=team, policy=make_policy(olga, nina))
    make_service("search", owner=team)
    EscalationPolicy.objects.filter(pk=make_policy(nina, name="Rest").pk).update(is_catch_all=True)

    page = text_of(client_of(rita).get(NEW))

    assert f"Calls <b>{olga}</b> now, {nina} after 5 min" in re.sub(r"\s+,", ",", page)
    assert page.count(f"Calls <b>{nina}</b> now") == 2  # of search, and where it is not known
    assert "First notice due in 10 min. An update every 20 min." in page
    assert "A ticket: <b>nobody is called.</b>" in page
    assert "All or most customers cannot use the product" in page


def test_with_nobody_to_call_it_says_so(client_of, rita):
    assert "No escalation policy calls anybody" in text_of(client_of(rita).get(NEW))


def test_what_is_open_is_offered_to_join(client_of, rita):
    open_one = declare(rita)

    page = text_of(client_of(rita).get(NEW))

    assert f"{open_one.name} is open" in page and "Join it instead" in page


def test_an_alert_fills_in_and_belongs_to_it(client_of, rita, disk):
    alert = make_alerts()[0]
    client = client_of(rita)
    link = f"{NEW}?alert={alert.pk}"
    assert f'href="{link}"' in text_of(client.get(alert.get_absolute_url()))
    assert alert.name in text_of(client.get(link))

    client.post(NEW, {**ANSWERS, "alert": alert.pk})

    incident = Incident.objects.get()
    assert incident.incident_alerts.get().alert == alert
    assert "was not added" not in text_of(client.get(incident.get_absolute_url()))
    assert f'href="{link}"' not in text_of(client.get(alert.get_absolute_url()))


@pytest.mark.anywhere
def test_what_belongs_to_another_one_is_said_not_to_be_added(client_of, rita, paul, disk):
    alert = make_alerts()[0]
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    secret = declare(rita, is_restricted=True)
    secret.join_alerts([alert])
    secret.join_run(run, by=rita)
    client = client_of(paul)

    page = text_of(client.post(NEW, {**ANSWERS, "alert": alert.pk, "run": run.pk}, follow=True))

    new = Incident.objects.exclude(pk=secret.pk).get()
    for what in ("alert", "run"):
        assert f"The {what} was not added: it cannot belong to {new.name}." in page
    assert secret.name not in page and not new.incident_alerts.exists()


def test_a_failed_run_belongs_to_it(client_of, rita, disk):
    run = Run.objects.start(disk, by=rita, parameters={"host": "db1"})
    page = text_of(client_of(rita).get(f"{NEW}?run={run.pk}"))
    assert "Disk fills up fails" in page

    client_of(rita).post(NEW, {**ANSWERS, "run": run.pk})

    assert Incident.objects.get().incident_runs.get().run == run


def test_its_runbook_is_started_or_asks_for_its_values(client_of, rita, disk, publish_new):
    plain = publish_new("Fail over", "1. Go\n", "troubleshooting")
    client = client_of(rita)

    answer = client.post(NEW, {**ANSWERS, "runbook": plain.slug, "starts": "on"})
    assert answer.headers["Location"] == Run.objects.get().get_absolute_url()
    assert Incident.objects.get().incident_runs.get().run == Run.objects.get()

    answer = client.post(NEW, {**ANSWERS, "runbook": disk.slug, "starts": "on"})
    newest = Incident.objects.latest("pk")
    assert answer.headers["Location"] == f"{newest.get_absolute_url()}runs/start/"
    assert newest.runbook_version == disk.published


def test_what_only_some_need_is_kept(client_of, rita):
    more = {"is_restricted": "on", "is_drill": "on", "description": "Somebody copied data"}
    client_of(rita).post(NEW, {**ANSWERS, **more})

    incident = Incident.objects.get()
    assert incident.is_restricted and incident.is_drill
    assert incident.description == "Somebody copied data"


def test_another_service_is_named(client_of, rita):
    make_service("search")
    named = {**ANSWERS, "where": "another", "another": "Search"}

    assert client_of(rita).post(NEW, named).status_code == 302
    assert Incident.objects.get().services.get().slug == "search"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": " "},
        {"title": "x" * 201},
        {"title": "a\x00b"},
        {"level": ""},
        {"level": "9"},
        {"level": "x"},
        {"where": "nowhere"},
        {"where": "\x00"},
        {"where": "another", "another": ""},
        {"where": "another", "another": "Nowhere"},
        {"runbook": "nothing"},
        {"alert": "x"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(wrong, client_of, rita):
    typed = {**ANSWERS, "description": "We typed a lot", **wrong}

    answer = client_of(rita).post(NEW, typed)

    assert answer.status_code == 400
    assert "Not declared yet" in text_of(answer) and "We typed a lot" in text_of(answer)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("query", ["alert=x", "alert=999", "run=-1", "service=%00", "service=x"])
def test_what_cannot_fill_it_in_is_left_out(query, client_of, rita):
    assert client_of(rita).get(f"{NEW}?{query}").status_code == 200


@pytest.mark.anywhere
def test_readers_do_not_declare(client_of, nina):
    assert client_of(nina).get(NEW).status_code == 403
    assert client_of(nina).post(NEW, ANSWERS).status_code == 403
    assert NEW not in client_of(nina).get("/incidents/").content.decode()
