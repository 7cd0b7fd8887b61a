"""Guides as text, their verbs, and questions written by programs."""

import pytest

from onboarding.files.document import read
from onboarding.models import Guide, Question, Screenshot, Step
from portal.core.markdown.document import SOURCE_LIMIT
from tests.onboarding.test_api import GUIDE, get, send  # noqa: F401

pytestmark = pytest.mark.django_db
ASKED = {"topic": "Signing in", "question": "Where is my password?", "answer": "Ask **them**."}


@pytest.fixture
def change(api):
    def change(person, path, body, **headers):
        return api(person).patch(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    return change


def star(person_sends, person, verb, body=None):
    return person_sends(person, f"{GUIDE}{verb}/", body, **{"If-Match": "*"})


# Text


@pytest.mark.parametrize("place", [GUIDE, f"{GUIDE}versions/1/"])
def test_a_guide_is_its_own_file(published, first_day, nina, get, place):  # noqa: F811
    Step.objects.filter(guide=first_day).update(title="Not yet published")
    as_json = get(nina, place)
    answer = get(nina, place, accept="text/markdown")
    guide = read(answer.content)
    look, search = guide.steps

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert guide.about["title"] == "First day"
    assert guide.about["slug"] == "first-day"
    assert (look.title, look.text, look.control) == ("Look around", look.text, "Go")
    assert "Press **Go**." in look.text
    assert [step["key"] for step in as_json.json()["steps"]] == [look.key, search.key]
    assert as_json.json()["steps"][0]["picture"]["address"] in answer.content.decode()
    assert answer["ETag"] != as_json["ETag"]
    again = {"If-None-Match": answer["ETag"], "accept": "text/markdown"}
    assert get(nina, place, **again).status_code == 304


def test_the_text_of_a_version_stays_whoever_owns_the_guide(published, nina, get):  # noqa: F811
    place = f"{GUIDE}versions/1/"
    before = get(nina, place, accept="text/markdown")
    Guide.objects.update(owner=None)
    after = get(nina, place, accept="text/markdown")

    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_a_guide_is_a_page_without_a_frame(published, nina, get):  # noqa: F811
    answer = get(nina, GUIDE, accept="text/html")
    text = answer.content.decode()

    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "<strong>Go</strong>" in text
    assert 'alt="The first page"' in text
    assert "<script" not in text


def test_words_that_look_like_html_stay_words(first_day, alice, get):  # noqa: F811
    first_day.describe(by=alice, title="<b>Bold</b>")

    text = get(alice, GUIDE, accept="text/html").content.decode()
    assert "<h1>&lt;b&gt;Bold&lt;/b&gt;</h1>" in text


# Verbs of guides


def test_a_guide_is_published_archived_and_taken_back(first_day, paul, nina, get, send):  # noqa: F811
    assert get(nina, GUIDE).status_code == 404
    answer = star(send, paul, "publish", {"note": "First"})
    assert (answer.status_code, answer.json()["note"]) == (201, "First")
    assert answer["Location"] == "/api/v1/guides/first-day/versions/1/"
    assert get(nina, GUIDE).json()["version"] == 1

    assert star(send, paul, "archive").json()["archived_at"]
    assert star(send, paul, "publish").status_code == 409
    assert get(nina, "guides/").json()["results"] == []
    assert star(send, paul, "unarchive").json()["archived_at"] is None
    assert len(get(nina, "guides/").json()["results"]) == 1


@pytest.mark.parametrize("verb", ["publish", "archive", "unarchive"])
def test_a_verb_needs_what_it_is_based_on(first_day, alice, paul, send, verb):  # noqa: F811
    seen = first_day.etag
    first_day.describe(by=alice, title="Another title")

    assert send(paul, f"{GUIDE}{verb}/").status_code == 428
    answer = send(paul, f"{GUIDE}{verb}/", **{"If-Match": seen})
    assert (answer.status_code, answer["ETag"]) == (412, Guide.objects.get().etag)
    assert Guide.objects.get().published is None


@pytest.mark.parametrize("verb", ["publish", "archive", "unarchive"])
def test_who_only_reads_publishes_nothing(published, nina, send, verb):  # noqa: F811
    assert star(send, nina, verb).status_code == 403


def test_what_keeps_readers_from_following_is_named(first_day, paul, send):  # noqa: F811
    Screenshot.objects.update(alt="")

    answer = star(send, paul, "publish")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/steps/0/screenshot/alt"


# Questions


def test_a_question_is_written_and_changed(published, alice, nina, get, send, change):  # noqa: F811
    made = send(alice, "questions/", {**ASKED, "guides": ["first-day"]})
    place = made["Location"].removeprefix("/api/v1/")
    assert made.status_code == 201
    assert "<strong>them</strong>" in get(nina, place).json()["html"]
    assert [guide.slug for guide in Question.objects.get().guides.all()] == ["first-day"]

    hidden = change(alice, place, {"is_published": False}, **{"If-Match": made["ETag"]})
    assert hidden.status_code == 200
    assert hidden.json()["answer"] == ASKED["answer"]
    assert [guide.slug for guide in Question.objects.get().guides.all()] == ["first-day"]
    assert get(nina, place).status_code == 404

    stale = change(alice, place, {"answer": "No."}, **{"If-Match": made["ETag"]})
    assert (stale.status_code, stale["ETag"]) == (412, hidden["ETag"])
    assert change(alice, place, {"answer": "No."}).status_code == 428
    assert Question.objects.get().answer == ASKED["answer"]


def test_an_answer_that_was_rendered_anew_has_a_new_tag(alice, get, send, change):  # noqa: F811
    made = send(alice, "questions/", ASKED)
    place = made["Location"].removeprefix("/api/v1/")
    Question.objects.update(html="<p>old</p>")
    old = get(alice, place)

    assert Question.objects.get().rebuild()
    new = get(alice, place, **{"If-None-Match": old["ETag"]})
    assert new.status_code == 200 and new["ETag"] == new.json()["etag"] == made["ETag"]
    assert "<strong>them</strong>" in new.json()["html"]
    written = change(alice, place, {"answer": "Ask."}, **{"If-Match": old["ETag"]})
    assert written.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"topic": ""}, 400, "/topic"),
        ({"question": "x" * 301}, 400, "/question"),
        ({"guides": ["nowhere"]}, 400, "/guides"),
        ({"owner": "nobody"}, 400, "/owner"),
        ({"position": -1}, 400, "/position"),
        ({"answer": "x" * (SOURCE_LIMIT + 1)}, 413, "/answer"),
    ],
)
def test_a_wrong_question_is_refused_whole(alice, send, wrong, status, pointer):  # noqa: F811
    answer = send(alice, "questions/", ASKED | wrong)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Question.objects.exists()


def test_readers_write_no_questions(alice, nina, send, change):  # noqa: F811
    made = send(alice, "questions/", ASKED)
    assert send(nina, "questions/", ASKED).status_code == 403
    place = made["Location"].removeprefix("/api/v1/")
    assert change(nina, place, {"answer": "No."}, **{"If-Match": "*"}).status_code == 403
    assert Question.objects.count() == 1
