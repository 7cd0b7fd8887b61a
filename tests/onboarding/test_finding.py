"""One search over everything: words of steps, in the page, in the lists and in the API."""

import pytest

from onboarding.models import Guide, Question, Step
from portal.search.query import find

pytestmark = pytest.mark.django_db
PLACES = {
    "title": "look AROUND",
    "text": "press **go**",
    "result": "list",
    "callout": "press it",
    "picture": "the first page",
}


def found(words: str, person) -> list[int]:
    return find(words, user=person, kinds=["guide"]).keys


@pytest.fixture
def get(api):
    def get(person, path, *scopes):
        return api(person, *scopes).get(f"/api/v1/{path}").json()

    return get


@pytest.mark.parametrize("words", PLACES.values(), ids=PLACES.keys())
def test_the_words_of_steps_are_found(published, nina, words):
    assert found(words, nina) == [published.pk]
    assert not found(f"{words} nowhere", nina)


def test_a_capital_of_any_language_is_found(first_day, alice, nina):
    Step.objects.get(title="Search").edit(by=alice, text="Öffne ÄRGER.")
    first_day.publish(by=alice)

    for words in ("öffne ärger", "ÖFFNE", "Ärger"):
        assert found(words, nina), words


def test_readers_find_what_was_published_and_only_that(published, alice, nina):
    Step.objects.get(title="Search").edit(by=alice, title="Secret plan")
    assert not found("secret", nina)

    Guide.objects.get().publish(by=alice)
    assert found("secret", nina)
    assert not found("type a word search nothing", nina)


def test_the_page_and_the_api_find_guides_and_questions(published, reading, nina, get, client_of):
    Question(slug="where").write(topic="Signing in", question="Where?", answer="Press go twice.")

    page = client_of(nina).get("/search/?q=press+go").content.decode()
    assert "First day" in page and "Where?" in page

    found = get(nina, "search/?q=press+go")
    assert [row["slug"] for row in found["guides"]] == ["first-day"]
    assert found["guides"][0]["url"].endswith("://127.0.0.1/guides/first-day/")
    assert [(row["slug"], row["line"]) for row in found["questions"]] == [("where", "Signing in")]
    assert get(nina, "search/?q=")["guides"] == []


@pytest.mark.parametrize(
    "words", ["pasword", "forgot pasword", "PASSWRD", "forgt password?", "where is my pasword?"]
)
def test_a_small_typing_error_in_a_question_is_forgiven(nina, client_of, words):
    about = {"topic": "Signing in", "answer": "It is forgotten, or where it was."}
    Question(slug="where").write(question="Where is the password that I forgot? My error.", **about)
    page = client_of(nina).get("/guides/questions/", {"q": words}).content.decode()

    assert 'id="where"' in page
    assert "No exact match" in page


def test_what_matches_exactly_is_not_led_elsewhere(nina, client_of):
    for slug, word in (("a", "stuk"), ("b", "stuck")):
        Question(slug=slug).write(topic="T", question=f"{word}?", answer="x")
    page = client_of(nina).get("/guides/questions/?q=stuk").content.decode()

    assert 'id="a"' in page and 'id="b"' not in page and "No exact match" not in page
    assert "No results" in client_of(nina).get("/guides/questions/?q=zzzzzz").content.decode()


def test_a_small_typing_error_in_a_guide_is_forgiven(published, nina, client_of):
    page = client_of(nina).get("/guides/?q=frist+day").content.decode()

    assert "First day" in page and "Showing results for “first" in page


def test_near_words_are_those_that_the_reader_may_see(published, first_day, nina, client_of):
    Question(slug="a").write(topic="A", question="Secret?", answer="x", is_published=False)
    Step.objects.get(title="Search").edit(by=None, title="Secret plan")

    for address in ("/guides/", "/guides/questions/"):
        page = client_of(nina).get(address, {"q": "secrt"}).content.decode()
        assert "Secret" not in page and "No exact match" not in page


def test_lists_of_guides_have_a_search(published, nina, get):
    assert [row["slug"] for row in get(nina, "guides/?search=press+it")["results"]] == ["first-day"]
    assert get(nina, "guides/?search=nowhere")["results"] == []


def test_drafts_and_what_a_token_may_not_read_stay_unfound(published, first_day, nina, alice, get):
    Guide.objects.start("Secret plan", by=alice)
    Question(slug="a").write(topic="A", question="Secret?", answer="x", is_published=False)

    found = get(nina, "search/?q=secret")
    assert (found["guides"], found["questions"]) == ([], [])
    assert get(nina, "search/?q=press", "runbooks:read")["guides"] == []
