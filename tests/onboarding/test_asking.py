"""A reader asks a question; staff answer it for everybody, or close it."""

from datetime import timedelta

import pytest

from onboarding.models import AskedQuestion, Question
from onboarding.models.asked_questions import MOST_A_DAY, OTHER
from onboarding.notices import QUESTIONS, REPLIED
from onboarding.privacy.erasure import forget_person
from onboarding.problems import WrongState
from portal.accounts.models import Team
from portal.core.problems import Refused
from portal.notifications.models import Delivery, Preference

pytestmark = pytest.mark.django_db
ADDRESS = "/guides/questions/"


@pytest.fixture
def night(alice):
    team = Team.objects.create(name="Night", slug="night", email="night@example.org")
    team.members.add(alice)
    return team


@pytest.fixture
def asked(nina):
    return AskedQuestion.objects.ask("How do I get a pager?", by=nina)


def shown(client) -> str:
    return " ".join(client.get(ADDRESS).content.decode().split())


def recorded(client) -> str:
    return " ".join(client.get("/guides/me/").content.decode().split())


def test_a_reader_asks_and_the_team_of_the_topic_is_told(client_of, nina, alice, paul, night):
    Question(topic="Pagers", question="What is one?", owner=night).write(answer="A bell.")

    client = client_of(nina)
    client.post(f"{ADDRESS}ask/", {"question": "How do I  get one?", "topic": "Pagers"})

    row = AskedQuestion.objects.get()
    assert (row.text, row.topic, row.owner, row.user) == (
        "How do I get one?",
        "Pagers",
        night,
        nina,
    )
    told = Delivery.objects.filter(key__contains=f"asked-{row.pk}")
    assert {delivery.to for delivery in told} == {alice.email, night.email}
    assert "Your question was sent to Night." in shown(client)
    assert "How do I get one?" not in shown(client)


def test_it_is_answered_for_everybody_and_who_asked_is_told(client_of, nina, alice, asked):
    author = client_of(alice)
    assert "How do I get a pager?" in author.get("/").content.decode()
    assert "Unanswered" in shown(author)

    author.post(f"{ADDRESS}asked/{asked.pk}/answer/", {"answer": "Ask the **lead**."})

    asked.refresh_from_db()
    assert (asked.question.topic, asked.question.is_published) == (OTHER, True)
    page = shown(client_of(nina))
    assert "Ask the <strong>lead</strong>." in page and "Unanswered" not in page
    assert "Ask the **lead**." in Delivery.objects.of(nina).get().text
    assert "How do I get a pager?" not in author.get("/").content.decode()


@pytest.mark.parametrize("topic", ["Secret", "Made\r\nup", "\r\nBcc: x"])
def test_a_topic_that_a_reader_cannot_choose_is_that_of_other_questions(nina, alice, topic):
    hidden = Question(topic="Secret", question="What?", is_published=False)
    hidden.write(answer="Not yet.", by=alice)

    assert AskedQuestion.objects.ask("Who?", by=nina, topic=topic).topic == OTHER


def test_who_wants_no_mail_of_questions_reads_them_on_the_page(nina, alice, paul, asked):
    Preference.objects.choose(alice, {QUESTIONS: False})
    Preference.objects.choose(nina, {REPLIED: False})
    row = AskedQuestion.objects.ask("And a charger?", by=nina)
    row.answer("Ask the lead.", by=paul)

    told = Delivery.objects.filter(key__contains=f"asked-{row.pk}")
    assert {each.recipient: each.state for each in told} == {
        alice: "expired",
        paul: "failed",  # who has no address, but wants it
    }
    assert Delivery.objects.of(nina).get().state == "expired"


def test_it_is_closed_without_an_answer_and_who_asked_is_told(client_of, nina, alice, asked):
    reader = client_of(nina)
    assert "Other questions, waiting for an answer" in recorded(reader)

    client_of(alice).post(f"{ADDRESS}asked/{asked.pk}/answer/", {"close": "1"})

    assert not AskedQuestion.objects.open().exists() and not Question.objects.exists()
    told = Delivery.objects.of(nina).get()
    assert told.subject == "Closed: How do I get a pager?"
    assert "It was closed without an answer." in told.text and ADDRESS in told.text
    assert "Other questions, closed" in recorded(reader)


def test_readers_neither_see_nor_answer_what_others_asked(client_of, rita, asked):
    client = client_of(rita)

    assert client.post(f"{ADDRESS}asked/{asked.pk}/answer/", {"answer": "No."}).status_code == 403
    assert "pager" not in shown(client)


@pytest.mark.parametrize("text", ["", " ", "x" * 301])
def test_what_is_no_question_is_refused_and_still_there(client_of, nina, text):
    page = client_of(nina).post(f"{ADDRESS}ask/", {"question": text})

    assert page.status_code == 400 and 'id="id_question_error"' in page.content.decode()
    assert f'value="{text}"' in page.content.decode()
    assert not AskedQuestion.objects.exists()


def test_a_question_over_the_bound_of_a_day_is_still_there(client_of, nina):
    for number in range(MOST_A_DAY):
        AskedQuestion.objects.ask(f"And {number}?", by=nina)

    page = client_of(nina).post(f"{ADDRESS}ask/", {"question": "Where is the last one?"})
    assert page.status_code == 400 and "Ask again tomorrow." in page.content.decode()
    assert 'value="Where is the last one?"' in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer": ""}, "Write an answer, or close the question."),
        ({"answer": " \r\n "}, "Write an answer, or close the question."),
        ({"answer": "Typed.", "close": "1"}, "or delete it to close"),
        ({"answer": "Typed." + "x" * 5000}, "at most 5000 characters"),
    ],
)
def test_an_answer_that_is_refused_is_still_there(client_of, alice, asked, sent, said):
    page = client_of(alice).post(f"{ADDRESS}asked/{asked.pk}/answer/", sent)

    text = " ".join(page.content.decode().split())
    assert page.status_code == 400 and said in text and 'id="id_answer_error"' in text
    assert ("Typed." in text) is ("Typed." in sent["answer"])
    assert AskedQuestion.objects.open().exists() and not Question.objects.exists()


def test_who_comes_second_keeps_the_text_and_is_led_to_the_answer(client_of, alice, paul, asked):
    asked.answer("Ask the lead.", by=paul)

    sent = {"answer": "Ask me."}
    page = client_of(alice).post(f"{ADDRESS}asked/{asked.pk}/answer/", sent)

    text = page.content.decode()
    assert page.status_code == 409 and "Somebody answered or closed it meanwhile." in text
    assert "Ask me.</textarea>" in text and "Read the answer" in text
    assert "Publish answer" not in text


def test_the_page_of_a_refusal_can_be_opened_anew(client_of, alice, asked):
    for address in (f"{ADDRESS}ask/", f"{ADDRESS}asked/{asked.pk}/answer/"):
        assert client_of(alice).get(address)["Location"] == ADDRESS


def test_the_end_of_a_line_is_one_character_as_in_a_browser(client_of, alice, asked):
    sent = {"answer": "a\r\n" * 2500}
    assert client_of(alice).post(f"{ADDRESS}asked/{asked.pk}/answer/", sent).status_code == 302
    assert Question.objects.get().answer == "a\n" * 2500


def test_the_second_answer_is_refused(alice, paul, asked):
    AskedQuestion.objects.get().answer("Mine.", by=alice)

    with pytest.raises(WrongState):
        asked.answer("Mine, too.", by=paul)
    assert Question.objects.count() == 1


def test_the_same_again_makes_no_second_one_and_a_day_has_a_bound(nina, asked):
    assert AskedQuestion.objects.ask("How do I get a  pager?", by=nina) == asked
    for number in range(MOST_A_DAY - 1):
        AskedQuestion.objects.ask(f"And {number}?", by=nina)

    with pytest.raises(Refused):
        AskedQuestion.objects.ask("One more?", by=nina)
    later = asked.asked_at + timedelta(days=2)
    assert AskedQuestion.objects.ask("One more?", by=nina, at=later)


def test_who_asked_sees_it_among_what_is_recorded_until_it_is_forgotten(client_of, nina, asked):
    client = client_of(nina)
    assert "How do I get a pager?" in client.get("/guides/me/").content.decode()

    forget_person(nina)

    asked.refresh_from_db()
    assert asked.user is None
    assert "How do I get a pager?" not in client.get("/guides/me/").content.decode()
