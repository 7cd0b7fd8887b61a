"""Taking a run back: by which runbook, with what in its form, and what the log says afterwards."""

import json

import pytest

from portal.architecture.models import Service
from portal.core.problems import Refused
from runbooks.models import Run, Runbook, RunState
from runbooks.problems import WrongState
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


def test_a_program_is_offered_a_way_back_once_something_failed(deploy, back, rita, api):
    run = Run.objects.start(deploy, by=rita, parameters={"release": "v2", "host": "h"})
    address = f"/api/v1/runs/{run.pk}/rollbacks/"
    assert api.get(address).json()["results"] == []

    run.fail_step(1, by=rita, reason="No route")
    assert [offer["runbook"] for offer in api.get(address).json()["results"]] == ["back"]


def test_the_release_of_a_rollback_is_the_one_that_it_goes_back_to(deployed, taken_back):
    assert taken_back(deployed("v2")).release == "v1"


def test_going_back_is_not_offered_again(deployed, back, rita, client_of, api):
    run = deployed("v2")
    client, address = client_of(rita), f"/api/v1/runs/{run.pk}/rollbacks/"
    assert "Roll back?" in client.get(run.get_absolute_url()).content.decode()
    assert len(api.get(address).json()["results"]) == 1

    undo = Run.objects.start(back, by=rita, rollback_of=run, parameters={"previous": "v1"})
    assert "Roll back?" not in client.get(run.get_absolute_url()).content.decode()
    assert api.get(address).json()["results"] == []

    undo.abort(by=rita, reason="Wrong cluster")
    assert "Roll back?" in client.get(run.get_absolute_url()).content.decode()


def test_a_service_that_two_share_makes_no_rollback(make, back, checkout, rita, client_of):
    trouble = make("Disk full", "- [ ] Look\n", kind="troubleshooting", services=[checkout])
    run = Run.objects.start(trouble, by=rita)
    run.fail_step(1, by=rita, reason="Still full")

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert run.rollback_runbooks(rita) == []
    assert "Roll back?" not in page
    assert "No rollback" not in page
    assert "Try again, skip it, or" in page
    with pytest.raises(Refused, match="does not roll back"):
        Run.objects.start(back, by=rita, rollback_of=run, parameters={"previous": "v1"})


def test_what_the_runbook_names_rolls_it_back_whatever_its_kind(make, back, checkout, rita):
    text = "- [ ] Look\n\nUndo: [Back](back)\n"
    run = Run.objects.start(make("Disk full", text, kind="troubleshooting"), by=rita)

    assert run.rollback_runbooks(rita) == [back]


def test_a_deployment_is_not_offered_the_rollback_of_another_service_of_its_runbook(
    deploy, make, back, checkout, rita
):
    search = Service.objects.create(slug="search", name="Search")
    deploy.services.add(search)
    values = {"release": "v7", "host": "h"}
    of_search = make("Roll back search", BACK, kind="rollback", services=[search])
    run, unsaid = (
        Run.objects.start(deploy, by=rita, parameters=values, service=service)
        for service in (search, None)
    )

    assert run.rollback_runbooks(rita) == [of_search]
    assert unsaid.rollback_runbooks(rita) == []


@pytest.fixture
def rolling_back(deploy, back, rita):
    """A deployment that goes on, and the rollback of it that has begun."""
    run = Run.objects.start(deploy, by=rita, parameters={"release": "v2", "host": "h"})
    return run, Run.objects.start(back, by=rita, rollback_of=run, parameters={"previous": "v1"})


def test_while_it_is_rolled_back_it_says_by_what_and_has_only_notes(rolling_back, rita, client_of):
    run, undo = rolling_back
    client = client_of(rita)

    page = client.get(run.get_absolute_url()).content.decode()
    assert f'Being rolled back by <a href="{undo.get_absolute_url()}">run {undo.pk}</a>' in page
    for gone in ('name="verb"', 'name="outcome"', "Take the lead", "Hand over", "Roll back?"):
        assert gone not in page
    assert "Add note" in page
    assert f"Being rolled back by run {undo.pk}" in client.get("/").content.decode()

    undo.abort(by=rita, reason="Wrong cluster")
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Being rolled back" not in page
    assert 'name="verb"' in page
    assert "Hand over" in page


@pytest.mark.parametrize(
    ("verb", "named"),
    [
        ("complete_step", {"number": 1}),
        ("fail_step", {"number": 1, "reason": "x"}),
        ("skip_step", {"number": 1, "reason": "x"}),
        ("retry_step", {"number": 1}),
        ("finish", {"outcome": "failed"}),
        ("abort", {"reason": "x"}),
        ("hand_over", {}),
    ],
)
def test_its_own_verbs_wait_for_the_rollback(rolling_back, rita, paul, verb, named):
    run, undo = rolling_back
    named |= {"to": paul} if verb == "hand_over" else {}

    with pytest.raises(WrongState, match=f"being rolled back by run {undo.pk}"):
        getattr(run, verb)(by=rita, **named)

    undo.abort(by=rita, reason="Wrong cluster")
    assert run.entries.first().text == f"Run {undo.pk} did not roll this back: it ended as aborted."
    getattr(run, verb)(by=rita, **named)


def test_what_was_typed_when_a_rollback_began_goes_into_the_log(rolling_back, rita, client_of):
    run, undo = rolling_back

    data = {"verb": "done", "note": "half a page"}
    page = client_of(rita).post(f"{run.get_absolute_url()}steps/1/", data, follow=True)

    assert f"This run is being rolled back by run {undo.pk}." in page.content.decode()
    assert run.entries.filter(step__number=1, text="half a page", by=rita).exists()


def test_nobody_begins_a_second_rollback(rolling_back, back, rita, paul, client_of):
    run, undo = rolling_back

    with pytest.raises(WrongState, match=f"being rolled back by run {undo.pk}"):
        Run.objects.start(back, by=paul, rollback_of=run, parameters={"previous": "v1"})
    page = client_of(paul).get(f"/runbooks/back/run/?rollback_of={run.pk}")
    assert page.status_code == 409


def test_an_open_page_is_told_of_a_rollback_and_of_its_end(rolling_back, rita, client_of):
    run, undo = rolling_back
    client, htmx = client_of(rita), {"HX-Request": "true"}
    address = f"{run.get_absolute_url()}?step=1&state=open&seen=x"

    told = client.get(f"{address}&back=", headers=htmx).content.decode()
    assert "What you typed is saved. Until that run ends" in told
    told = client.get(f"{address}&back={undo.pk}", headers=htmx).content.decode()
    assert "What you typed here is kept" not in told
    undo.abort(by=rita, reason="Wrong cluster")
    told = client.get(f"{address}&back={undo.pk}", headers=htmx).content.decode()
    assert 'hx-trigger="load"' in told


@pytest.mark.parametrize("about", [{"kind": "maintenance"}, {"kind": "rollback"}])
def test_only_a_rollback_of_its_own_takes_a_run_back(deployed, make, rita, client_of, api, about):
    other = Service.objects.create(slug="other", name="Other")
    runbook = make("Tidy up", "- [ ] x\n", services=[other], **about)
    run = deployed("v2")

    with pytest.raises(Refused, match="does not roll back"):
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
    assert '<a href="#end-note">' in page
    assert 'id="end-note"' in page
    assert "No rollback" not in client_of(nina).get(run.get_absolute_url()).content.decode()


def test_the_api_says_which_run_took_it_back(deployed, taken_back, api):
    run = deployed("v2")
    address = f"/api/v1/runs/{run.pk}/"
    before = api.get(address)
    undo = taken_back(run)

    after = api.get(address, headers={"If-None-Match": before["ETag"]})
    assert (before.json()["taken_back_by"], after.json()["taken_back_by"]) == ([], [undo.pk])
    assert "taken_back_by" not in api.get("/api/v1/runs/").json()["results"][0]
