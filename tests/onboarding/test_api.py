"""Guides through the API: what programs read, what people do with it, what is refused and how."""

from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.models import Assignment, Guide, Progress, Question, Step, StuckReport
from portal.accounts.models import Team

pytestmark = pytest.mark.django_db
BEFORE = timezone.now() - timedelta(days=9)
LATE = timezone.localdate() - timedelta(days=3)
GUIDE, NOWHERE = "guides/first-day/", "6f2f7a1e-0000-4000-8000-000000000000"


@pytest.fixture
def get(api):
    def get(person, path, **headers):
        return api(person).get(f"/api/v1/{path}", headers=headers)

    return get


@pytest.fixture
def send(api):
    def send(person, path, body=None, *, scopes=(), **headers):
        program = api(person, *scopes)
        return program.post(
            f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
        )

    return send


def test_a_guide_comes_with_its_steps_pictures_and_marks(published, nina, get):
    [row] = get(nina, "guides/").json()["results"]
    assert (row["slug"], row["version"], row["owner"]) == ("first-day", 1, "welcome")

    answer = get(nina, GUIDE)
    look, search = answer.json()["steps"]
    picture = look["picture"]
    [mark] = picture["annotations"]
    assert answer["ETag"] == answer.json()["etag"] == published.etag
    assert (look["control"], look["result"], search["picture"]) == ("Go", "A list.", None)
    assert picture["address"].startswith("http")
    assert mark["id"] == f"{picture['address']}#callout-1"
    assert mark["target"]["selector"][0]["value"] == "xywh=percent:10,20,30,15"
    assert mark["target"]["selector"][1] == {"type": "CssSelector", "value": "#go"}


def test_readers_get_what_was_published_and_only_that(published, first_day, alice, nina, get):
    published.describe(by=alice, title="Another title")
    Guide.objects.start("Secret", by=alice)

    titles = [row["title"] for row in get(nina, "guides/").json()["results"]]
    assert titles == ["First day"]
    assert get(nina, "guides/secret/").status_code == 404
    assert get(nina, "guides/secret/versions/").status_code == 404
    assert get(alice, "guides/secret/").json()["version"] == 0


def test_unchanged_is_304_and_members_may_be_chosen(published, alice, nina, get):
    etag = get(nina, GUIDE)["ETag"]
    assert get(nina, GUIDE, **{"If-None-Match": etag}).status_code == 304
    Guide.objects.get().publish(by=alice)
    assert get(nina, GUIDE, **{"If-None-Match": etag}).status_code == 200

    assert get(nina, f"{GUIDE}?fields=slug,version").json() == {"slug": "first-day", "version": 2}
    assert "steps" not in get(nina, f"{GUIDE}?omit=steps").json()
    assert get(nina, f"{GUIDE}?fields=password").status_code == 400
    version = get(nina, f"{GUIDE}versions/1/")
    assert version["ETag"] == version.json()["etag"]
    assert [row["number"] for row in get(nina, f"{GUIDE}versions/").json()["results"]] == [2, 1]


def test_lists_go_on_page_by_page(published, alice, nina, get):
    for n in range(3):
        guide = Guide.objects.start(f"Guide {n}", by=alice)
        Step.objects.add(guide, by=alice, title="x")
        guide.publish(by=alice)

    first = get(nina, "guides/?limit=3")
    assert len(first.json()["results"]) == 3
    assert 'rel="next"' in first["Link"]
    rest = get(nina, first.json()["next"].partition("/api/v1/")[2]).json()
    assert [row["slug"] for row in rest["results"]] == ["guide-2"]
    assert get(nina, "guides/?cursor=x").status_code == 400
    assert get(nina, "guides/?state=lost").status_code == 400


def test_somebody_follows_a_guide_to_its_end(published, nina, get, send):
    assert get(nina, f"{GUIDE}progress/").status_code == 404
    begun = send(nina, f"{GUIDE}progress/")
    look, search = (step["key"] for step in begun.json()["steps"])
    assert begun.status_code == 201
    assert get(nina, begun["Location"].removeprefix("/api/v1/")).json() == begun.json()

    steps = f"{GUIDE}progress/steps/"
    assert send(nina, f"{steps}{look}/view/", {"seconds": 20}).json()["steps"][0]["seconds"] == 20
    assert send(nina, f"{steps}{look}/done/").json()["completed_at"] is None
    assert send(nina, f"{steps}{look}/undo/").json()["steps"][0]["done_at"] is None
    send(nina, f"{steps}{look}/done/")
    assert send(nina, f"{steps}{search}/done/").json()["completed_at"]
    [row] = get(nina, "progress/").json()["results"]
    assert (row["guide"], row["is_behind"]) == ("first-day", False)


def test_who_is_behind_moves_over_and_keeps_ticks(published, begun, alice, nina, send):
    begun.done(begun.version.keys[0])
    published.describe(by=alice, asks_acknowledgement=True)
    published.steps.last().remove(by=alice)
    published.publish(by=alice)

    assert send(nina, f"{GUIDE}progress/acknowledge/").status_code == 409
    moved = send(nina, f"{GUIDE}progress/move-over/").json()
    assert (moved["version"], moved["completed_at"] is not None) == (2, True)
    assert send(nina, f"{GUIDE}progress/acknowledge/").json()["acknowledged_at"]


def test_progress_of_others_is_not_found(begun, rita, paul, get, send):
    address = f"progress/{begun.pk}/"
    assert get(rita, address).status_code == 404
    assert get(paul, address).json()["user"] == "nina"
    key = begun.version.keys[0]
    assert send(rita, f"{GUIDE}progress/steps/{key}/done/").status_code == 404
    assert begun.done_keys() == set()


@pytest.mark.parametrize(
    "body", [{"seconds": -1}, {"seconds": 3601}, {"seconds": "x"}, {"seconds": None}]
)
def test_odd_seconds_are_refused(begun, nina, send, body):
    address = f"{GUIDE}progress/steps/{begun.version.keys[0]}/view/"
    answer = send(nina, address, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/seconds"


def test_a_step_of_another_guide_is_refused(begun, nina, send):
    answer = send(nina, f"{GUIDE}progress/steps/{NOWHERE}/done/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "no such step" in answer.json()["detail"]


def test_stuck_is_reported_read_and_answered(begun, alice, nina, rita, get, send):
    body = {"guide": "first-day", "step": begun.version.keys[1], "text": "No box.", "page": "/x/"}
    made = send(nina, "stuck-reports/", body)
    address = made["Location"].removeprefix("/api/v1/")
    assert (made.status_code, made.json()["by"], made.json()["state"]) == (201, "nina", "open")
    assert get(rita, address).status_code == 404
    assert get(rita, "stuck-reports/").json()["results"] == []

    assert send(nina, f"{address}settle/", {"answer": "x"}).status_code == 403
    assert send(alice, f"{address}settle/", {}).json()["errors"][0]["pointer"] == "/answer"
    assert send(alice, f"{address}settle/", {"answer": "At the top."}).status_code == 200
    assert send(alice, f"{address}settle/", {"close": True}).status_code == 409
    answered = get(nina, address).json()
    assert (answered["answer"], answered["answered_by"]) == ("At the top.", "alice")
    assert get(alice, "stuck-reports/?state=open").json()["results"] == []
    assert get(alice, "stuck-reports/?state=gone").status_code == 400


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"guide": "nowhere"}, "/guide"),
        ({"guide": "secret"}, "/guide"),
        ({"step": NOWHERE}, "/step"),
        ({"step": "x"}, "/step"),
        ({"text": " "}, "/text"),
        ({"text": "x" * 5001}, "/text"),
    ],
)
def test_a_report_names_a_guide_that_one_began_and_a_step_of_it(
    begun, alice, nina, send, change, pointer
):
    Guide.objects.start("Secret", by=alice)
    body = {"guide": "first-day", "step": begun.version.keys[0], "text": "x"} | change
    answer = send(nina, "stuck-reports/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert StuckReport.objects.count() == 0


def test_nobody_learns_by_a_report_that_a_draft_is_there(begun, alice, nina, send):
    Guide.objects.start("Secret", by=alice)
    body = {"step": begun.version.keys[0], "text": "x"}
    there, not_there = (
        send(nina, "stuck-reports/", body | {"guide": name}).json()["errors"][0]["detail"]
        for name in ("secret", "nowhere")
    )

    assert there.replace("secret", "nowhere") == not_there


def test_a_repeated_request_is_done_once(begun, nina, send):
    body = {"guide": "first-day", "step": begun.version.keys[1], "text": "No box."}
    first = send(nina, "stuck-reports/", body, **{"Idempotency-Key": "k"})
    again = send(nina, "stuck-reports/", body, **{"Idempotency-Key": "k"})

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"


def test_assignments_are_made_counted_and_withdrawn(published, alice, nina, rita, get, send):
    team = Team.objects.create(slug="night", name="Night")
    team.members.add(nina, rita)
    body = {"guide": "first-day", "team": "night", "due_days": 2}
    made = send(alice, "assignments/", body)
    Assignment.objects.update(created_at=BEFORE)
    address = made["Location"].removeprefix("/api/v1/")

    Progress.objects.start(published, by=nina)
    row = get(alice, address).json()
    assert (row["people"], row["begun"], row["done"], row["late"]) == (2, 1, 0, 2)
    assert get(alice, "assignments/?guide=first-day").json()["results"] == [row]
    assert get(nina, address).status_code == 403
    assert send(nina, "assignments/", body).status_code == 403

    gone = send(alice, f"{address}withdraw/").json()
    assert gone["withdrawn_at"] and gone["people"] == 0
    assert get(alice, "assignments/").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({}, "/user"),
        ({"user": "nina", "everybody_new": True}, "/user"),
        ({"user": "nobody"}, "/user"),
        ({"team": "nowhere"}, "/team"),
        ({"user": "nina", "guide": "nowhere"}, "/guide"),
        ({"user": "nina", "due_on": "soon"}, "/due_on"),
        ({"user": "nina", "due_on": "2020-01-02"}, "/due_on"),
        ({"user": "nina", "due_on": "2099-01-02", "due_days": 3}, "/due_days"),
        ({"user": "nina", "due_days": 0}, "/due_days"),
        ({"user": "nina", "guide": "old"}, "/guide"),
    ],
)
def test_an_assignment_says_what_is_wrong_with_it(published, alice, nina, send, change, pointer):
    old = Guide.objects.start("Old", by=alice)
    Step.objects.add(old, by=alice, title="x")
    old.publish(by=alice)
    old.archive(by=alice)
    answer = send(alice, "assignments/", {"guide": "first-day"} | change)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert Assignment.objects.count() == 0


def test_questions_are_found_read_and_judged(alice, nina, get, send):
    question = Question(
        slug="lost", topic="Signing in", question="Lost my key?", answer="Ask **us**."
    )
    question.write()
    Question(slug="draft", topic="x", question="?", answer="x", is_published=False).write()

    [row] = get(nina, "questions/?search=lost+signing").json()["results"]
    assert row["html"].strip() == "<p>Ask <strong>us</strong>.</p>"
    answer = get(nina, "questions/lost/")
    assert answer["ETag"] == answer.json()["etag"]
    assert get(nina, "questions/lost/", **{"If-None-Match": answer["ETag"]}).status_code == 304
    assert get(nina, "questions/draft/").status_code == 404
    assert send(nina, "questions/draft/feedback/", {"helped": True}).status_code == 404
    assert send(nina, "questions/lost/feedback/", {"helped": False}).status_code == 204
    assert send(nina, "questions/lost/feedback/", {"helped": True}).status_code == 204
    assert [row.helped for row in question.feedback.all()] == [True]
    assert send(nina, "questions/lost/feedback/", {}).status_code == 400


def test_figures_have_numbers_and_no_names(begun, alice, nina, get):
    begun.view(begun.version.keys[0], seconds=30)
    Assignment.objects.assign(
        begun.guide,
        by=alice,
        user=nina,
        due_on=LATE,
        at=BEFORE,
    )

    answer = get(alice, f"{GUIDE}figures/")
    found = answer.json()
    assert (found["asked"], found["late"], found["started"]) == (1, 1, 1)
    assert (found["completion_rate"], len(found["trend"])) == (0.0, 12)
    step = get(alice, f"{GUIDE}versions/1/figures/").json()["steps"][0]
    assert (step["reached"], step["done"], step["median_seconds"]) == (1, 0, 30.0)
    overview = get(alice, "guides/figures/").json()
    assert [row["guide"] for row in overview["guides"]] == ["first-day"]
    assert "nina" not in answer.content.decode().lower()
    assert get(nina, f"{GUIDE}figures/").status_code == 403
    assert get(nina, "guides/figures/").status_code == 403


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("onboarding:read", "guides/", 200),
        ("runbooks:read", "guides/", 403),
        ("onboarding:write", "progress/", 200),
    ],
)
def test_tokens_have_an_area_of_their_own(published, nina, api, scope, path, status):
    assert api(nina, scope).get(f"/api/v1/{path}").status_code == status


def test_a_reading_token_changes_nothing(published, nina, send):
    answer = send(nina, f"{GUIDE}progress/", scopes=["onboarding:read"])

    assert answer.status_code == 403
    assert Progress.objects.count() == 0


def test_people_and_teams_are_for_those_who_may_see_names(begun, alice, paul, rita, nina, get):
    begun.guide.owner.members.add(nina)
    Assignment.objects.assign(begun.guide, by=alice, user=rita)
    begun.done(begun.version.keys[0])

    assert get(alice, f"{GUIDE}people/").status_code == 403
    assert get(alice, f"{GUIDE}figures/").json()["teams"] is None
    assert get(paul, f"{GUIDE}figures/").json()["teams"] == [
        {"team": "welcome", "members": 2, "started": 1, "completed": 0, "completion_rate": 0.0}
    ]
    answer = get(paul, f"{GUIDE}people/?limit=1")
    (first,) = answer.json()["results"]
    assert (first["user"], first["state"], first["asked"]) == ("rita", "Not started", True)
    (second,) = get(paul, answer.json()["next"].partition("/api/v1/")[2]).json()["results"]
    assert (second["user"], second["asked"], second["steps_done"]) == ("nina", False, 1)
    assert (second["completed_at"], second["confirmed_at"], second["version"]) == (None, None, 1)
    assert get(paul, f"{GUIDE}people/?cursor=x").status_code == 400


def test_what_was_done_with_a_version_that_was_left_is_told_apart(begun, alice, nina, get, send):
    for key in begun.version.keys:
        begun.done(key)
    Step.objects.add(begun.guide, by=alice, title="New", text="x")
    Guide.objects.get().publish(by=alice)

    moved = send(nina, f"{GUIDE}progress/move-over/").json()
    assert (moved["version"], moved["completed_at"]) == (2, None)
    (past,) = moved["past"]
    assert past["version"] == 1 and past["completed_at"] and past["left_at"]
    versions = get(alice, f"{GUIDE}figures/").json()
    assert (versions["started"], versions["completed"]) == (1, 1)
    assert [row["completed"] for row in versions["versions"]] == [0, 1]
    assert [row["started"] for row in versions["versions"]] == [1, 1]


def test_a_guide_that_was_never_published_is_not_assigned(first_day, alice, nina, send):
    answer = send(alice, "assignments/", {"guide": "first-day", "user": "nina"})

    assert answer.status_code == 400
    assert "not published" in answer.json()["detail"]
