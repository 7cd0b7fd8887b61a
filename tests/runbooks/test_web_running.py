"""Following a runbook on the web: start, tick, two people, refusals that lose nothing."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.architecture.models import Service
from runbooks.models import Run, Runbook, TypedNote
from runbooks.runs import page as page_of_run
from runbooks.runs.forms import FEW
from tests.browser.world import png

pytestmark = pytest.mark.django_db
TEXT = """\
---
parameters:
  - {name: host, description: Which one, pattern: "db[0-9]+"}
  - {name: password, type: secret}
---
Deploy it.

- [ ] Fetch it

  ```bash
  get --from "{{ host }}" {{ password }}
  ```
- [ ] Look {check}
- [ ] Promote {second person}
"""


@pytest.fixture
def deploy(publish_new):
    return publish_new("Deploy", TEXT, "deployment")


@pytest.fixture
def run(deploy, rita):
    return Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, environment="prod")


@pytest.fixture
def click(run, client_of):
    def click(person, number, verb, **typed):
        address = reverse("runbooks:run-step", args=[run.pk, number])
        return client_of(person).post(address, {"verb": verb, "note": "", **typed}, follow=True)

    return click


def test_it_starts_with_values_and_shows_the_first_step(deploy, rita, client_of):
    client = client_of(rita)
    page = client.get("/runbooks/deploy/run/").content.decode()
    assert "db[0-9]+" in page
    assert 'name="p-password"' not in page

    answer = client.post(
        "/runbooks/deploy/run/", {"p-host": "db7", "environment": "prod", "version": 1}, follow=True
    )

    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == Run.objects.get().get_absolute_url()
    assert 'data-param="host">db7</span>' in page
    assert 'data-secret=""' in page


def test_a_wrong_value_is_told_and_the_rest_is_kept(deploy, rita, client_of):
    answer = client_of(rita).post(
        "/runbooks/deploy/run/", {"p-host": "web1", "environment": "prod"}
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "It has to fit the pattern db[0-9]+" in page
    assert 'value="web1"' in page
    assert 'value="prod"' in page


def test_a_superseded_version_is_not_started(deploy, alice, rita, client_of, publish):
    publish(deploy.draft("- [ ] Other\n", author=alice, based_on=1))

    answer = client_of(rita).post("/runbooks/deploy/run/", {"version": 1})

    assert answer.status_code == 409
    assert "v2 is" in answer.content.decode()


def test_a_version_published_meanwhile_comes_with_what_was_filled_in(
    deploy, alice, rita, client_of, publish
):
    publish(deploy.draft(TEXT + "\nMore.\n", author=alice, based_on=1))
    client = client_of(rita)
    data = {"p-host": "db7", "environment": "prod", "version": 1}
    page = client.post("/runbooks/deploy/run/", data).content.decode()

    assert 'name="version" value="2"' in page
    assert 'value="db7"' in page
    assert 'value="prod"' in page


def test_an_archived_one_says_so_and_leads_to_those_in_use(deploy, paul, rita, client_of):
    deploy.archive(by=paul)
    client = client_of(rita)

    answer = client.get("/runbooks/deploy/run/")

    assert answer.status_code == 409
    assert "archived" in answer.content.decode()
    assert 'href="/runbooks/?kind=deployment"' in answer.content.decode()
    assert client.get("/runbooks/?kind=deployment").status_code == 200


def test_a_merged_one_is_started_where_it_went(deploy, disk, paul, rita, client_of):
    deploy.merge_into(disk, by=paul)

    answer = client_of(rita).get("/runbooks/deploy/run/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/runbooks/{disk.slug}/run/"


def test_a_run_says_that_its_version_or_runbook_is_out_of_date(
    run, deploy, alice, paul, rita, client_of, publish
):
    publish(deploy.draft("- [ ] Other\n", author=alice, based_on=1))
    client = client_of(rita)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "v2 was published since" in page
    assert "/runbooks/deploy/run/" in page
    deploy.refresh_from_db()
    deploy.archive(by=paul)

    page = client.get(run.get_absolute_url()).content.decode()
    assert "This runbook is archived" in page
    assert 'href="/runbooks/?kind=deployment"' in page


def test_start_pressed_twice_is_one_run(deploy, rita, client_of):
    client = client_of(rita)
    page = client.get("/runbooks/deploy/run/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    data = {"p-host": "db1", "version": 1, "once": once}
    wrong = client.post("/runbooks/deploy/run/", {**data, "p-host": "web"})
    assert wrong.status_code == 400

    answers = [client.post("/runbooks/deploy/run/", data) for _ in range(2)]

    assert Run.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {Run.objects.get().get_absolute_url()}


def test_what_was_typed_when_the_run_ended_goes_into_the_log(run, click, rita, paul, client_of):
    run.abort(by=paul, reason="Wrong cluster")

    page = click(rita, 1, "done", note="half a page of output").content.decode()
    assert "Paul Approver ended this run: aborted. What you wrote is saved in the log" in page
    assert run.entries.filter(step__number=1, text="half a page of output", by=rita).exists()

    address = reverse("runbooks:run-end", args=[run.pk])
    data = {"outcome": "failed", "note": "No space"}
    page = client_of(rita).post(address, data, follow=True).content.decode()
    assert "Paul Approver ended this run" in page
    assert run.entries.filter(text="No space").exists()


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("failed", "Failed"), ("rolled_back", "Rolled back"), ("aborted", "Stopped")],
)
def test_it_ends_as_the_button_says(run, rita, client_of, outcome, word):
    client, address = client_of(rita), reverse("runbooks:run-end", args=[run.pk])
    verb = "Stop run" if outcome == "aborted" else f"Mark as {word.lower()}"
    assert f"{verb}</button>" in client.get(run.get_absolute_url()).content.decode()
    page = client.post(address, {"outcome": outcome, "note": "So it is"}, follow=True)

    run.refresh_from_db()
    assert (run.state, run.outcome) == (outcome, "So it is")
    assert f"{word} after" in page.content.decode()


def test_the_lead_is_taken_by_who_is_there(run, paul, nina, client_of):
    page = client_of(paul).get(run.get_absolute_url()).content.decode()
    assert "Take the lead" in page
    assert '<option value="Rita Responder">' in page
    assert '<option value="Nina' not in page
    client_of(paul).post(reverse("runbooks:run-hand-over", args=[run.pk]), {"take": "1"})

    run.refresh_from_db()
    assert run.holder == paul
    assert "Take the lead" not in client_of(nina).get(run.get_absolute_url()).content.decode()


def test_long_output_is_all_there(run, rita, client_of):
    run.note("x" * 50_000 + " the end", by=rita, number=1)

    assert "x the end" in client_of(rita).get(run.get_absolute_url()).content.decode()


def test_a_log_with_many_lines_is_all_there(run, rita, client_of):
    for number in range(201):
        run.note(f"line {number}.", by=rita)
    client, address = client_of(rita), run.get_absolute_url()

    assert "line 0." not in client.get(address).content.decode()
    assert "?log=all" in client.get(address).content.decode()
    assert "line 0." in client.get(f"{address}?log=all").content.decode()


def test_a_picture_on_the_whole_run(run, rita, client_of):
    image = SimpleUploadedFile("x.png", png(), "image/png")
    client_of(rita).post(reverse("runbooks:run-note", args=[run.pk]), {"note": "", "image": image})

    assert run.entries.get(kind="note").images.count() == 1


def test_what_was_taken_back_leads_to_what_did_it(run, alice, rita, publish, client_of):
    back = Runbook.objects.start("Undo", by=alice, text="- [ ] Undo\n", kind="rollback")
    publish(back.newest)
    back.refresh_from_db()
    run.runbook.links.create(target=back, address="undo")
    undo = Run.objects.start(back, by=rita, rollback_of=run)

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert f'Being rolled back by <a href="{undo.get_absolute_url()}">' in page


def test_the_variable_of_a_secret_is_a_name_that_a_shell_takes(alice, rita, publish, client_of):
    text = (
        "---\nparameters: [{name: db-password, type: secret}]\n---\n- [ ] `x {{ db-password }}`\n"
    )
    runbook = Runbook.objects.start("Secret", by=alice, text=text)
    publish(runbook.newest)
    runbook.refresh_from_db()
    run = Run.objects.start(runbook, by=rita)

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert "read -rs db_password" in page


def test_ticking_leads_to_the_next_step(run, click, rita):
    page = click(rita, 1, "done", note="fetched").content.decode()

    assert "Step 2 of 3" in page
    assert "fetched" in page


@pytest.mark.parametrize(("verb", "said"), [("done", "asks for a check"), ("skip", "Say why")])
def test_what_is_refused_keeps_what_was_typed(run, click, rita, verb, said):
    answer = click(rita, 2, verb, note="  " if verb == "skip" else "half a page of output")

    page = answer.content.decode()
    assert answer.status_code in (400, 409)
    assert said in page
    assert verb == "skip" or "half a page of output</textarea>" in page


def test_what_is_refused_stays_at_the_address_of_its_step(run, rita, nina, client_of):
    address = reverse("runbooks:run-step", args=[run.pk, 2])
    shown = f"{run.get_absolute_url()}?step=2"

    answer = client_of(rita).post(address, {"verb": "failed", "note": ""})

    assert answer.status_code == 400
    assert answer.headers["HX-Replace-Url"] == shown
    for person in (rita, nina):
        assert client_of(person).get(address).url == shown
        for verb in ("note", "hand-over", "end"):
            answer = client_of(person).get(f"{run.get_absolute_url()}{verb}/")
            assert answer.url == run.get_absolute_url()


def test_an_address_that_only_takes_forms_has_a_page(rita, client_of):
    page, told = (
        client_of(rita).get("/runbooks/draft-alert/", headers={"Accept": kind})
        for kind in ("text/html", "application/json")
    )

    assert page.status_code == told.status_code == 405
    assert page.headers["Allow"] == told.headers["Allow"] == "POST"
    assert "only takes what a form sends" in page.content.decode()
    assert told.content == b""


def test_who_comes_second_is_told_and_loses_nothing(run, click, rita, paul):
    click(rita, 1, "done")
    page = click(paul, 1, "done", note="I too saw it").content.decode()

    assert "by Rita Responder" in page
    assert run.entries.filter(kind="note", text="I too saw it", by=paul).exists()


def test_a_double_click_is_one_tick(run, click, rita):
    for _ in range(3):
        click(rita, 1, "done", note="once")

    assert run.entries.filter(step__number=1).count() == 1


def test_a_second_person_confirms(run, click, rita, paul, client_of):
    click(rita, 2, "done", checked="on")
    page = click(rita, 3, "done").content.decode()
    assert "Somebody else has to confirm" in page
    assert "Waiting for your confirmation" in client_of(paul).get("/").content.decode()
    assert "Waiting for your confirmation" not in client_of(rita).get("/").content.decode()

    click(paul, 3, "confirm")
    assert run.steps.get(number=3).confirmed_by == paul


def test_a_picture_is_stored_and_shown(run, click, rita, nina, client_of):
    click(rita, 1, "done", image=SimpleUploadedFile("x.png", png(), "image/png"))

    image = run.entries.get(kind="done").images.get()
    assert client_of(nina).get(image.get_absolute_url()).status_code == 200


def test_who_confirms_and_who_reads_the_record_see_the_picture(run, click, rita, paul, client_of):
    click(rita, 2, "done", checked="on")
    click(rita, 3, "done", note="as shown", image=SimpleUploadedFile("x.png", png(), "image/png"))
    image = f'src="{run.entries.get(step__number=3).images.get().get_absolute_url()}"'

    page = client_of(paul).get(f"{run.get_absolute_url()}?step=3").content.decode()
    assert image in page[page.index("asks you to confirm it") : page.index("I confirm it")]
    run.abort(by=rita, reason="Tea")
    page = client_of(paul).get(run.get_absolute_url()).content.decode()
    assert image in page[page.index("run-record") : page.index("What happened")]


def test_pasted_output_keeps_its_columns(run, click, rita, client_of):
    click(rita, 1, "done", note="one line")
    click(rita, 2, "done", note="a   1\nbb  2", checked="on")
    run.abort(by=rita, reason="Tea")

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert '<blockquote class="said mono">a   1\nbb  2</blockquote>' in page
    assert '<blockquote class="pre-line mono">a   1\nbb  2</blockquote>' in page
    assert '<blockquote class="said">one line</blockquote>' in page


def test_a_file_that_is_no_picture_is_refused_and_the_note_stays(run, click, rita):
    answer = click(
        rita, 1, "done", note="see file", image=SimpleUploadedFile("x.svg", b"<svg/>", "image/png")
    )

    assert answer.status_code == 400
    assert "see file</textarea>" in answer.content.decode()
    assert run.steps.get(number=1).state == "open"


def test_what_is_typed_waits_on_every_device(run, rita, client_of):
    address = reverse("runbooks:run-typed", args=[run.pk, 1])
    client_of(rita).post(address, {"note": "half a sen"})

    page = client_of(rita).get(run.get_absolute_url()).content.decode()
    assert "half a sen</textarea>" in page
    assert TypedNote.objects.get().user == rita


def test_an_open_page_asks_whether_anything_changed(run, rita, paul, client_of):
    client = client_of(paul)
    run.refresh_from_db()
    address = f"{run.get_absolute_url()}?step=1&state=open&seen={run.revision}"
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    run.complete_step(1, by=rita)

    answer = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Go to the next step" in answer
    assert "<textarea" not in answer


def test_a_failed_step_offers_the_rollback_with_the_same_values(
    run, click, rita, alice, publish, client_of
):
    text = TEXT.replace("Deploy", "Undo")
    back = Runbook.objects.start("Undo", by=alice, text=text, kind="rollback")
    publish(back.newest)
    run.runbook.links.create(target=back, address="undo")
    page = click(rita, 1, "failed", note="No space left").content.decode()
    address = f"/runbooks/undo/run/?rollback_of={run.pk}"
    assert address in page

    page = client_of(rita).get(address).content.decode()
    assert 'value="db1"' in page
    assert f'name="rollback_of" value="{run.pk}"' in page
    assert 'value="prod"' in page


def test_it_is_handed_over_and_ended(run, rita, paul, client_of):
    client = client_of(rita)
    client.post(reverse("runbooks:run-hand-over", args=[run.pk]), {"to": "Paul Approver"})
    assert "Your active runs" in client_of(paul).get("/").content.decode()
    refused = client.post(reverse("runbooks:run-end", args=[run.pk]), {"outcome": "succeeded"})
    assert refused.status_code == 409
    client.post(reverse("runbooks:run-end", args=[run.pk]), {"outcome": "aborted", "note": "Tea"})

    run.refresh_from_db()
    assert run.state == "aborted"
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Tea" in page
    assert "Not done" in page and "1 not done, " in page and "To do" not in page
    client.post(reverse("runbooks:run-note", args=[run.pk]), {"note": "Later thought"})
    assert run.entries.first().text == "Later thought"


def test_readers_follow_along_and_change_nothing(run, nina, client_of):
    client = client_of(nina)
    page = client.get(run.get_absolute_url()).content.decode()

    assert "You are following along" in page
    assert "<textarea" not in page
    assert client.get("/runbooks/deploy/run/").status_code == 403
    for name, arguments in (
        ("run-step", [1]),
        ("run-typed", [1]),
        ("run-end", []),
        ("run-note", []),
    ):
        address = reverse(f"runbooks:{name}", args=[run.pk, *arguments])
        assert client.post(address, {"verb": "done"}).status_code == 403


def test_the_log_lists_narrows_and_exports(run, rita, client_of):
    run.fail_step(1, by=rita, reason="x")
    run.finish(by=rita, outcome="failed", note="=1+1")
    client = client_of(rita)

    assert "Deploy" in client.get("/runbooks/deployments/").content.decode()
    assert "Deploy" in client.get("/runbooks/deployments/?environment=prod").content.decode()
    nothing = client.get("/runbooks/deployments/?environment=staging").content.decode()
    assert "Nothing matches" in nothing
    assert client.get("/runbooks/deployments/?from=x").status_code == 400
    assert client.get("/runbooks/deployments/calendar/?month=9").status_code == 400
    assert "Deploy" in client.get("/runbooks/deployments/calendar/").content.decode()
    csv = b"".join(client.get("/runbooks/deployments.csv").streaming_content).decode()
    assert '"\'=1+1"' in csv
    body = b"".join(client.get("/runbooks/deployments.json").streaming_content)
    row = json.loads(body)["deployments"][0]
    assert row["outcome"] == "=1+1"
    assert row["environment"] == "prod"
    assert row["duration"] >= 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service", "web"), ("environment", "prod"), ("release", "v1"), ("state", "failed"),
        ("kind", "deployment"), ("runbook", "deploy"), ("from", "2026-05-02"),
        ("until", "2026-05-03"),
    ],
)  # fmt: skip
def test_lists_and_exports_are_narrowed_alike(deploy, alice, rita, publish, client_of, name, value):
    web = Service.objects.create(slug="web", name="Web")
    other = Runbook.objects.start("Undo", by=alice, text="- [ ] x\n", kind="rollback")
    publish(other.newest)
    other.refresh_from_db()
    day = datetime(2026, 5, 2, 12, tzinfo=UTC)
    about = {"service": web, "environment": "prod", "release": "v1", "at": day}
    wanted = Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, **about)
    wanted.finish(by=rita, outcome="failed", at=day)
    Run.objects.start(other, by=rita, at=day + timedelta(days=-9 if name == "from" else 9))
    client, query = client_of(rita), {name: value}

    page = client.get("/runbooks/deployments/", query).content.decode()
    month = client.get("/runbooks/deployments/calendar/", {**query, "month": "2026-05"})
    csv = b"".join(client.get("/runbooks/deployments.csv", query).streaming_content).decode()
    text = b"".join(client.get("/runbooks/deployments.json", query).streaming_content)

    assert (wanted.get_absolute_url() in page, "Undo" in page) == (True, False)
    assert wanted.get_absolute_url() in month.content.decode()
    assert "1 in this month" in month.content.decode()
    assert len(csv.splitlines()) == 2
    assert [row["id"] for row in json.loads(text)["deployments"]] == [wanted.pk]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_log_as_json_is_whole_with_any_number_of_runs(deploy, rita, client_of, count):
    for _ in range(count):
        Run.objects.start(deploy, by=rita, parameters={"host": "db1"})

    answer = client_of(rita).get("/runbooks/deployments.json")

    assert answer.streaming
    assert len(json.loads(b"".join(answer.streaming_content))["deployments"]) == count


def test_a_long_log_is_sent_in_parts_and_complete(run, rita, client_of):
    Run.objects.bulk_create(
        Run(runbook=run.runbook, version=run.version, kind="deployment", release=f"v{number}")
        for number in range(2_500)
    )
    client = client_of(rita)
    csv = list(client.get("/runbooks/deployments.csv").streaming_content)
    parts = list(client.get("/runbooks/deployments.json").streaming_content)

    assert len(csv) == 2_502
    assert len(parts) > 2_500
    assert len(json.loads(b"".join(parts))["deployments"]) == 2_501


def test_what_was_run_long_ago_is_told(deploy, rita, client_of):
    at = timezone.now() - timedelta(days=400)
    run = Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, at=at)
    for number in (1, 2, 3):
        run.skip_step(number, by=rita, reason="drill", at=at)
    run.finish(by=rita, at=at)

    assert "Last run 400 days ago" in client_of(rita).get("/runbooks/").content.decode()


def test_figures_tell_where_people_fail(run, deploy, rita, client_of):
    client = client_of(rita)
    run.fail_step(1, by=rita, reason="x")
    run.finish(by=rita, outcome="failed")

    page = client.get("/runbooks/deploy/figures/").content.decode()
    assert "0 of 1 ended run succeeded" in page
    assert "Step 1 is where people get stuck" in page
    assert "Failed last time" in client.get("/runbooks/deploy/").content.decode()
    assert "Failed last time" in client.get("/runbooks/").content.decode()


def test_figures_name_all_steps_that_are_as_bad(run, deploy, rita, paul, client_of):
    run.fail_step(1, by=rita, reason="x")
    run.retry_step(1, by=rita, note="")
    run.complete_step(1, by=rita)
    run.fail_step(2, by=rita, reason="x")

    page = client_of(rita).get("/runbooks/deploy/figures/").content.decode()

    assert "Steps 1 and 2 are where people get stuck: each failed 1 time." in page


CODE_ONLY = """\
---
parameters:
  - {name: host}
---
- [ ] `pg_isready -h {{ host }}`
- [ ] Point `orders` to **it** {check}
- [ ] Look at `df -h`

  ```bash
  df -h
  ```
"""


def without_panel(answer) -> str:
    """The page without the whole runbook."""
    return answer.content.decode().partition('id="run-runbook"')[0]


def test_code_in_a_title_is_code_and_a_command_is_copied(alice, rita, publish, client_of):
    runbook = Runbook.objects.start("Ready?", by=alice, text=CODE_ONLY, kind="maintenance")
    publish(runbook.newest)
    run = Run.objects.start(runbook, by=rita, parameters={"host": "db 1"})
    one, two, three = (
        without_panel(client_of(rita).get(f"{run.get_absolute_url()}?step={number}"))
        for number in (1, 2, 3)
    )

    value = '<span class="param" data-param="host">&#x27;db 1&#x27;</span>'
    command = f'pg_isready <span class="piece">-h</span> {value}'
    assert f'tabindex="-1"> <code>{command}</code></h2> <button' in one
    assert 'tabindex="-1"> Point <code>orders</code> to <strong>it</strong></h2>' in two
    assert [page.count("data-copy") for page in (one, two, three)] == [1, 0, 1]


def test_a_phone_reads_where_it_was_deployed_and_which_service(deploy, rita, client_of):
    shop = Service.objects.create(slug="shop", name="Shop")
    about = {"environment": "prod", "service": shop}
    Run.objects.start(deploy, by=rita, parameters={"host": "db1"}, **about)

    page = client_of(rita).get("/runbooks/deployments/").content.decode()

    assert '<span class="phone-only"> · prod, ' in page
    assert re.search(r'phone-only"> · prod, [Ss]hop, \d', page)


def test_one_of_many_services_is_searched_for_by_its_name(deploy, rita, client_of):
    services = [Service(slug=f"s{n}", name=f"Service {n}") for n in range(FEW + 1)]
    deploy.services.set(Service.objects.bulk_create(services))
    client, address = client_of(rita), "/runbooks/deploy/run/"
    assert '<option value="Service 3"></option>' in client.get(address).content.decode()
    typed = {"p-host": "db7", "version": 1}

    refused = client.post(address, {**typed, "service": "Servce 3"})
    client.post(address, {**typed, "service": "service 3"})

    assert refused.status_code == 400 and "Service 3" in refused.content.decode()
    assert Run.objects.get().service.slug == "s3"


def test_what_was_never_run_is_told(deploy, rita, client_of):
    client = client_of(rita)

    assert "Never run" in client.get("/runbooks/deploy/figures/").content.decode()
    assert "Never run" in client.get("/runbooks/").content.decode()


def test_a_page_asks_as_often_for_many_runs(
    deploy, run, nina, client_of, django_assert_num_queries
):
    client = client_of(nina)
    client.get(run.get_absolute_url())
    Run.objects.bulk_create(
        Run(runbook=deploy, version=run.version, kind="rollback", rollback_of=run) for _ in range(5)
    )
    run.note("Seen", by=nina)

    with django_assert_num_queries(10) as found:  # two: who signs in; one: its incident
        assert client.get(run.get_absolute_url()).status_code == 200

    assert sum("runbooks_runstep" in each["sql"] for each in found) <= 3
    log = next(each["sql"] for each in found if 'FROM "runbooks_entry"' in each["sql"])
    assert "LIMIT 200" in log


def test_the_list_of_steps_is_written_once_and_shown_twice(run, nina, client_of, monkeypatch):
    written = []
    whole = page_of_run.render_to_string
    monkeypatch.setattr(
        page_of_run, "render_to_string", lambda *args: written.append(args) or whole(*args)
    )

    page = client_of(nina).get(run.get_absolute_url()).content.decode()

    assert len(written) == 1
    assert page.count('class="run-steps list-unstyled"') == 2


def test_a_key_of_a_program_is_not_the_key_of_a_form(deploy, rita, client_of, bearer):
    key = "8f14e45f-ceea-467f-a8a4-2d5f6c3b9e10"
    values = {"version": 1, "environment": "staging", "p-host": "db1"}
    body, path = {"parameters": {"host": "db1"}}, "/api/v1/runbooks/deploy/runs/"

    for sent in (f"form {key}", f"form{key}", key):
        headers = {"Idempotency-Key": sent}
        answer = bearer(rita).post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == 201
    answer = client_of(rita).post("/runbooks/deploy/run/", {**values, "once": key})

    assert answer.status_code == 302
    assert answer.url == f"/runbooks/runs/{Run.objects.order_by('pk').last().pk}/"
    assert Run.objects.count() == 4
