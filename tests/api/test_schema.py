"""The API document: valid, without a warning, true in its examples, never broken for clients.

After a wanted change: `UPDATE_SCHEMA=1 ./run test tests/api/test_schema.py`, then read the diff.
"""

import json
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from onboarding.models import Guide, Progress, StuckReport
from portal.architecture.models import Service
from runbooks.models import Run, Runbook
from tests.onboarding.world import KEY

from .compatibility import breaks
from .documents import document, operations, resolved

SNAPSHOT = Path(__file__).with_name("schema.json")
ARGUMENTS = {
    "slug": "disk-fills-up",
    "number": "2",
    "old": "1",
    "new": "2",
    "name": "DiskFillsUp",
    "view": "network",
    "key": str(KEY),
}
ROLLBACK = "---\nparameters: [{name: host}]\n---\n- [ ] Undo it on {{ host }}\n"
ROWS = {"stuck-reports": StuckReport.objects.open(), "progress": Progress.objects.all()}
ASSET = re.compile(r'(?:src|href)="([^"]+)"')


def test_the_document_is_valid_and_complete(tmp_path):
    path = tmp_path / "schema.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    assert path.read_text().startswith("openapi: 3")


@pytest.mark.django_db
def test_programs_fetch_the_document(bearer, nina):
    answer = bearer(nina).get("/api/schema/", headers={"Accept": "application/json"})

    assert answer.status_code == 200
    assert json.loads(answer.content)["paths"] == document()["paths"]


@pytest.mark.django_db
def test_the_page_for_people_uses_nothing_from_elsewhere(client_of, client, nina):
    page = client_of(nina).get("/api/")

    assert page.status_code == 200
    assets = ASSET.findall(page.content.decode())
    assert assets
    assert all(address.startswith("/") and address[:2] != "//" for address in assets)
    assert client.get("/api/").status_code in (302, 401)


@pytest.mark.django_db
def test_the_page_for_people_leads_back_to_the_portal(client_of, nina):
    page = client_of(nina).get("/api/")

    assert '<a href="/">Back to the portal</a>' in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert (
        "script-src" in policy
        and "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    )


def test_every_operation_says_what_it_does():
    for path, method, operation in operations(document()):
        assert operation.get("description"), f"{method} {path}"
        assert operation.get("operationId"), f"{method} {path}"
        assert operation.get("summary"), f"{method} {path}"


def examples(kind: str):
    """(method, path, operation, example) of requests or of answers."""
    schema = document()
    for path, method, operation in operations(schema):
        for example in found_in(schema, operation, kind):
            yield pytest.param(method, path, example, id=f"{method} {path}")


def found_in(schema: dict, operation: dict, kind: str):
    bodies = [operation.get("requestBody", {})] if kind == "request" else answers(schema, operation)
    for body in bodies:
        for content in body.get("content", {}).values():
            yield from (example["value"] for example in content.get("examples", {}).values())
            yield from [content["example"]] if "example" in content else []


def answers(schema: dict, operation: dict) -> list[dict]:
    return [
        resolved(schema, answer)
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    ]


def call(client, method: str, path: str, body=None):
    named = {} if body is None else {"data": body, "content_type": "application/json"}
    rows = ROWS.get(path.split("/")[3], Run.objects.all()).all()
    first = rows.order_by("pk").values_list("pk", flat=True).first()
    arguments = ARGUMENTS | {"pk": first, "id": first}
    return getattr(client, method)(path.format(**arguments), headers={"If-Match": "*"}, **named)


def prepare(path: str, world, publish, alice, olga) -> None:
    """What the example of an operation goes on from."""
    run = Run.objects.order_by("pk").first()
    if path.endswith("/confirm/"):
        run.steps.filter(number=2).update(asks_second=True)
        run.complete_step(2, by=alice, checked=True)
    if path.endswith("/rollbacks/"):
        back = Runbook.objects.start("Back", by=alice, text=ROLLBACK, kind="rollback")
        back.describe(services=Service.objects.all(), by=alice)
        publish(back.newest)
    if "/progress/steps/" in path:
        Progress.objects.start(Guide.objects.get(slug=ARGUMENTS["slug"]), by=olga)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "example"), list(examples("request")))
def test_every_example_of_a_request_is_accepted(
    world, bearer, olga, alice, publish, method, path, example
):
    prepare(path, world, publish, alice, olga)
    answer = call(bearer(olga), method, path, example)

    assert answer.status_code in (200, 201, 204), answer.content
    assert (answer.status_code == 201) == bool(answer.headers.get("Location"))


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "example"), list(examples("response")))
def test_every_example_of_an_answer_is_like_the_answers(
    world, bearer, olga, alice, publish, method, path, example
):
    prepare(path, world, publish, alice, olga)
    answer = call(bearer(olga), method, path)

    assert answer.status_code == 200
    assert differences(example, answer.json()) == []


def differences(example, real, place: str = "") -> list[str]:
    """Members of the example that are missing in the real answer, or of another type."""
    if example is None or real is None:
        return []
    if type(example) is not type(real):
        return [f"{place}: {type(example).__name__}, but really {type(real).__name__}"]
    if isinstance(example, dict):
        missing = [f"{place}/{name}: missing" for name in example if name not in real]
        common = [name for name in example if name in real]
        return missing + [
            d for n in common for d in differences(example[n], real[n], f"{place}/{n}")
        ]
    pairs = zip(example, real, strict=False) if isinstance(example, list) else ()
    return [found for pair in pairs for found in differences(*pair, place=f"{place}/0")]


def test_nothing_breaks_for_clients_of_the_document_before():
    now = document()
    if os.environ.get("UPDATE_SCHEMA"):
        SNAPSHOT.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")

    assert breaks(json.loads(SNAPSHOT.read_text()), now) == []


def test_the_snapshot_is_the_present_document():
    """What was added is seen in the diff of a change, too."""
    assert json.loads(SNAPSHOT.read_text()) == document()


LIST, ONE = "/api/v1/runbooks/", "/api/v1/runbooks/{slug}/"
BREAKING = {
    "a path": lambda new: new["paths"].pop(LIST),
    "a method": lambda new: new["paths"][ONE].pop("patch"),
    "an answer": lambda new: new["paths"][LIST]["post"]["responses"].pop("201"),
    "a parameter": lambda new: new["paths"][LIST]["get"]["parameters"].pop(0),
    "a member read": lambda new: schema_of(new, "Row")["properties"].pop("title"),
    "a member sent": lambda new: schema_of(new, "NewRunbookRequest")["properties"].pop("note"),
    "a kind to send": lambda new: schema_of(new, "KindEnum")["enum"].remove("recovery"),
    "a kind read": lambda new: schema_of(new, "StateEnum")["enum"].append("lost"),
    "freedom": lambda new: schema_of(new, "NewRunbookRequest")["required"].append("text"),
    "room": lambda new: schema_of(new, "NewRunbookRequest")["properties"]["title"].update(
        maxLength=20
    ),
    "a type": lambda new: schema_of(new, "Row")["properties"]["version"].update(type="string"),
    "certainty": lambda new: schema_of(new, "VersionRow")["required"].remove("state"),
}


def schema_of(new: dict, name: str) -> dict:
    return new["components"]["schemas"][name]


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_losing_something_is_noticed(change):
    new = document()
    change(new)

    assert breaks(document(), new)


def test_additions_break_nothing():
    new = document()
    new["paths"]["/api/v1/more/"] = new["paths"]["/api/v1/gaps/"]
    schema_of(new, "Row")["properties"]["colour"] = {"type": "string"}
    schema_of(new, "NewRunbookRequest")["properties"]["colour"] = {"type": "string"}
    schema_of(new, "NewRunbookRequest")["properties"]["title"].update(maxLength=400)

    assert breaks(document(), new) == []


def test_every_operation_on_runs_has_an_example():
    schema = document()
    without = [
        operation["operationId"]
        for path, _, operation in operations(schema)
        if "/runs/" in path or "deployments" in path
        if not [*found_in(schema, operation, "request"), *found_in(schema, operation, "response")]
    ]

    assert without == []
