"""Answers in the admin: written, previewed, and how often they helped."""

import pytest

from onboarding.models import Question
from onboarding.problems import StaleQuestion, WrongState

LIST = "/admin/onboarding/question/"
SENT = {"topic": "Sign-in", "question": "Why not?", "answer": "Ask **Kim**.", "position": 0}


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


def test_a_question_is_written_and_changed(browser, first_day):
    browser.post(f"{LIST}add/", SENT | {"guides": [first_day.pk], "is_published": "on"})
    row = Question.objects.get()
    assert (row.slug, row.is_published) == ("why-not", True)
    assert "<strong>Kim</strong>" in row.html
    assert list(row.guides.all()) == [first_day]

    browser.post(f"{LIST}{row.pk}/change/", SENT | {"answer": "No.", "slug": "why-not"})
    row.refresh_from_db()
    assert (row.answer, row.html.strip(), row.is_published) == ("No.", "<p>No.</p>", False)
    assert not row.guides.exists()


def test_two_authors_of_one_answer_lose_nothing(browser, alice):
    row = Question()
    row.write(by=alice, topic="Sign-in", question="Why not?", answer="Ask Kim.")
    mine = SENT | {"answer": "Mine.", "slug": "why-not", "seen": row.etag}
    row.write(by=alice, answer="Theirs.")

    page = browser.post(f"{LIST}{row.pk}/change/", mine)
    row.refresh_from_db()
    assert page.status_code == 409
    assert row.answer == "Theirs."
    assert "Theirs." in page.content.decode() and "Mine." in page.content.decode()

    again = mine | {"seen": page.context["adminform"].form["seen"].value()}
    assert browser.post(f"{LIST}{row.pk}/change/", again).status_code == 302
    row.refresh_from_db()
    assert row.answer == "Mine."


def test_the_verb_itself_refuses_what_is_based_on_an_older_answer(alice):
    row = Question()
    row.write(by=alice, **SENT)
    mine, seen = Question.objects.get(), row.etag
    row.write(by=alice, topic="Theirs", based_on=seen)

    with pytest.raises(StaleQuestion) as stale:
        mine.write(by=alice, answer="Mine.", based_on=seen)
    assert (stale.value.status, stale.value.extra["current"]) == (412, row.etag)
    assert (stale.value.theirs.topic, stale.value.yours) == ("Theirs", {"answer": "Mine."})
    with pytest.raises(StaleQuestion):
        mine.write(by=alice, answer="Mine.", based_on="no tag of its")
    mine.write(by=alice, answer="Mine.", based_on=row.etag)
    row.refresh_from_db()
    assert (row.topic, row.answer) == ("Theirs", "Mine.")  # what they changed beside it stays

    row.delete()
    with pytest.raises(WrongState):
        mine.write(by=alice, answer="Mine again.")


@pytest.mark.parametrize("typed", [{"question": ""}, {"answer": "x" * 140_000}, {"slug": "a b"}])
def test_what_is_wrong_is_said_and_stays(browser, typed):
    page = browser.post(f"{LIST}add/", SENT | typed)

    assert page.status_code == 200
    assert "Please correct the error" in page.content.decode()
    assert not Question.objects.exists()


def test_the_preview_is_harmless(browser):
    page = browser.post(f"{LIST}preview/", {"content": "**B** <script>alert(1)</script>"})
    assert "<strong>B</strong>" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert (
        "cannot be saved"
        in browser.post(f"{LIST}preview/", {"content": "x" * 140_000}).content.decode()
    )


def test_the_list_tells_how_often_it_helped(browser, nina, rita):
    row = Question()
    row.write(**SENT)
    other = Question()
    other.write(**SENT)
    row.judge(by=nina, helped=True)
    row.judge(by=rita, helped=False)

    assert other.slug == "why-not-2"
    page = browser.get(LIST)
    assert "1 of 2" in page.content.decode()
    found = browser.get(LIST, {"state": "unhelpful"}).context["cl"].result_list
    assert list(found) == [row]


def test_it_is_deleted(browser):
    row = Question()
    row.write(**SENT)
    browser.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})

    assert not Question.objects.exists()
