"""docs/api/learning.md is true: its examples run, its table is what the views ask for."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from onboarding.files.importer import Import
from onboarding.models import Assignment, Guide, Progress, Question, Step
from portal.accounts.models import Team
from portal.accounts.roles import ROLES
from portal.api import routes

DOCS = settings.BASE_DIR / "docs"
PAGE = (DOCS / "api" / "learning.md").read_text()
FENCE = re.compile(r"```bash\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| (GET|POST|PATCH) \| (.+) \| `(\w+)` \| (\w+) \|$", re.MULTILINE)
CONVERTER = re.compile(r"<(\w+):\w+>")
STANDS_FOR = {"slug": "SLUG", "int": "N", "uuid": "KEY", "str": "NAME"}
GUIDE, NOWHERE = "guides/your-first-day/", "6f2f7a1e-0000-4000-8000-000000000000"


@pytest.fixture
def guide(people):
    """“Your first day” as it ships."""
    folder = DOCS / "user-guide" / "guides" / "your-first-day"
    list(Import(folder, at=timezone.now(), publish=True).run())
    return Guide.objects.get(slug="your-first-day")


def publish(title: str, by) -> Guide:
    """A short guide."""
    guide = Guide.objects.start(title, by=by)
    for step in ("Look", "Search"):
        Step.objects.add(guide, by=by, title=step)
    guide.publish(by=by)
    return Guide.objects.get(pk=guide.pk)


@pytest.fixture
def small(alice):
    """Two steps at the same address."""
    return publish("Your first day", alice)


@pytest.fixture
def run(shell):
    """Run the example below a heading as somebody, with the lines that all need; its output."""

    def run(heading: str, person, scope: str, **known) -> str:
        begin, example = FENCE.search(PAGE)[1], FENCE.search(PAGE.split(f"## {heading}\n")[1])[1]
        return shell(begin + example, person, scope, **known)

    return run


def answers(output: str) -> list[dict]:
    """The JSON documents of an output, one after the other."""
    decoder, found = json.JSONDecoder(), []
    while output := output.strip():
        document, end = decoder.raw_decode(output)
        found.append(document)
        output = output[end:]
    return found


def test_a_guide_is_read_as_text(guide, nina, run):
    output = run("Read a guide as text", nina, "onboarding:read")

    assert output.startswith("---\ntitle: ")
    assert "<h1>" in output


def test_a_guide_is_published(guide, alice, run):
    [version] = answers(run("Publish a guide", alice, "onboarding:write"))
    assert (version["number"], version["note"]) == (2, "The new sign-in page")


def test_a_question_is_written_and_changed(alice, run):
    [said] = answers(run("Write a question", alice, "onboarding:write"))
    assert said["html"] == "<p>Ask the <strong>operators</strong>.</p>\n"
    assert Question.objects.get().is_published


def test_progress_is_recorded_step_by_step(guide, nina, run):
    for visit in ("v1", "v2"):
        output = run("Record progress", nina, "onboarding:write", VISIT=visit)

    [said] = answers(output)
    assert [step["done_at"] is not None for step in said["steps"]][:3] == [True, True, False]
    assert [step["seconds"] for step in said["steps"]][:3] == [20, 20, 0]
    assert said["completed_at"] is None and said["is_behind"] is False
    assert Progress.objects.get().user == nina


def test_whoever_is_through_records_nothing_more(small, nina, run):
    for visit in ("v1", "v2", "v3"):
        [said] = answers(run("Record progress", nina, "onboarding:write", VISIT=visit))

    assert said["completed_at"]
    assert [step["seconds"] for step in said["steps"]] == [20, 20]


def test_figures_are_read_without_names(guide, alice, paul, nina, run):
    Progress.objects.start(guide, by=nina)

    whole, version = answers(run("Read statistics", alice, "onboarding:read"))
    assert (whole["started"], whole["completion_rate"], whole["teams"]) == (1, 0.0, None)
    assert "nina" not in json.dumps([whole, version]).lower()
    named = set(re.findall(r"`([a-z_]+)`", PAGE.split("Of the guide:")[1].split("All without")[0]))
    assert named <= {*whole, *version, *version["steps"][0]}
    assert answers(run("Read statistics", paul, "onboarding:read"))[0]["teams"] == []


def test_a_person_and_a_team_are_asked_to_follow_it(guide, alice, paul, nina, run):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(nina, paul)
    asked = {"NEWCOMER": "nina", "TEAM": "shop"}

    for _ in range(2):
        person, whole = answers(run("Assign a guide", alice, "onboarding:write", **asked))
    assert (person["people"], person["begun"], person["late"]) == (1, None, None)
    assert (whole["people"], whole["begun"], whole["late"]) == (2, 0, 0)
    assert {(row.user, row.team) for row in Assignment.objects.all()} == {
        (nina, None),
        (None, team),
    }
    assert answers(run("Assign a guide", paul, "onboarding:write", **asked))[0]["begun"] == 0


# Who may what


def documented() -> dict[tuple[str, str], tuple[str, str]]:
    rows = ROW.findall(PAGE)
    return {
        (method, address): (f"onboarding.{permission}", role)
        for method, addresses, permission, role in rows
        for address in re.findall(r"`([^`]+)`", addresses)
    }


def test_the_table_has_every_address_of_the_area_with_its_permission():
    views = [(str(route.pattern), route.callback.cls) for route in routes]
    asked = {
        (method, CONVERTER.sub(lambda m: STANDS_FOR[m[1]], address)): permission
        for address, view in views
        if view.area == "onboarding"
        for method, permission in view.permissions.items()
    }

    assert {place: permission for place, (permission, _) in documented().items()} == asked


def test_the_table_names_the_first_role_that_may(people):
    for permission, role in set(documented().values()):
        may = [name for name in ROLES if people[name].has_perm(permission)]
        assert may == list(ROLES[ROLES.index(role) :]), permission


# When it says no

ASSIGN = "assignments/"
REFUSALS = [
    ("nina", f"{GUIDE}progress/steps/{NOWHERE}/done/", {}, 404, "no such step"),
    ("alice", ASSIGN, {"guide": "your-first-day", "user": "nobody"}, 400, "/user"),
    ("alice", ASSIGN, {"guide": "your-first-day", "team": "none"}, 400, "/team"),
    (
        "alice",
        ASSIGN,
        {"guide": "your-first-day", "user": "nina", "due_on": "PAST"},
        400,
        "/due_on",
    ),
    ("alice", ASSIGN, {"guide": "draft", "user": "nina"}, 400, "/guide"),
    ("alice", ASSIGN, {"guide": "archived", "user": "nina"}, 400, "/guide"),
    ("nina", ASSIGN, {"guide": "your-first-day", "user": "nina"}, 403, "onboarding.add_assignment"),
    ("nina", "guides/draft/progress/", {}, 404, ""),
    ("rita", f"{GUIDE}progress/steps/{NOWHERE}/done/", {}, 404, ""),
    ("nina", "guides/archived/progress/", {}, 409, "archived"),
    ("nina", f"{GUIDE}progress/acknowledge/", {}, 409, "confirmation"),
]


@pytest.mark.parametrize(("who", "path", "body", "status", "says"), REFUSALS)
def test_refusals_are_those_of_the_page(small, people, api, who, path, body, status, says):
    by_name = {person.username: person for person in people.values()}
    Guide.objects.start("Draft", by=by_name["alice"])
    publish("Archived", by_name["alice"]).archive(by=by_name["paul"])
    Progress.objects.start(small, by=by_name["nina"])
    if body.get("due_on"):
        body = body | {"due_on": str(timezone.localdate() - timedelta(days=1))}

    program = api(by_name[who], "onboarding:write")
    answer = program.post(f"/api/v1/{path}", body, content_type="application/json")
    problem = answer.json()
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    assert answer.status_code == status, problem
    assert f"| {status} |" in PAGE
    assert pointers == [says] if says.startswith("/") else says in problem["detail"]


def test_a_scope_that_is_missing_is_named(small, nina, api):
    answer = api(nina, "onboarding:read").post(f"/api/v1/{GUIDE}progress/")

    assert (answer.status_code, "onboarding:write" in answer.json()["detail"]) == (403, True)


def test_a_key_of_another_request_is_refused(small, nina, api):
    program = api(nina, "onboarding:write")
    first, second = Progress.objects.start(small, by=nina).version.keys[:2]
    answers = [
        program.post(
            f"/api/v1/{GUIDE}progress/steps/{key}/view/",
            {"seconds": 20},
            content_type="application/json",
            headers={"Idempotency-Key": "v1"},
        )
        for key in (first, first, second)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert Progress.objects.get().steps.get(key=first).seconds == 20
