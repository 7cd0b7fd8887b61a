"""The pages of alerts and intakes, and who sees and does what."""

import re
import shlex
from html import unescape
from urllib.parse import urlsplit

import pytest
import yaml
from django.test import Client

from portal.monitoring.models import Alert, AlertState, Intake
from tests.monitoring.conftest import alert, payload
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
NOW, HISTORY, INTAKES = "/monitoring/alerts/", "/monitoring/alerts/history/", "/monitoring/intakes/"


@pytest.fixture
def fires(db):
    return make_alerts()[0]


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_what_fires_stands_on_the_page_of_now(fires, client_of, nina):
    page = text_of(client_of(nina), NOW)

    assert "2 alerts fire: 2 not acknowledged." in page
    assert "DiskFillsUp fires" in page and "Needs a service" in page
    assert "Resolved today" in page


def test_nothing_fires_says_what_to_do_next(client_of, olga, nina):
    assert "New intake" in text_of(client_of(olga), NOW)
    assert "Nothing fires." in text_of(client_of(nina), NOW)


def test_who_acknowledges_stands_there(fires, client_of, rita, nina):
    client = client_of(rita)
    answer = client.post(f"{fires.get_absolute_url()}acknowledge/", {"from": "now"})

    assert answer.headers["Location"] == NOW
    assert f"by {rita}" in text_of(client_of(nina), NOW)


def test_the_second_one_is_told_who_was_first(fires, client_of, rita, alice):
    fires.acknowledge(by=rita)
    answer = client_of(alice).post(f"{fires.get_absolute_url()}acknowledge/")

    assert answer.status_code == 409
    assert str(rita) in answer.content.decode()


@pytest.mark.parametrize(("verb", "said"), [("acknowledge", {}), ("rate", {"verdict": "noise"})])
def test_readers_change_nothing(fires, client_of, nina, verb, said):
    assert "Acknowledge" not in text_of(client_of(nina), fires.get_absolute_url())
    answer = client_of(nina).post(f"{fires.get_absolute_url()}{verb}/", said)

    assert answer.status_code == 403


def test_one_click_rates_it(fires, client_of, rita):
    client = client_of(rita)
    client.post(f"{fires.get_absolute_url()}rate/", {"verdict": "noise"})

    assert fires.ratings.get().is_useful is False
    assert 'value="noise" aria-pressed="true"' in text_of(client, NOW)
    assert client.post(f"{fires.get_absolute_url()}rate/", {"verdict": "x"}).status_code == 400


def test_it_is_resolved_by_hand_with_a_reason(fires, client_of, rita):
    client, address = client_of(rita), fires.get_absolute_url()
    assert client.post(f"{address}resolve/", {"note": ""}).status_code == 400
    client.post(f"{address}resolve/", {"note": "The rule was wrong"})

    fires.refresh_from_db()
    assert fires.state == AlertState.RESOLVED
    assert "“The rule was wrong”" in text_of(client, address)


def test_the_page_of_an_alert_explains_it(am, disk_fills_up, client_of, olga, nina):
    am(alert(team="db", annotations={"summary": "Disk of db1 is full"}))
    found = Alert.objects.get()

    page = text_of(client_of(nina), found.get_absolute_url())
    assert "A new episode" in page
    assert "by the name of the alert" in page and "Disk fills up" in page
    assert "Fires: DiskFillsUp" in page and str(olga) in page
    assert "The first delivery as it came" not in page
    assert "The first delivery as it came" in text_of(client_of(olga), found.get_absolute_url())


def test_the_history_is_narrowed(fires, client_of, nina):
    client = client_of(nina)

    assert "NobodyKnows" not in text_of(client, f"{HISTORY}?state=resolved")
    assert "Ended" in text_of(client, f"{HISTORY}?state=resolved")
    assert "NobodyKnows" in text_of(client, f"{HISTORY}?name=NobodyKnows&service=none&runbook=none")
    assert "Nothing matches" in text_of(client, f"{HISTORY}?name=x")
    for wrong in ("state=x", "since=soon", "service=nowhere", "intake=x", "cursor=x"):
        assert "Not understood" in text_of(client, f"{HISTORY}?{wrong}", 400)


def test_first_page_has_what_nobody_has_yet(fires, client_of, rita, nina):
    assert "Alerts to acknowledge" in text_of(client_of(rita), "/")
    assert "Alerts to acknowledge" not in text_of(client_of(nina), "/")


def test_first_page_has_the_urgent_ones_first_with_their_severity(am, client_of, rita):
    am(
        alert("Mild", start="09:00:00", severity="warning"),
        alert("Bad", severity="critical", annotations={"summary": "Orders wait"}),
    )
    page = text_of(client_of(rita), "/")

    assert page.index("Bad</") < page.index("Mild</")
    assert "Critical" in page and "Warning" in page and "Orders wait ·" in page


def test_an_alert_says_once_that_it_fires(am, client_of, rita):
    am(alert("Bad"))
    page = text_of(client_of(rita), Alert.objects.get().get_absolute_url())

    assert "since" in page and "firing since" not in " ".join(page.split())


def test_an_operator_connects_alertmanager_with_what_is_pasted(client_of, olga, settings):
    client = client_of(olga)
    assert "shown once" in text_of(client, f"{INTAKES}new/")
    page = client.post(f"{INTAKES}new/", {"name": "Prometheus", "kind": "alertmanager"})

    code = re.search(r"<code>(route:.*?)</code>", page.content.decode(), re.DOTALL)[1]
    receiver = yaml.safe_load(code)["receivers"][0]["webhook_configs"][0]
    path = receiver["url"].removeprefix(settings.ADDRESS)
    assert receiver["send_resolved"] is True
    sent = Client().post(path, payload(alert()), content_type="application/json")
    assert sent.status_code == 200

    intake = Intake.objects.get()
    key = path.split("/")[-2]
    shown = text_of(client, intake.get_absolute_url())
    assert key not in shown and "1 firing, 0 resolved" in shown
    assert key not in text_of(client, INTAKES)


@pytest.mark.parametrize("kind", ["grafana", "pagerduty", "generic"])
def test_other_tools_get_what_they_need(client_of, olga, kind):
    given = {"name": "Tool", "kind": kind, "is_signed": "on" if kind == "grafana" else ""}
    page = client_of(olga).post(f"{INTAKES}new/", given)

    assert page.status_code == 200
    assert Intake.objects.get().hint in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["alertmanager", "grafana", "pagerduty", "generic"])
def test_each_intake_has_a_line_to_try_it_with(client_of, olga, kind):
    page = client_of(olga).post(f"{INTAKES}new/", {"name": "Tool", "kind": kind})
    line = next(
        text
        for each in re.findall(r"<code>(.*?)</code>", page.content.decode(), re.DOTALL)
        if (text := unescape(each)).startswith("curl ")
    )
    arguments = shlex.split(line)
    body, address = arguments[arguments.index("-d") + 1], arguments[-1]
    for sent, states in ((body, ["firing"]), (ended(body), ["resolved"])):
        path = urlsplit(address).path
        assert Client().post(path, sent, content_type="application/json").status_code in (200, 202)
        assert list(Alert.objects.values_list("state", flat=True)) == states


def ended(body: str) -> str:
    """As the line says that it is ended."""
    return body.replace('"firing"', '"resolved"').replace('"trigger"', '"resolve"')


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "kind": "generic"},
        {"name": "A", "kind": "odd"},
        {"name": "A", "kind": "generic", "mapping": "{"},
        {"name": "A", "kind": "grafana", "mapping": '{"name": "$.a"}'},
        {"name": "A", "kind": "generic", "service_labels": "a b <x>"},
        {"name": "A", "kind": "generic", "is_signed": "on"},
    ],
)
def test_an_intake_that_cannot_be_is_refused_in_the_form(client_of, olga, given):
    page = client_of(olga).post(f"{INTAKES}new/", given)

    assert page.status_code == 200
    assert "New intake" in page.content.decode()
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [("Taken", "An intake with this name exists already."), ("x" * 93, "(it has 93)")],
)
def test_a_name_that_cannot_be_is_refused_in_plain_words(client_of, olga, intake_of, name, said):
    intake_of(name="Taken")
    given = {"name": name, "kind": "alertmanager"}
    page = client_of(olga).post(f"{INTAKES}new/", given).content.decode()

    assert said in page and "maxlength" not in page.split('id="id_name"')[0][-200:]
    assert "---------" not in page


def test_a_mapping_is_tried_on_what_is_pasted(client_of, olga):
    given = {"mapping": '{"name": "$.check"}', "payload": '{"check": "Ping lost"}'}
    client = client_of(olga)
    page = client.post(f"{INTAKES}try/", given).content.decode()

    assert "1 alert" in page and "Ping lost" in page
    assert not Alert.objects.exists()
    wrong = client.post(f"{INTAKES}try/", {**given, "payload": "{"}).content.decode()
    assert "This is not JSON" in wrong


def test_an_intake_that_refused_what_came_last_says_so(am, client_of, olga):
    browser, page = client_of(olga), am.intake.get_absolute_url()

    am(body="no json")
    assert "Last one refused" in browser.get("/monitoring/intakes/").content.decode()
    assert "Last one refused" in browser.get(page).content.decode()
    assert "This is not JSON" in browser.get(page).content.decode()

    am(alert())
    assert "Receives" in browser.get("/monitoring/intakes/").content.decode()


def test_a_key_is_revoked(am, client_of, olga, rita):
    address = f"{am.intake.get_absolute_url()}revoke/"
    assert client_of(rita).post(address).status_code == 403
    client_of(olga).post(address)

    assert am(alert()).status_code == 404
    assert client_of(olga).post(address).status_code == 409


@pytest.mark.parametrize("address", [INTAKES, f"{INTAKES}new/", f"{INTAKES}try/"])
def test_intakes_are_for_operators(client_of, rita, address):
    assert client_of(rita).get(address).status_code == 403
