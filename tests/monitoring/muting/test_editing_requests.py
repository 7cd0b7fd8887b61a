"""Silences, plans and intakes are changed on their pages and through the API."""

from datetime import datetime, timedelta

import pytest

from portal.monitoring.models import Intake, Maintenance, Silence, Window
from tests.monitoring.world import make_alerts, make_mutings

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
HOUR = timedelta(hours=1)


@pytest.fixture
def silence(rita):
    make_alerts()
    make_mutings(rita)
    return Silence.objects.get()


@pytest.fixture
def plan(silence):
    return Maintenance.objects.get()


def shown(browser, address: str) -> dict:
    """What its form has filled in."""
    form = browser.get(f"{address}edit/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    times = {k: f"{v:%Y-%m-%dT%H:%M}" for k, v in values.items() if isinstance(v, datetime)}
    return {name: "" if value is None else value for name, value in (values | times).items()}


def patch(client, thing, body: dict, tag: str | None = None):
    address = f"/api/v1/{thing._meta.verbose_name_plural}/{thing.pk}/"
    tag = tag or client.get(address)["ETag"]
    return client.patch(address, body, headers={"If-Match": tag}, **JSON)


def test_a_silence_is_changed_on_its_page(silence, client_of, rita):
    browser, address = client_of(rita), silence.get_absolute_url()
    assert "edit/" in browser.get(address).content.decode()
    sent = shown(browser, address) | {"reason": "In review"}
    assert browser.post(f"{address}edit/", sent).headers["Location"] == address

    after = Silence.objects.get()
    assert (after.reason, after.ends_at) == ("In review", silence.ends_at)
    assert browser.post(f"{address}edit/", sent).status_code == 400  # based on what was before


def test_other_matchers_lead_to_the_new_silence(silence, client_of, rita):
    browser, address = client_of(rita), silence.get_absolute_url()
    sent = shown(browser, address) | {"matchers": 'alertname="DiskFillsUp"'}
    page = browser.post(f"{address}edit/", sent | {"preview": "1"}).content.decode()
    assert "Would mute 1 alert" in page and Silence.objects.count() == 1

    answer = browser.post(f"{address}edit/", sent)
    new = Silence.objects.get(replaces=silence)
    assert answer.headers["Location"] == new.get_absolute_url()
    assert f"Silence {silence.pk}</a>" in browser.get(new.get_absolute_url()).content.decode()
    assert f"Silence {new.pk}</a>" in browser.get(address).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"matchers": "x"}, {"ends_at": "2001-01-01T00:00"}]
)
def test_what_is_wrong_stands_at_the_form(silence, client_of, rita, wrong):
    browser, address = client_of(rita), silence.get_absolute_url()
    answer = browser.post(f"{address}edit/", shown(browser, address) | wrong)

    assert answer.status_code == 400 and answer.context["form"].errors
    assert Silence.objects.get().revision == silence.revision


def test_a_plan_is_changed_on_its_page(plan, client_of, rita):
    browser, address = client_of(rita), plan.get_absolute_url()
    sent = shown(browser, address) | {"title": "Long move", "minutes": 120, "services": []}
    sent["is_for_all"] = "on"
    assert browser.post(f"{address}edit/", sent).headers["Location"] == address

    after, window = Maintenance.objects.get(), Window.objects.get()
    assert (after.title, after.starts_at) == ("Long move", plan.starts_at)
    assert window.ends_at - window.starts_at == 2 * HOUR
    refused = browser.post(f"{address}edit/", sent | {"revision": after.revision, "minutes": 4})
    assert refused.status_code == 400 and refused.context["form"].errors["minutes"]


def test_an_intake_is_changed_on_its_page(client_of, olga):
    intake, _ = Intake.objects.make("Tool", "generic")
    browser, address = client_of(olga), intake.get_absolute_url()
    assert "kind" not in browser.get(f"{address}edit/").context["form"].fields
    sent = shown(browser, address) | {
        "kind": "grafana",
        "name": "Other",
        "mapping": '{"name": "$.title"}',
    }
    assert browser.post(f"{address}edit/", sent).headers["Location"] == address

    after = Intake.objects.get()
    assert after.kind == "generic"
    assert (after.name, after.mapping, after.digest) == (
        "Other",
        {"name": "$.title"},
        intake.digest,
    )
    assert browser.post(f"{address}edit/", sent).status_code == 400
    Intake.objects.make("Taken", "generic")
    sent |= {"revision": after.revision, "name": "Taken"}
    assert browser.post(f"{address}edit/", sent).context["form"].errors["name"]


def test_a_new_key_is_shown_once_and_the_old_one_opens_nothing(client_of, olga):
    intake, old = Intake.objects.make("Tool", "generic")
    browser, address = client_of(olga), intake.get_absolute_url()
    page = browser.post(f"{address}renew-key/")
    new = Intake.objects.get()

    assert f"/in/generic/{new.hint}" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Intake.objects.opened_by(old, "generic") is None
    new.revoke(by=olga)
    assert browser.post(f"{address}renew-key/").status_code == 409


def test_a_new_secret_replaces_the_old_one_and_the_key_stays(client_of, olga):
    intake, key = Intake.objects.make("Grafana", "grafana", is_signed=True)
    browser, address = client_of(olga), intake.get_absolute_url()
    page = browser.post(f"{address}renew-secret/").content.decode()
    new = Intake.objects.opened_by(key, "grafana")

    assert new.secret != intake.secret and new.secret in page
    other, _ = Intake.objects.make("Tool", "generic")
    assert browser.post(f"{other.get_absolute_url()}renew-secret/").status_code == 409


def test_who_may_change_what(silence, plan, client_of, nina, rita, alice):
    intake = Intake.objects.first()
    for person, mine in ((nina, 403), (rita, 200)):
        for row in (silence, plan):
            assert client_of(person).get(f"{row.get_absolute_url()}edit/").status_code == mine
    for verb in ("edit/", "renew-key/", "renew-secret/"):
        assert client_of(alice).post(f"{intake.get_absolute_url()}{verb}").status_code == 403


# Through the API


def test_programs_change_a_silence_and_make_a_new_one(silence, api, rita):
    answer = patch(api(rita), silence, {"reason": "In review", "minutes": 90})
    assert answer.status_code == 200 and answer.json()["reason"] == "In review"

    column = [{"name": "alertname", "operator": "=", "value": "DiskFillsUp"}]
    answer = patch(api(rita), silence, {"matchers": column})
    said = answer.json()
    assert answer.status_code == 201 and said["replaces"] == silence.pk
    assert answer["Location"] == f"/api/v1/silences/{said['id']}/"
    assert patch(api(rita), silence, {"reason": "x"}).status_code == 409


def test_programs_change_a_plan(plan, api, rita):
    answer = patch(api(rita), plan, {"minutes": 150, "title": "Long move"})

    assert (answer.status_code, answer.json()["minutes"]) == (200, 150)
    assert patch(api(rita), plan, {"services": ["nothing"]}).status_code == 400
    assert patch(api(rita), plan, {"is_for_all": False}).status_code == 400


def test_programs_change_an_intake_and_renew_its_key(api, olga):
    intake, _ = Intake.objects.make("Grafana", "grafana", is_signed=True)
    client, address = api(olga), f"/api/v1/intakes/{intake.pk}/"
    answer = patch(client, intake, {"name": "Grafana eu1", "watchdog": ""})
    assert (answer.status_code, answer.json()["name"]) == (200, "Grafana eu1")

    renewed = client.post(f"{address}renew-key/", **JSON).json()
    assert renewed["address"].endswith(renewed["key"] + "/")
    assert Intake.objects.opened_by(renewed["key"], "grafana").secret == renewed["secret"]
    secret = client.post(f"{address}renew-secret/", **JSON).json()
    assert secret["key"] is None and secret["secret"] != renewed["secret"]
    parts = client.get(f"{address}configuration/").json()["results"]
    assert any("KEY" in each["text"] for each in parts)
    assert renewed["key"] not in str(parts) and secret["secret"] not in str(parts)


def test_what_came_in_has_its_body_for_who_asks(api, olga, alice):
    make_alerts()
    address = f"/api/v1/intakes/{Intake.objects.get().pk}/received/"
    rows = api(olga).get(address).json()["results"]

    assert {each["answer"] for each in rows} == {200, 400} and "body" not in rows[0]
    bodies = api(olga).get(f"{address}?fields=id,body").json()["results"]
    assert {each["body"] for each in bodies} == {"x", '{"version": "4"}'}
    assert api(alice).get(address).status_code == 403


def test_a_tag_that_is_old_is_refused(silence, plan, api, rita, olga):
    for person, row in ((rita, silence), (rita, plan), (olga, Intake.objects.first())):
        assert patch(api(person), row, {}, tag='"x1-0"').status_code == 412
