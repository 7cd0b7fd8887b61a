"""Runs through the API: what a build does, what it may not, what is refused and how."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Token
from portal.architecture.models import Service
from runbooks.models import Run, Runbook
from tests.browser.world import png

pytestmark = pytest.mark.django_db
TEXT = """\
---
parameters:
  - {name: host, pattern: "db[0-9]+"}
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
VALUES = {"parameters": {"host": "db1"}, "environment": "staging", "release": "v2"}


@pytest.fixture
def deploy(publish_new):
    return publish_new("Deploy", TEXT, "deployment")


@pytest.fixture
def send(bearer, rita):
    client = bearer(rita, "runbooks:read", "runbooks:write")

    def send(path, body=None, client=client, **headers):
        return client.post(
            f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
        )

    send.client = client
    return send


@pytest.fixture
def run(deploy, rita):
    return Run.objects.start(deploy, by=rita, **VALUES)


def test_a_build_opens_ticks_and_closes_a_run(deploy, send, bearer, paul):
    answer = send("runbooks/deploy/runs/", VALUES)
    assert answer.status_code == 201
    run = answer.json()
    assert answer["Location"] == f"/api/v1/runs/{run['id']}/"
    assert run["steps"][0]["commands"][0]["text"] == 'get --from "db1" "${password}"'

    steps = f"runs/{run['id']}/steps"
    assert send(f"{steps}/1/complete/", {"note": "fetched"}).json()["ticked"] is True
    assert send(f"{steps}/1/complete/", {"note": "again"}).json()["ticked"] is False
    assert send(f"{steps}/2/complete/", {"checked": True}).status_code == 200
    assert send(f"{steps}/3/complete/").json()["steps"][2]["state"] == "waiting"
    assert send(f"{steps}/3/confirm/").status_code == 400
    assert send(f"{steps}/3/confirm/", client=bearer(paul)).status_code == 200
    done = send(f"runs/{run['id']}/finish/", {"outcome": "succeeded", "note": "fine"}).json()

    assert (done["state"], done["outcome"]) == ("succeeded", "fine")
    assert done["duration"] is not None
    log = send.client.get(f"/api/v1/runs/{run['id']}/log/").json()["results"]
    assert [entry["text"] for entry in log if entry["kind"] == "note"] == ["again"]


def test_a_repeated_request_starts_no_second_run(deploy, send):
    first = send("runbooks/deploy/runs/", VALUES, **{"Idempotency-Key": "build-7"})
    second = send("runbooks/deploy/runs/", VALUES, **{"Idempotency-Key": "build-7"})

    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotency-Replayed"] == "true"
    assert Run.objects.count() == 1


@pytest.mark.parametrize("asked", ["limit=1", "fields=id", "omit=id", "cursor=x"])
def test_the_table_refuses_what_only_the_list_honours(send, asked):
    address = f"/api/v1/deployments/?{asked}"
    answer = send.client.get(address, headers={"Accept": "text/csv"})

    assert answer.status_code == 400
    assert "leave it out" in answer.content.decode()


def test_wrong_values_name_the_member_and_the_pattern(deploy, send):
    answer = send("runbooks/deploy/runs/", {"parameters": {"host": "web", "hots": "x"}})

    assert answer.status_code == 400
    errors = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert "db[0-9]+" in errors["/parameters/host"]
    assert "no such parameter" in errors["/parameters/hots"]


def test_a_secret_is_refused_and_never_repeated(deploy, send, caplog):
    body = {"parameters": {"host": "db1", "password": "hunter2-canary"}}
    answer = send("runbooks/deploy/runs/", body, **{"Idempotency-Key": "x"})

    assert answer.status_code == 400
    assert "never sent" in answer.content.decode()
    assert "hunter2-canary" not in answer.content.decode() + caplog.text


def test_a_step_that_is_not_there_is_missing_in_an_address_and_wrong_in_a_body(run, send):
    for verb in ("complete", "confirm", "fail", "skip", "retry"):
        body = {"reason": "broken"} if verb in ("fail", "skip") else {}
        answer = send(f"runs/{run.pk}/steps/99/{verb}/", body)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/api/problems/not-found"
        assert "no step 99" in answer.json()["detail"]

    noted = send(f"runs/{run.pk}/log/", {"text": "x", "step": 99})
    assert noted.status_code == 400
    assert noted.json()["errors"][0]["pointer"] == "/step"


def test_a_refused_verb_says_what_to_call_instead(run, send):
    send(f"runs/{run.pk}/steps/1/fail/", {"reason": "broken"})
    done = send(f"runs/{run.pk}/steps/1/complete/")
    assert done.status_code == 409
    assert done.json()["detail"] == f"Step 1 failed ({run.starter_name}). Reopen it first."
    assert done.json()["follow"] == f"/api/v1/runs/{run.pk}/steps/1/retry/"
    assert send(f"runs/{run.pk}/steps/1/retry/").status_code == 200

    send(f"runs/{run.pk}/steps/2/complete/", {"checked": True})
    send(f"runs/{run.pk}/steps/3/complete/")
    detail = send(f"runs/{run.pk}/finish/", {"outcome": "succeeded"}).json()["detail"]
    assert "To do: step 1. Waiting for a second person: step 3." in detail


def test_what_is_unknown_names_the_nearest(deploy, send):
    Service.objects.create(slug="orders", name="Orders")
    answer = send("runbooks/deploy/runs/", {"parameters": {"hots": "db1"}, "service": "order"})
    assert answer.json()["detail"] == "service: There is no service “order”. Did you mean “orders”?"

    detail = send("runbooks/deploy/runs/", {"parameters": {"hots": "db1"}}).json()["detail"]
    assert detail == (
        "hots: There is no such parameter. Did you mean “host”? host: A value is needed."
    )


def test_another_version_than_the_published_one_is_refused(deploy, send, alice, publish):
    publish(deploy.draft("- [ ] Other\n", author=alice, based_on=1))

    answer = send("runbooks/deploy/runs/", {"version": 1})

    assert answer.status_code == 409
    assert answer.json()["follow"] == "/runbooks/deploy/"


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("complete", {"note": 7.5, "checked": "maybe"}, 400),
        ("fail", {}, 400),
        ("fail", {"reason": " "}, 400),
        ("skip", {"reason": ""}, 400),
        ("confirm", {}, 409),
    ],
)
def test_what_does_not_fit_is_refused(run, send, verb, body, status):
    assert send(f"runs/{run.pk}/steps/1/{verb}/", body).status_code == status


def test_steps_and_runs_that_do_not_exist(run, send):
    assert send(f"runs/{run.pk}/steps/99/complete/").status_code == 404
    assert send("runs/999999/steps/1/complete/").status_code == 404
    assert send("runbooks/deploy/runs/", {**VALUES, "rollback_of": 999}).status_code == 400


def test_failing_skipping_and_trying_again(run, send):
    address = f"runs/{run.pk}/steps/1"
    send(f"{address}/fail/", {"reason": "No route"})
    assert send(f"{address}/complete/").status_code == 409
    assert send(f"{address}/retry/").json()["steps"][0]["state"] == "open"
    assert send(f"{address}/skip/", {"reason": "Not needed"}).json()["steps"][0]["by"]
    assert send(f"runs/{run.pk}/finish/", {"outcome": "aborted"}).status_code == 400
    ended = send(f"runs/{run.pk}/finish/", {"outcome": "aborted", "note": "Tea"})
    assert ended.json()["state"] == "aborted"
    assert send(f"{address}/retry/").status_code == 409


def test_notes_and_handing_over(run, send, paul, nina):
    noted = send(f"runs/{run.pk}/log/", {"text": "output\nof a command", "step": 1})
    assert noted.status_code == 201
    assert send(f"runs/{run.pk}/hand-over/", {"to": "paul"}).json()["leads"] == "paul"
    assert send(f"runs/{run.pk}/hand-over/", {"to": "nina"}).status_code == 400
    assert send(f"runs/{run.pk}/hand-over/", {"to": "nobody"}).status_code == 400
    again = send(f"runs/{run.pk}/hand-over/", {"to": "Paul Approver"})
    assert (again.status_code, "leads run" in again.json()["detail"]) == (409, True)


def test_a_run_is_handed_over_by_user_name_or_by_name(run, send):
    refused = send(f"runs/{run.pk}/hand-over/", {"to": "Xaver"}).json()
    listed = "/api/v1/people/?permission=runbooks.change_run"
    assert refused["errors"][0]["detail"] == (
        f"Nobody called “Xaver” can be chosen here. {listed} lists who may lead a run."
    )
    assert refused["follow"] == listed
    wrong = send(f"runs/{run.pk}/hand-over/", {"to": "Paul Aprover"}).json()["errors"][0]
    assert wrong["pointer"] == "/to"
    assert "Did you mean Paul Approver?" in wrong["detail"]
    assert send(f"runs/{run.pk}/hand-over/", {"to": "Paul Approver"}).json()["leads"] == "paul"


def test_lists_narrow_and_page(deploy, rita, send):
    for number in range(5):
        Run.objects.start(
            deploy, by=rita, parameters={"host": "db1"}, environment="a" if number % 2 else "b"
        )
    page = send.client.get("/api/v1/runs/?environment=b&limit=2").json()
    rest = send.client.get(page["next"]).json()

    found = page["results"] + rest["results"]
    assert len({row["id"] for row in found}) == 3
    assert {row["environment"] for row in found} == {"b"}
    assert send.client.get("/api/v1/runs/?state=lost").status_code == 400
    assert send.client.get("/api/v1/runs/?from=x").status_code == 400


def test_the_deployment_log_as_a_table(run, disk, rita, send):
    Run.objects.start(disk, by=rita, parameters={"host": "x"})
    answer = send.client.get("/api/v1/deployments/", headers={"Accept": "text/csv"})

    lines = answer.getvalue().decode().splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert lines[1].startswith(f'"{run.pk}","deploy"')


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_the_table_is_whole_however_few_are_read_at_once(run, rita, send, monkeypatch, at_once):
    monkeypatch.setattr("runbooks.runs.export.READ_AT_ONCE", at_once)
    for number in range(4):
        Run.objects.start(run.runbook, by=rita, **{**VALUES, "release": f"=v{number}"})
    answer = send.client.get("/api/v1/deployments/", headers={"Accept": "text/csv"})

    lines = list(answer)
    assert answer.streaming
    assert "ETag" not in answer
    assert len(lines) == 6
    assert b'"\'=v3"' in lines[1]


def test_the_table_of_what_is_not_understood_is_refused(run, send):
    answer = send.client.get("/api/v1/deployments/?from=x", headers={"Accept": "text/csv"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_the_log_of_a_run_has_pages_that_follow_each_other(run, rita, send):
    at = timezone.now()
    for number in range(7):  # some at one instant: the cursor tells them apart
        run.note(f"n{number}", by=rita, number=1 + number % 3, at=at + timedelta(hours=number // 3))
    address, seen, links = f"/api/v1/runs/{run.pk}/log/?limit=3", [], []
    while address:
        answer = send.client.get(address)
        page = answer.json()
        seen += [(entry["text"], entry["step"]) for entry in page["results"]]
        links.append("Link" in answer)
        address = page["next"]

    assert seen == [*((f"n{n}", 1 + n % 3) for n in range(6, -1, -1)), ("", None)]
    assert links == [True] * 3
    back = send.client.get(page["previous"]).json()["results"]
    assert [entry["text"] for entry in back] == ["n3", "n2", "n1"]
    assert send.client.get(f"/api/v1/runs/{run.pk}/log/?cursor=x").status_code == 400


def test_a_long_log_costs_as_much_as_a_short_one(run, rita, send, django_assert_num_queries):
    for number in range(2):
        run.note(f"n{number}", by=rita)
    send.client.get(f"/api/v1/runs/{run.pk}/log/")  # notes that the token is in use
    with CaptureQueriesContext(connection) as few:
        send.client.get(f"/api/v1/runs/{run.pk}/log/")
    for number in range(2, 40):
        run.note(f"n{number}", by=rita)

    with django_assert_num_queries(len(few)):
        assert len(send.client.get(f"/api/v1/runs/{run.pk}/log/").json()["results"]) == 41


def test_figures(run, send, rita):
    run.fail_step(1, by=rita, reason="x")
    run.finish(by=rita, outcome="failed")

    figures = send.client.get("/api/v1/runbooks/deploy/figures/").json()

    assert (figures["runs"], figures["success_rate"], figures["worst_step"]) == (1, 0.0, 1)


def test_readers_read_and_do_not_write(run, bearer, nina, send):
    client = bearer(nina)
    assert client.get(f"/api/v1/runs/{run.pk}/").status_code == 200
    assert send(f"runs/{run.pk}/steps/1/complete/", client=client).status_code == 403
    assert send("runbooks/deploy/runs/", VALUES, client=client).status_code == 403


def test_a_token_that_may_only_read_cannot_tick(run, bearer, rita, send):
    client = bearer(rita, "runbooks:read")

    assert send(f"runs/{run.pk}/steps/1/complete/", client=client).status_code == 403


def test_the_tag_changes_with_each_click(run, send, rita):
    first = send.client.get(f"/api/v1/runs/{run.pk}/")
    again = send.client.get(f"/api/v1/runs/{run.pk}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    run.complete_step(1, by=rita)

    changed = send.client.get(f"/api/v1/runs/{run.pk}/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_the_tag_changes_with_the_title_of_the_runbook(run, deploy, send, paul):
    address = f"/api/v1/runs/{run.pk}/"
    first = send.client.get(address)
    row = send.client.get("/api/v1/runs/").json()["results"][0]
    assert first["ETag"] == first.json()["etag"] == row["etag"]
    deploy.describe(title="Deploy all", by=paul)

    changed = send.client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.json()["title"] == "Deploy all"


def test_a_picture_is_evidence(run, send):
    picture = SimpleUploadedFile("x.png", png(), "image/png")
    address, headers = f"/api/v1/runs/{run.pk}/log/", {"Idempotency-Key": "shot"}
    answers = []
    for _ in range(2):
        picture.seek(0)
        body = {"image": picture, "step": 1, "text": "as seen"}
        answers.append(send.client.post(address, body, headers=headers))

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == send.client.get(address).json()["results"][0]
    assert answers[0].json()["images"][0].startswith("http://127.0.0.1/media/")
    assert run.entries.get(kind="note").images.count() == 1


@pytest.mark.parametrize("content", [b"<svg/>", b"no picture"])
def test_what_is_no_picture_is_refused(run, send, content):
    body = {"image": SimpleUploadedFile("x.png", content, "image/png"), "text": "x"}
    answer = send.client.post(f"/api/v1/runs/{run.pk}/log/", body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/image"
    assert not run.entries.filter(kind="note").exists()


def test_an_empty_note_is_refused(run, send):
    assert send.client.post(f"/api/v1/runs/{run.pk}/log/", {"text": " "}).status_code == 400
    assert send(f"runs/{run.pk}/log/", {"text": " "}).status_code == 400


def test_a_failed_run_offers_the_rollback_with_the_values_carried_over(
    run, send, alice, publish, rita
):
    back = Runbook.objects.start("Undo", by=alice, text=TEXT, kind="rollback")
    publish(back.newest)
    publish(run.runbook.draft(TEXT + "\nBack: [Undo](undo)\n", author=alice, based_on=1))
    run.fail_step(1, by=rita, reason="x")

    [offer] = send.client.get(f"/api/v1/runs/{run.pk}/rollbacks/").json()["results"]
    assert offer["runbook"] == "undo"
    assert offer["body"]["parameters"] == {"host": "db1"}
    begun = send(offer["start"].partition("/api/v1/")[2], offer["body"])

    assert begun.status_code == 201
    assert begun.json()["rollback_of"] == run.pk
    assert begun.json()["environment"] == "staging"


def test_only_what_is_asked_for_is_answered(run, send):
    page = send.client.get("/api/v1/runs/?fields=id,state").json()
    assert page["results"] == [{"id": run.pk, "state": "running"}]
    row = send.client.get("/api/v1/deployments/?omit=parameters,etag").json()["results"][0]
    assert not {"parameters", "etag"} & set(row)
    assert "url" in row
    one = send.client.get(f"/api/v1/runs/{run.pk}/?omit=steps").json()
    assert "steps" not in one
    assert one["release"] == "v2"
    assert send.client.get("/api/v1/runs/?fields=secrets").status_code == 400


def test_pages_are_linked(run, deploy, rita, send):
    Run.objects.start(deploy, by=rita, **VALUES)
    answer = send.client.get("/api/v1/runs/?limit=1")

    assert 'rel="next"' in answer["Link"]
    assert answer.json()["next"] in answer["Link"]


def test_an_archived_runbook_says_what_to_follow(deploy, send, paul):
    deploy.archive(by=paul)
    answer = send("runbooks/deploy/runs/", VALUES)

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["follow"] == "/runbooks/?kind=deployment"


def test_a_token_of_another_area_and_one_that_ended_open_no_run(deploy, bearer, rita, send):
    other = bearer(rita, "architecture:read", "architecture:write")
    assert send("runbooks/deploy/runs/", VALUES, client=other).status_code == 403
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send("runbooks/deploy/runs/", VALUES).status_code == 401
    assert not Run.objects.exists()


def test_a_tick_sent_again_with_its_key_gets_the_same_answer(run, send):
    address, headers = f"runs/{run.pk}/steps/1/complete/", {"Idempotency-Key": "tick-1"}
    first, second = (send(address, {"note": "fetched"}, **headers) for _ in range(2))

    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert run.entries.filter(step__number=1).count() == 1
    assert send(address, {"note": "other"}, **headers).status_code == 422


def test_a_key_of_one_address_is_refused_at_another(run, send):
    headers = {"Idempotency-Key": "tick"}
    send(f"runs/{run.pk}/steps/1/complete/", **headers)

    other = send(f"runs/{run.pk}/steps/2/complete/", {}, **headers)

    assert other.status_code == 422
    assert other.json()["type"] == "/api/problems/key-reused"


def test_steps_are_told_with_their_values_and_who_confirmed_them(alice, rita, paul, publish, send):
    text = "---\nparameters: [{name: host}]\n---\n- [ ] Stop {{ host }} {second person}\n\n"
    text += "  Ask who is on {{ host }}.\n\n  ```bash\n  df {{ host }}\n  ```\n"
    runbook = Runbook.objects.start("Stop", by=alice, text=text, kind="maintenance")
    publish(runbook.newest)
    runbook.refresh_from_db()
    at, values = timezone.now(), {"host": "db 1"}
    for _ in range(3):
        before = Run.objects.start(runbook, by=rita, parameters=values, at=at - timedelta(hours=2))
        before.complete_step(1, by=rita, at=at - timedelta(hours=1))
        before.confirm_step(1, by=paul, at=at - timedelta(hours=1))
        before.finish(by=rita, at=at - timedelta(minutes=1))
    run = Run.objects.start(runbook, by=rita, parameters=values, at=at)

    [first] = send.client.get(f"/api/v1/runs/{before.pk}/").json()["steps"]
    [step] = send.client.get(f"/api/v1/runs/{run.pk}/").json()["steps"]
    assert (first["confirmed_by"], first["usual"]) == ("Paul Approver", None)
    assert (step["confirmed_by"], step["usual"]) == (None, 3600)
    assert step["title"] == "Stop db 1"
    assert step["text"].splitlines()[1:] == ["Ask who is on db 1.", "df 'db 1'"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("steps/1/fail/", {"reason": " "}, "Say why it failed."),
        ("steps/1/skip/", {"reason": ""}, "Say why it is left out."),
        ("log/", {"text": " "}, "Write something, or add a picture."),
        ("finish/", {"outcome": "great"}, "Use one of succeeded, failed, aborted, rolled_back."),
    ],
)
def test_what_is_refused_says_what_is_right(run, send, path, body, said):
    answer = send(f"runs/{run.pk}/{path}", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == said


def test_what_is_added_to_the_log_has_an_address_of_its_own(run, send, bearer, nina):
    made = send(f"runs/{run.pk}/log/", {"text": "Quiet"})
    entry = made.json()
    assert made["Location"] == f"/api/v1/runs/{run.pk}/log/{entry['id']}/"
    assert send.client.get(made["Location"]).json() == entry
    assert send.client.get(made["Location"], {"fields": "id"}).json() == {"id": entry["id"]}
    assert entry in send.client.get(f"/api/v1/runs/{run.pk}/log/").json()["results"]

    other = Run.objects.start(run.runbook, by=run.holder, **VALUES)
    assert send.client.get(f"/api/v1/runs/{other.pk}/log/{entry['id']}/").status_code == 404
    assert bearer(nina, "onboarding:read").get(made["Location"]).status_code == 403
