"""A secret that somebody sends all the same is nowhere: no table, no log, no answer, no export."""

import logging

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from runbooks.models import Run, Runbook

pytestmark = pytest.mark.django_db
CANARY = "hunter2-canary"
TEXT = """\
---
parameters:
  - {name: host, pattern: "db[0-9]+"}
  - {name: password, type: secret, required: true}
  - {name: pin, type: number, secret: true}
---
Deploy it.

- [ ] Sign in to {{ host }} with {{ password }} and {{ pin }}

  ```bash
  login --host {{ host }} --password "{{ password }}" '{{ pin }}'
  ```
"""
GOOD = {"host": "db1"}


@pytest.fixture
def deploy(publish_new):
    return publish_new("Deploy", TEXT, "deployment")


@pytest.fixture
def nowhere(caplog, tmp_path):
    """Fails if the canary is in any table, log line or exported file."""
    caplog.set_level(logging.DEBUG)

    def nowhere(*answers):
        told = [content(answer) for answer in answers] + [str(answer.headers) for answer in answers]
        call_command("export_docs", tmp_path / "out", verbosity=0)
        files = [path.read_bytes().decode() for path in (tmp_path / "out").rglob("*.md")]
        logs = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
        found = [text for text in (*told, *tables(), *files, *logs) if CANARY in text]
        assert found == []

    return nowhere


def content(answer) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


def tables():
    """Every row of every table, the search index and the audit trail included."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])


def test_this_search_finds_what_is_there(deploy, rita, nowhere):
    Run.objects.start(deploy, by=rita, parameters=GOOD).note(CANARY, by=rita)

    with pytest.raises(AssertionError):
        nowhere()


@pytest.mark.parametrize(
    "body",
    [
        {"parameters": {**GOOD, "password": CANARY}},
        {"parameters": {**GOOD, "password": [CANARY]}},
        {"parameters": {**GOOD, "password": {"value": CANARY}}},
        {"parameters": {**GOOD, "pin": CANARY}},
        {"parameters": {**GOOD, "Password": CANARY}},
        {"parameters": CANARY},
        {"parameters": [CANARY]},
        {"parameters": GOOD, "password": CANARY},
        {"parameters": GOOD, "secrets": {"password": CANARY}},
        f'{{"parameters": {{"password": "{CANARY}"',
        f'{{"password": "{CANARY}", "password": "{CANARY}"}}',
    ],
)
def test_what_a_program_sends_is_nowhere(deploy, bearer, rita, nowhere, body):
    client = bearer(rita, "runbooks:read", "runbooks:write")
    headers, address = {"Idempotency-Key": "build-1"}, "/api/v1/runbooks/deploy/runs/"
    answers = [
        client.post(address, body, content_type="application/json", headers=headers)
        for _ in range(2)
    ]

    assert {answer.status_code for answer in answers} in ({400}, {201})
    nowhere(*answers, client.get("/api/v1/runs/"), client.get("/api/v1/deployments/"))


def test_what_a_form_sends_is_nowhere(deploy, rita, client_of, nowhere):
    client = client_of(rita)
    sent = {"p-host": "db1", "p-password": CANARY, "password": CANARY, "p-pin": CANARY}
    wrong = client.post("/runbooks/deploy/run/", {**sent, "p-host": "web"})
    assert wrong.status_code == 400
    begun = client.post("/runbooks/deploy/run/", sent)
    run = Run.objects.get()
    answers = [wrong, begun, client.get(run.get_absolute_url(), {"password": CANARY})]
    for name, data in (
        ("run-step", {"verb": "done", "note": "signed in"}),
        ("run-end", {"outcome": "succeeded"}),
        ("run-note", {"note": "later"}),
    ):
        number = [1] if name == "run-step" else []
        address = reverse(f"runbooks:{name}", args=[run.pk, *number])
        answers.append(client.post(address, {**data, "password": CANARY, "secret-pin": CANARY}))
    lists = [client.get(f"/runbooks/deployments{end}") for end in (".csv", ".json", "/")]

    run.refresh_from_db()
    assert run.state == "succeeded"
    assert run.parameters == GOOD
    nowhere(*answers, *lists, client.get(run.get_absolute_url()))


def test_a_form_that_breaks_the_server_is_nowhere(deploy, rita, client_of, nowhere):
    def broken(execute, sql, *arguments):
        if "runbooks_run" in sql and sql.startswith("INSERT"):
            raise RuntimeError("The disk is on fire")
        return execute(sql, *arguments)

    client = client_of(rita, raise_request_exception=False)
    with connection.execute_wrapper(broken):
        answer = client.post("/runbooks/deploy/run/", {"p-host": "db1", "p-password": CANARY})

    assert answer.status_code == 500
    nowhere(answer)


def test_a_value_of_a_declaration_that_became_secret_is_not_carried_over(
    alice, rita, publish, client_of
):
    before = "---\nparameters: [{name: password}]\n---\n- [ ] {{ password }}\n"
    first = Runbook.objects.start("Open", by=alice, text=before, kind="deployment")
    publish(first.newest)
    first.refresh_from_db()
    run = Run.objects.start(first, by=rita, parameters={"password": CANARY})
    second = Runbook.objects.start("Undo", by=alice, text=TEXT, kind="rollback")
    publish(second.newest)
    second.refresh_from_db()
    first.links.create(target=second, address="undo")

    page = client_of(rita).get(f"/runbooks/undo/run/?rollback_of={run.pk}").content.decode()
    assert CANARY not in page
    assert run.carried_to(second) == {}
