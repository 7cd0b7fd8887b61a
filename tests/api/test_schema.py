"""The API document: valid, without a warning, true in its examples, never broken for clients.

After a wanted change: `UPDATE_SCHEMA=1 ./run test tests/api/test_schema.py`, then read the diff.
What clients were promised stands in released/v1.json; it is written with a release, and only then:
`RELEASE_SCHEMA=1 ./run test tests/api/test_schema.py`. CI refuses both.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from incidents.models import Communication, Incident, IncidentRule, Override, Swap, Task
from onboarding.models import Assignment, Guide, Progress, StuckReport
from portal.architecture.models import Service
from portal.monitoring.models import (
    Alert,
    Heartbeat,
    Intake,
    Maintenance,
    PingKey,
    Silence,
    Window,
)
from portal.notifications.models import Channel, ContactMethod, Delivery
from runbooks.models import Entry, Run, Runbook
from tests.incidents.api_world import NUMBER
from tests.onboarding.world import KEY

from .compatibility import breaks
from .documents import document, operations, resolved

SNAPSHOT = Path(__file__).with_name("schema.json")
RELEASED = Path(__file__).with_name("released") / "v1.json"
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
ROWS = {
    "assignments": Assignment.objects.all(),
    "incidents": Communication.objects.all(),
    "me": ContactMethod.objects.all(),
    "deliveries": Delivery.objects.all(),
    "progress": Progress.objects.all(),
    "stuck-reports": StuckReport.objects.open(),
    "alerts": Alert.objects.firing(),
    "intakes": Intake.objects.all(),
    "rotations": Override.objects.all(),
    "swaps": Swap.objects.all(),
    "heartbeats": Heartbeat.objects.all(),
    "ping-keys": PingKey.objects.all(),
    "incident-rules": IncidentRule.objects.all(),
    "silences": Silence.objects.all(),
    "maintenance": Maintenance.objects.all(),
    "maintenance-windows": Window.objects.all(),
}
COUNTS = ("by_state", "stuck")  # by names that need not all be there
ONLY_IF_ASKED = {"/html: missing", "/deleted: missing", "/results/0/body: missing"}
FILES = ("image/", "video/")  # tests/api/test_files.py sends and fetches them
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
@pytest.mark.parametrize("accept", ["application/json", "application/vnd.oai.openapi"])
def test_who_has_the_document_need_not_fetch_it_again(bearer, nina, accept):
    first = bearer(nina).get("/api/schema/", headers={"Accept": accept})
    headers = {"Accept": accept, "If-None-Match": first.headers["ETag"]}
    again = bearer(nina).get("/api/schema/", headers=headers)

    assert first.headers["Content-Type"].startswith(accept)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.django_db
def test_each_form_of_the_document_has_its_own_tag(bearer, nina):
    answers = [
        bearer(nina).get("/api/schema/", headers={"Accept": accept})
        for accept in ("application/json", "application/vnd.oai.openapi")
    ]

    assert len({answer.headers["ETag"] for answer in answers}) == 2


@pytest.mark.django_db
def test_the_document_names_where_the_portal_is(bearer, nina):
    answer = bearer(nina).get("/api/schema/", headers={"Accept": "application/json"})

    assert [server["url"] for server in answer.json()["servers"]] == [settings.ADDRESS]


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


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["", "dark", "light"])
def test_the_page_for_people_follows_the_theme(client_of, nina, theme):
    client = client_of(nina)
    client.cookies["theme"] = theme
    page = client.get("/api/").content.decode()

    assert f'<meta name="color-scheme" content="{theme or "light dark"}">' in page
    assert "js/api-theme" in page


def test_every_operation_says_what_it_does():
    for path, method, operation in operations(document()):
        assert operation.get("description"), f"{method} {path}"
        assert operation.get("operationId"), f"{method} {path}"
        assert operation.get("summary"), f"{method} {path}"


def examples(kind: str):
    """(method, path, media type, example) of requests, or of answers to GET."""
    schema = document()
    for path, method, operation in operations(schema):
        if kind == "request" or method == "get":
            for media_type, example in found_in(schema, operation, kind):
                if media_type.startswith(FILES):
                    continue
                name = f"{method} {path} {media_type.partition('/')[2]}"
                yield pytest.param(method, path, media_type, example, id=name)


def found_in(schema: dict, operation: dict, kind: str, status: str = "2"):
    """(media type, example) of the body or of the answers with a status that begins so."""
    body, given = operation.get("requestBody", {}), answers(schema, operation, status)
    for each in [body] if kind == "request" else given:
        for media_type, content in each.get("content", {}).items():
            for example in content.get("examples", {}).values():
                yield media_type, example["value"]
            yield from [(media_type, content["example"])] if "example" in content else []


def answers(schema: dict, operation: dict, first: str = "2") -> list[dict]:
    return [
        resolved(schema, answer)
        for status, answer in operation["responses"].items()
        if status.startswith(first)
    ]


def filled(path: str) -> str:
    """The address with the keys of rows that exist."""
    about = "swaps" if "/swaps/" in path else path.split("/")[3]
    rows = ROWS.get(about, Run.objects.all()).all()
    first = rows.order_by("pk").values_list("pk", flat=True).first()
    entry = Entry.objects.filter(run=first).values_list("pk", flat=True).first()
    named = {"pk": first, "id": first, "entry": entry} | _of_incidents(path)
    return path.format(**ARGUMENTS | named)


def _of_incidents(path: str) -> dict:
    """What an address of incidents names, whose words mean other things elsewhere."""
    if path.startswith("/api/v1/severities/"):
        return {"name": "SEV2"}
    if not path.startswith("/api/v1/incidents/"):
        return {}
    return {"number": NUMBER, "task": Task.objects.values_list("pk", flat=True).first()}


def call(client, method: str, path: str, body=None, *, accept="application/json", query=""):
    named = {} if body is None else {"data": body, "content_type": "application/json"}
    address = filled(path) + query
    return getattr(client, method)(address, headers={"If-Match": "*", "Accept": accept}, **named)


def prepare(path: str, world, publish, alice, olga) -> None:
    """What the example of an operation goes on from."""
    run = Run.objects.order_by("pk").first()
    if path.endswith("/incidents/{number}/reopen/"):
        Incident.objects.get(pk=NUMBER).resolve(by=olga)
    if path.endswith("/resume/"):
        Heartbeat.objects.order_by("pk").first().pause(by=olga)
    if path.endswith("/confirm/"):
        run.steps.filter(number=2).update(asks_second=True)
        run.complete_step(2, by=alice, checked=True)
    if path.endswith("/rollbacks/"):
        run.fail_step(1, by=alice, reason="No route")
        back = Runbook.objects.start("Back", by=alice, text=ROLLBACK, kind="rollback")
        back.describe(services=Service.objects.all(), by=alice)
        publish(back.newest)
    if path.endswith("/rotate/"):
        hook = {"kind": "webhook", "address": "https://hooks.example.org/ops"}
        Channel.objects.filter(slug=ARGUMENTS["slug"]).delete()
        Channel.objects.add(by=olga, name="Hook", slug=ARGUMENTS["slug"], **hook)
    if path.endswith("/send-back/"):
        Communication.objects.get().submit(by=alice)
    if "/progress/steps/" in path:
        Progress.objects.start(Guide.objects.get(slug=ARGUMENTS["slug"]), by=olga)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "media_type", "example"), list(examples("request")))
def test_every_example_of_a_request_is_accepted(
    world, bearer, olga, alice, publish, method, path, media_type, example
):
    prepare(path, world, publish, alice, olga)
    answer = call(bearer(olga), method, path, example)

    assert answer.status_code in (200, 201, 204), answer.content
    schema = document()
    operation = schema["paths"][path][method]
    for _, shown in found_in(schema, operation, "response", str(answer.status_code)):
        assert {*differences(shown, answer.json())} <= ONLY_IF_ASKED
    assert (answer.status_code == 201) == bool(answer.headers.get("Location"))
    declared = operation["responses"][str(answer.status_code)].get("headers", {})
    assert ("ETag" in declared) == ("ETag" in answer.headers)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "media_type", "example"), list(examples("response")))
def test_every_example_of_an_answer_is_like_the_answers(
    world, bearer, olga, alice, publish, method, path, media_type, example
):
    prepare(path, world, publish, alice, olga)
    query = f"?fields={','.join(example)}" if is_chosen_from(path, example) else ""
    answer = call(bearer(olga), method, path, accept=media_type, query=query)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(media_type)
    if media_type == "application/json":
        assert {*differences(example, answer.json())} <= ONLY_IF_ASKED


def is_chosen_from(path: str, example) -> bool:
    """Whether the members of this example are those that `fields` may name."""
    names = {each.get("name") for each in document()["paths"][path]["get"]["parameters"]}
    return "fields" in names and isinstance(example, dict) and "results" not in example


def differences(example, real, place: str = "") -> list[str]:
    """Members of the example that are missing in the real answer, or of another type."""
    if example is None or real is None:
        return []
    if type(example) is not type(real):
        return [f"{place}: {type(example).__name__}, but really {type(real).__name__}"]
    if isinstance(example, dict):
        if place.endswith(COUNTS):
            return []
        missing = [f"{place}/{name}: missing" for name in example if name not in real]
        common = [name for name in example if name in real]
        return missing + [
            d for n in common for d in differences(example[n], real[n], f"{place}/{n}")
        ]
    pairs = zip(example, real, strict=False) if isinstance(example, list) else ()
    return [found for pair in pairs for found in differences(*pair, place=f"{place}/0")]


def write(path: Path, schema: dict) -> None:
    path.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")


def test_nothing_breaks_for_clients_of_the_last_release(update_asked):
    """UPDATE_SCHEMA, which everybody sets after a change, excuses nothing here."""
    if update_asked("RELEASE_SCHEMA"):
        write(RELEASED, document())

    released = json.loads(RELEASED.read_text())
    assert released["paths"]
    assert breaks(released, document()) == []


def test_the_snapshot_is_the_present_document(update_asked):
    """What was added is seen in the diff of a change, too."""
    if update_asked("UPDATE_SCHEMA"):
        write(SNAPSHOT, document())

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
    "certainty": lambda new: schema_of(new, "Command")["required"].remove("text"),
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
