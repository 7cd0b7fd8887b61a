"""Taking a run back: by which runbook, with what in its form, and what the log says afterwards."""

import json

import pytest

from portal.architecture.models import Service
from portal.core.problems import Refused
from runbooks.models import Run, Runbook, RunState
from runbooks.runs.statistics import figures_of

pytestmark = pytest.mark.django_db
DEPLOY = "---\nparameters: [{name: release}, {name: host}]\n---\n- [ ] {{ release }} {{ host }}\n"
BACK = "---\nparameters: [{name: previous, required: true}]\n---\n- [ ] {{ previous }}\n"


@pytest.fixture
def checkout():
    return Service.objects.create(slug="checkout", name="Checkout")


@pytest.fixture
def make(alice, publish):
    def make(title, text, **about) -> Runbook:
        runbook = Runbook.objects.start(title, by=alice, text=text, **about)
        publish(runbook.newest)
        return Runbook.objects.get(pk=runbook.pk)

    return make


@pytest.fixture
def deploy(make, checkout):
    return make("Deploy", DEPLOY, kind="deployment", services=[checkout])


@pytest.fixture
def back(make, checkout):
    return make("Back", BACK, kind="rollback", services=[checkout])


@pytest.fixture
def deployed(deploy, rita):
    """Deploy a release, to its end."""

    def deployed(release: str) -> Run:
        run = Run.objects.start(deploy, by=rita, parameters={"release": release, "host": "h"})
        run.complete_step(1, by=rita)
        run.finish(by=rita, note=f"{release} is out")
        return run

    return deployed


@pytest.fixture
def taken_back(back, rita):
    """Take a run back, to the end of the rollback."""

    def taken_back(run: Run) -> Run:
        undo = Run.objects.start(back, by=rita, rollback_of=run, parameters={"previous": "v1"})
        undo.complete_step(1, by=rita)
        undo.finish(by=rita)
        run.refresh_from_db()
        return undo

    return taken_back


@pytest.fixture
def api(bearer, rita):
    return bearer(rita, "runbooks:read", "runbooks:write")


def test_a_deployment_that_had_ended_counts_as_rolled_back(deployed, taken_back, deploy):
    run = deployed("v2")
    ended, took = run.ended_at, run.duration
    undo = taken_back(run)

    assert (run.state, run.ended_at, run.duration) == ("rolled_back", ended, took)
    assert run.outcome == "v2 is out"
    newest = run.entries.first()
    assert (newest.kind, newest.text) == ("rolled_back", f"By run {undo.pk}")
    assert figures_of(deploy).success_rate == 0


def test_one_that_failed_does_too_and_one_that_was_stopped_does_not(deploy, taken_back, rita):
    values = {"release": "v2", "host": "h"}
    failed, stopped = (Run.objects.start(deploy, by=rita, parameters=values) for _ in range(2))
    failed.finish(by=rita, outcome="failed")
    stopped.abort(by=rita, reason="Tea")
    for run in (failed, stopped):
        taken_back(run)

    assert (failed.state, stopped.state) == ("rolled_back", "aborted")


def test_a_release_that_was_taken_back_did_not_run_before(deployed, taken_back):
    deployed("v1")
    taken_back(deployed("v2"))

    assert deployed("v3").release_before() == "v1"


def test_nor_did_one_whose_log_does_not_say_that_it_was_taken_back(deployed, taken_back):
    deployed("v1")
    run = deployed("v2")
    taken_back(run)
    Run.objects.filter(pk=run.pk).update(state=RunState.SUCCEEDED)  # as earlier releases left it

    assert deployed("v3").release_before() == "v1"


def test_going_back_is_not_offered_again(deployed, back, rita, client_of, api):
    run = deployed("v2")
    client, address = client_of(rita), f"/api/v1/runs/{run.pk}/rollbacks/"
    assert "Go back?" in client.get(run.get_absolute_url()).content.decode()
    assert len(api.get(address).json()["results"]) == 1

    undo = Run.objects.start(back, by=rita, rollback_of=run, parameters={"previous": "v1"})
    assert "Go back?" not in client.get(run.get_absolute_url()).content.decode()
    assert api.get(address).json()["results"] == []

    undo.abort(by=rita, reason="Wrong cluster")
    assert "Go back?" in client.get(run.get_absolute_url()).content.decode()


@pytest.mark.parametrize("about", [{"kind": "maintenance"}, {"kind": "rollback"}])
def test_only_a_rollback_of_its_own_takes_a_run_back(deployed, make, rita, client_of, api, about):
    other = Service.objects.create(slug="other", name="Other")
    runbook = make("Tidy up", "- [ ] x\n", services=[other], **about)
    run = deployed("v2")

    with pytest.raises(Refused, match="does not take back"):
        Run.objects.start(runbook, by=rita, rollback_of=run)
    body = json.dumps({"rollback_of": run.pk})
    answer = api.post("/api/v1/runbooks/tidy-up/runs/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/rollback_of"
    page = client_of(rita).get(f"/runbooks/tidy-up/run/?rollback_of={run.pk}")
    assert page.status_code == 400
    assert Run.objects.count() == 1


def test_where_and_what_is_taken_from_the_runbook_and_its_values(make, checkout, rita, api):
    text = "---\nparameters: [{name: release}, {name: environment}]\n---\n- [ ] {{ release }}\n"
    make("Ship", text, kind="deployment", services=[checkout])
    body = json.dumps({"parameters": {"release": "v7", "environment": "test"}})
    answer = api.post("/api/v1/runbooks/ship/runs/", body, content_type="application/json")

    found = answer.json()
    assert (found["service"], found["release"], found["environment"]) == ("checkout", "v7", "test")


def test_what_is_said_goes_before_what_is_taken(deploy, checkout, rita):
    other = Service.objects.create(slug="other", name="Other")
    values = {"release": "v7", "host": "h"}
    run = Run.objects.start(deploy, by=rita, parameters=values, release="v7.1", service=other)
    assert (run.release, run.service) == ("v7.1", other)

    deploy.services.add(other)
    assert Run.objects.start(deploy, by=rita, parameters=values).service is None


def test_page_and_api_offer_the_release_that_is_gone_back_to(deployed, back, rita, client_of, api):
    deployed("v1")
    run = deployed("v2")

    address = f"/runbooks/back/run/?rollback_of={run.pk}"
    page = client_of(rita).get(address).content.decode()
    assert 'name="release" value="v1"' in page
    assert 'name="p-previous" value="v1"' in page
    assert 'Filled in from it: <span class="mono">previous</span>. Check it.' in page

    [offer] = api.get(f"/api/v1/runs/{run.pk}/rollbacks/").json()["results"]
    assert offer["release_before"] == offer["body"]["release"] == "v1"
    assert offer["body"]["parameters"] == {"previous": "v1"}
    begun = api.post(offer["start"], json.dumps(offer["body"]), content_type="application/json")
    assert begun.json()["release"] == "v1"


def test_without_a_release_before_nothing_is_filled_in(deployed, back, rita, client_of, api):
    run = deployed("v2")
    client = client_of(rita)

    assert "are filled in as far" not in client.get(run.get_absolute_url()).content.decode()
    page = client.get(f"/runbooks/back/run/?rollback_of={run.pk}").content.decode()
    assert "Of its values none is known here" in page
    assert 'value="v2"' not in page
    [offer] = api.get(f"/api/v1/runs/{run.pk}/rollbacks/").json()["results"]
    assert (offer["release_before"], offer["body"]["parameters"]) == ("", {})


def test_the_log_and_the_calendar_tell_a_rollback_from_a_deployment(
    deployed, taken_back, rita, client_of
):
    taken_back(deployed("v2"))
    client = client_of(rita)
    pages = [
        client.get(f"/runbooks/deployments/{part}").content.decode() for part in ("", "calendar/")
    ]

    assert [page.count("</svg>Rollback</span>") for page in pages] == [1, 1]


def test_a_failed_step_without_a_rollback_says_what_else_to_do(deploy, rita, nina, client_of):
    run = Run.objects.start(deploy, by=rita, parameters={"release": "v2", "host": "h"})
    run.fail_step(1, by=rita, reason="No route")

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert "No rollback is written for it. Try again, skip it, or" in page
    assert '<a href="#why">' in page
    assert 'id="why"' in page
    assert "No rollback" not in client_of(nina).get(run.get_absolute_url()).content.decode()


def test_the_api_says_which_run_took_it_back(deployed, taken_back, api):
    run = deployed("v2")
    address = f"/api/v1/runs/{run.pk}/"
    before = api.get(address)
    undo = taken_back(run)

    after = api.get(address, headers={"If-None-Match": before["ETag"]})
    assert (before.json()["taken_back_by"], after.json()["taken_back_by"]) == ([], [undo.pk])
    assert "taken_back_by" not in api.get("/api/v1/runs/").json()["results"][0]
