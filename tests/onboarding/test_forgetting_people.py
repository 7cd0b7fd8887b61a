"""What guides keep about one person is forgotten when they ask: by command, in the admin."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.utils import timezone

from onboarding import jobs, notices
from onboarding.models import (
    AskedQuestion,
    Assignment,
    Progress,
    Question,
    QuestionFeedback,
    StuckReport,
)
from portal.notifications.models import Delivery

pytestmark = pytest.mark.django_db
LIST = "/admin/onboarding/progress/"


@pytest.fixture
def everything(begun, published, nina, rita, alice):
    """Of nina: progress, a report, a judgement, two assignments and their mails; of rita some."""
    for person in (nina, rita, alice):
        person.email = f"{person.username}@example.org"
        person.save()
    Progress.objects.start(published, by=rita)
    report = StuckReport.objects.report(begun, begun.version.keys[0], by=nina, text="No box.")
    report.settle(by=alice, answer="At the top.")
    question = Question.objects.create(slug="q", topic="x", question="Why?", answer="x")
    question.judge(by=nina, helped=False, reason="Too short.")
    for whom in ({"user": nina}, {"user": rita}, {"team": published.owner}):
        Assignment.objects.assign(published, by=alice, **whom)
    Delivery.objects.update(state="sent", sent_at=timezone.now())


def test_one_person_is_forgotten_and_nobody_else(everything, nina, rita, alice, capsys):
    call_command("anonymise_progress", "--user", "nina", "--dry-run")
    assert "Would forget whose they are: 1 progress, 1 stuck reports" in capsys.readouterr().out
    assert Progress.objects.of(nina).exists()

    call_command("anonymise_progress", "--user", "nina")

    assert (
        "1 progress, 1 stuck reports, 1 question feedback, 0 asked questions, 1 assignments, 3 mes"
        in (capsys.readouterr().out)
    )
    assert not Progress.objects.of(nina).exists() and Progress.objects.of(rita).exists()
    report = StuckReport.objects.get()
    assert (report.user, report.answered_by, report.answer) == (None, alice, "At the top.")
    feedback = QuestionFeedback.objects.get()
    assert (feedback.user, feedback.reason) == (None, "Too short.")
    assert not Delivery.objects.of(nina).exists() and Delivery.objects.of(rita).exists()
    assert not Delivery.objects.filter(text__contains=nina.display_name).exists()
    trail = LogEntry.objects.get_for_object(report)
    assert {(row.actor, row.object_repr) for row in trail} == {(None, "A stuck report")}


def test_a_keeper_is_forgotten_as_who_answered_and_asked(everything, alice):
    call_command("anonymise_progress", "--user", "alice")

    assert StuckReport.objects.get().answered_by is None
    assert set(Assignment.objects.values_list("by", flat=True)) == {None}


def test_a_keeper_is_forgotten_as_who_answered_and_closed_questions(everything, rita, alice):
    asked = [AskedQuestion.objects.ask(f"{what}?", by=rita) for what in ("Where", "When")]
    asked[0].answer("Here.", by=alice)
    asked[1].dismiss(by=alice)
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    trail = LogEntry.objects.get_for_model(AskedQuestion)
    trail.update(remote_addr="192.0.2.7")

    call_command("anonymise_progress", "--user", "alice")

    keys = list(Delivery.objects.of(rita).values_list("key", flat=True))
    assert f"onboarding-question-answered-{asked[0].pk}" not in keys
    assert f"onboarding-question-closed-{asked[1].pk}" in keys  # names nobody
    who = [(row.actor, row.remote_addr) for row in trail]
    assert sorted(who, key=str) == [(rita, "192.0.2.7")] * 2 + [(None, None)] * 2


def test_the_message_that_a_guide_was_archived_names_nobody(published, nina, alice):
    published.watch(by=nina)
    published.archive(by=alice)

    assert alice.display_name not in Delivery.objects.of(nina).latest("pk").text


def test_what_still_asks_a_person_tells_them_no_second_time(everything, published, nina, alice):
    published.owner.members.add(nina)
    row = Assignment.objects.get(team=published.owner)
    notices.assigned(row)
    Delivery.objects.update(state="sent", sent_at=timezone.now())

    call_command("anonymise_progress", "--user", "nina")
    jobs.remind(timezone.now().replace(hour=12) + timedelta(days=1))

    assert Delivery.objects.of(nina).count() == 1


def test_nobody_of_that_name_is_said():
    with pytest.raises(CommandError, match="Nobody has the user name"):
        call_command("anonymise_progress", "--user", "nobody")


def test_operators_forget_people_in_the_admin_and_are_asked_first(
    everything, nina, olga, client_of
):
    client = client_of(olga)
    sent = {"action": "forget", "_selected_action": [Progress.objects.of(nina).get().pk]}

    page = client.post(LIST, sent).content.decode()
    assert "1 progress, 1 stuck reports" in page and "cannot be undone" in page
    assert Progress.objects.of(nina).exists()
    assert client.post(LIST, sent | {"sure": "1"}).status_code == 302
    assert not Progress.objects.of(nina).exists()


def test_approvers_cannot(everything, nina, paul, client_of):
    sent = {"action": "forget", "_selected_action": [Progress.objects.of(nina).get().pk]}

    client_of(paul).post(LIST, sent | {"sure": "1"})
    assert Progress.objects.of(nina).exists()
