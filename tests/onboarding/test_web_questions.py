"""Questions and answers: by topic, by words, and whether they helped."""

import pytest

from onboarding.models import Question, QuestionFeedback
from portal.accounts.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/guides/questions/"


@pytest.fixture
def ask():
    def ask(slug, topic="Start", answer="Press **it**.", **more):
        question = Question(slug=slug, topic=topic, question=f"How do I {slug}?", **more)
        question.write(answer=answer)
        return question

    return ask


def test_they_stand_by_topic_with_rendered_answers(ask, published, nina, client_of):
    ask("begin").guides.add(published)
    ask("search", topic="Finding")

    page = client_of(nina).get(ADDRESS).content.decode()

    assert page.index("<h2>Finding</h2>") < page.index("<h2>Start</h2>")
    assert "Press <strong>it</strong>" in page
    assert '<a href="/guides/first-day/">First day</a>' in page
    assert "Was this helpful?" in page


@pytest.mark.parametrize(
    ("words", "found"), [("begin", 1), ("press it", 1), ("press nothing", 0), ("%00", 1)]
)
def test_they_are_found_by_words(words, found, ask, nina, client_of):
    ask("begin")

    page = client_of(nina).get(f"{ADDRESS}?q={words}").content.decode()

    assert page.count("<details") == found
    assert ("No results" in page) is not found


def test_an_address_of_one_opens_it(ask, nina, client_of):
    question = ask("begin")
    ask("end")

    page = client_of(nina).get(question.get_absolute_url().split("#")[0]).content.decode()

    assert page.count(" open>") == 1
    assert 'id="begin" open>' in page


def test_the_named_one_is_found_on_a_later_page(ask, nina, client_of):
    for number in range(101):
        ask(f"n{number:03}", position=number)

    page = client_of(nina).get(f"{ADDRESS}?question=n100").content.decode()

    assert 'id="n100" open>' in page


def test_the_last_word_of_each_person_counts(ask, nina, client_of):
    question, client = ask("begin"), client_of(nina)

    client.post(f"{ADDRESS}begin/judge/", {"helped": "no"})
    answer = client.post(f"{ADDRESS}begin/judge/", {"helped": "yes"}, follow=True)

    page = answer.content.decode()
    assert "You rated it helpful." in page
    assert page.count("Good to know. Thank you.") == 1
    assert page.index('id="begin"') < page.index("Good to know")  # where the reader is led to
    assert answer.redirect_chain[-1][0] == question.get_absolute_url()
    assert list(QuestionFeedback.objects.values_list("helped", "user")) == [(True, nina.pk)]


def test_neither_yes_nor_no_is_refused(ask, nina, client_of):
    ask("begin")

    assert client_of(nina).post(f"{ADDRESS}begin/judge/", {"helped": "maybe"}).status_code == 400
    assert client_of(nina).post(f"{ADDRESS}nowhere/judge/", {"helped": "no"}).status_code == 404
    assert client_of(nina).get(f"{ADDRESS}begin/judge/").status_code == 405


def test_what_is_not_published_is_for_authors(ask, nina, alice, client_of):
    ask("begin", is_published=False)

    assert "No question yet" in client_of(nina).get(ADDRESS).content.decode()
    assert client_of(nina).post(f"{ADDRESS}begin/judge/", {"helped": "no"}).status_code == 404
    assert 'id="begin"' in client_of(alice).get(ADDRESS).content.decode()


def test_without_the_permission_there_is_nothing(ask, client_of):
    ask("begin")
    client = client_of(User.objects.create_user("nobody", password="x"))

    assert client.get(ADDRESS).status_code == 403
    assert client.post(f"{ADDRESS}begin/judge/", {"helped": "no"}).status_code == 403


def test_a_no_asks_what_was_missing_and_keeps_it(ask, nina, client_of):
    question, client = ask("begin"), client_of(nina)
    place = f"{ADDRESS}begin/judge/"
    assert "What did you miss?" not in client.get(ADDRESS).content.decode()

    page = client.post(place, {"helped": "no"}, follow=True).content.decode()
    assert "Say below what you missed" in page and "What did you miss?" in page
    client.post(place, {"helped": "no", "reason": "<b>Which</b> one?"})
    assert question.feedback.get().reason == "<b>Which</b> one?"
    assert "&lt;b&gt;Which" in client.get(ADDRESS).content.decode()
    assert client.post(place, {"helped": "no", "reason": "x" * 1001}).status_code == 400

    client.post(place, {"helped": "yes", "reason": "x"})
    assert question.feedback.get().reason == ""


def test_the_admin_lists_judgements_without_names(ask, nina, alice, client_of):
    ask("begin").judge(by=nina, helped=False, reason="Too short.")
    row = QuestionFeedback.objects.get()

    for place in ("", f"{row.pk}/change/"):
        page = client_of(alice).get(f"/admin/onboarding/questionfeedback/{place}")
        assert "Too short." in page.content.decode()
        assert "nina" not in page.content.decode().lower()
