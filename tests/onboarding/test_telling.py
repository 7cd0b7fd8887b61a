"""What people are told by mail: once each, to whom it concerns, and no word more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.apps import apps

from onboarding import jobs
from onboarding.models import Assignment, Progress, Question, QuestionFeedback, StuckReport
from portal.accounts.models import Team, User
from portal.core.ops import engine
from portal.notifications.models import Delivery
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
DUE = date(2030, 1, 10)
MORNING = datetime(2030, 1, 1, 9, tzinfo=UTC)


def mail_of(person) -> list[str]:
    return list(Delivery.objects.of(person).order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def everyone(nina, rita, alice, paul):
    for person in (nina, rita, alice, paul):
        person.email = f"{person.username}@example.org"
        person.save()


@pytest.fixture
def report(everyone, published, begun, nina):
    Team.objects.update(email="welcome@example.org")
    begun.refresh_from_db()
    return StuckReport.objects.report(begun, begun.version.keys[1], by=nina, text="No box.")


def test_owners_who_may_answer_and_their_team_are_told(report, alice, paul, nina):
    Team.objects.get().members.add(nina)
    again = StuckReport.objects.report(
        Progress.objects.get(), report.version.keys[0], by=nina, text="Other."
    )

    assert mail_of(alice) == [f"Stuck: First day, {each.step_title}" for each in (report, again)]
    assert mail_of(paul) == mail_of(nina) == []
    letter = Delivery.objects.get(to="welcome@example.org", key=f"onboarding-stuck-{report.pk}")
    assert "No box." in letter.text
    assert f"/guides/stuck/{report.pk}/" in letter.text


def test_the_same_twice_tells_nobody_twice(report, begun, nina, alice):
    StuckReport.objects.report(begun, begun.version.keys[1], by=nina, text="No box.")

    assert len(mail_of(alice)) == 1


def test_without_an_owner_who_published_it_is_told(everyone, published, begun, nina, alice):
    published.owner.delete()
    begun = Progress.objects.get()
    StuckReport.objects.report(begun, begun.version.keys[1], by=nina, text="No box.")

    assert mail_of(alice) == ["Stuck: First day, Search"]


def test_a_broken_address_of_the_team_holds_nobody_up(everyone, published, begun, nina, alice):
    Team.objects.update(email="no address")
    begun = Progress.objects.get()
    StuckReport.objects.report(begun, begun.version.keys[1], by=nina, text="No box.")

    assert mail_of(alice) == ["Stuck: First day, Search"]


def test_the_reporter_gets_the_answer(report, nina, alice):
    report.settle(by=alice, answer="At the top.")

    assert mail_of(nina) == ["Answered: First day, Search"]
    text = Delivery.objects.of(nina).get().text
    assert "At the top." in text
    assert f"/guides/first-day/steps/{report.key}/#stuck" in text


def test_who_is_asked_is_told_at_once_and_once(everyone, published, alice, nina, rita, begun):
    for key in begun.version.keys:
        begun.done(key)
    team = Team.objects.create(slug="night", name="Night")
    team.members.add(nina, rita)
    Assignment.objects.assign(published, by=alice, team=team)
    Assignment.objects.assign(published, by=alice, team=team)

    assert mail_of(rita) == ["A guide for you: First day"]
    assert mail_of(nina) == []  # is through it


def test_the_day_stands_in_the_mail_and_a_changed_one_is_told(asked, published, alice, nina):
    again = {"by": alice, "user": nina}
    assert "about 5 minutes, by 10 Jan 2030." in Delivery.objects.of(nina).get().text

    days = (DUE, DUE + timedelta(days=1), DUE, DUE + timedelta(days=1), None)
    for hours, due_on in enumerate(days, 1):
        at = MORNING + timedelta(hours=hours)
        Assignment.objects.assign(published, due_on=due_on, at=at, **again)

    assert mail_of(nina) == [
        "A guide for you: First day",
        "Due on 11 Jan 2030 now: First day",
        "Due on 10 Jan 2030 now: First day",
        "Due on 11 Jan 2030 now: First day",
        "No due date now: First day",
    ]


@pytest.fixture
def asked(everyone, published, alice, nina):
    return Assignment.objects.assign(published, by=alice, user=nina, due_on=DUE, at=MORNING)


def days_before(days: int) -> datetime:
    return datetime(2030, 1, 10, 9, tzinfo=UTC) - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (4, None),
        (3, "Due on 10 Jan 2030: First day"),
        (1, "Due on 10 Jan 2030: First day"),
        (0, "Due today: First day"),
        (-1, "Late: First day"),
        (-30, "Late: First day"),
    ],
)
def test_a_reminder_comes_before_on_and_after_the_day(asked, nina, days, subject):
    for _ in range(2):
        jobs.remind(days_before(days))

    assert mail_of(nina)[1:] == ([subject] if subject else [])


def test_day_by_day_each_of_them_comes_once(asked, nina):
    for days in range(8, -8, -1):
        jobs.remind(days_before(days))

    assert [subject.split(" ")[0] for subject in mail_of(nina)[1:]] == ["Due", "Due", "Late:"]


def test_nobody_is_reminded_who_finished_or_at_night_or_of_an_archived_guide(
    asked, published, begun, alice, nina
):
    jobs.remind(days_before(0).replace(hour=3))
    assert len(mail_of(nina)) == 1
    published.archive(by=alice)
    jobs.remind(days_before(0))
    assert len(mail_of(nina)) == 1
    published.unarchive(by=alice)
    for key in begun.version.keys:
        begun.done(key)
    jobs.remind(days_before(0))
    assert len(mail_of(nina)) == 1


def test_who_was_asked_yesterday_is_not_reminded_of_the_day_after_tomorrow(
    everyone, published, alice, nina
):
    at = days_before(3)
    Assignment.objects.assign(published, by=alice, user=nina, due_on=DUE, at=at)
    jobs.remind(days_before(2))

    assert mail_of(nina) == ["A guide for you: First day"]


def test_of_two_days_the_first_counts(asked, published, alice, nina):
    team = Team.objects.create(slug="night", name="Night")
    team.members.add(nina)
    later = DUE + timedelta(days=1)
    Assignment.objects.assign(published, by=alice, team=team, due_on=later, at=MORNING)
    jobs.remind(days_before(-1))

    assert mail_of(nina)[-1] == "Late: First day"
    assert "Due today: First day" not in mail_of(nina)


def test_the_engine_tells_who_joins_later(everyone, published, alice):
    Assignment.objects.assign(published, by=alice, everybody_new=True, due_days=14)
    newcomer = make_person("newcomer", "reader")
    newcomer.email = "newcomer@example.org"
    newcomer.save()
    at = newcomer.date_joined.replace(hour=12)
    assert jobs.remind(at) == 1
    assert jobs.remind(at) == 0

    assert mail_of(newcomer) == ["A guide for you: First day"]


def test_a_duty_rests_for_an_hour_and_is_tried_again_when_it_fails():
    calls = []

    def act(now):
        calls.append(now)
        if len(calls) == 1:
            raise RuntimeError

    duty = engine.Hourly(act)
    with pytest.raises(RuntimeError):
        duty(MORNING)
    assert duty(MORNING) and not duty(MORNING + timedelta(minutes=59))
    assert duty(MORNING + timedelta(hours=1)) and len(calls) == 3
    assert duty(MORNING) and len(calls) == 4  # the clock was put back


def test_the_engine_knows_the_jobs():
    assert {"reminders of guides", "forgetting progress"} <= set(engine._jobs)


@pytest.fixture
def forgotten(report, alice, nina, settings):
    """A report, progress and judgement that are 400 days old."""
    settings.ANONYMISE_PROGRESS_DAYS = 365
    report.settle(by=alice, answer="At the top.")
    question = Question.objects.create(slug="q", topic="x", question="?", answer="x")
    question.judge(by=nina, helped=True)
    return datetime.now(tz=UTC) + timedelta(days=400)


def test_after_a_time_nobody_knows_who_it_was(forgotten, report, nina):
    jobs.anonymise(forgotten)

    report.refresh_from_db()
    assert (report.user, report.answered_by, report.state) == (None, None, "answered")
    assert Progress.objects.get().user is None
    assert QuestionFeedback.objects.get().user is None


def test_no_mail_and_no_trail_tells_who_it_was(forgotten, report, nina, client_of):
    Delivery.objects.post(key="other", to=[nina], subject="Other", text="x")
    Delivery.objects.update(state="sent", sent_at=forgotten)
    waiting = Delivery.objects.post(key="onboarding-x", to=[nina], subject="x", text="x")
    Delivery.objects.update(created_at=report.created_at)
    trail = LogEntry.objects.get_for_object(report)
    trail.update(timestamp=report.created_at, remote_addr="192.0.2.7")
    assert trail.exclude(actor=None).exists()

    jobs.anonymise(forgotten)

    assert {row.key for row in Delivery.objects.all()} == {"other", waiting.get().key}
    told = {"actor", "actor_email", "remote_addr", "remote_port", "cid"}
    assert {value for row in trail.values(*told) for value in row.values()} == {None}
    assert nina.display_name not in str(list(trail.values()))


def test_who_is_forgotten_is_not_asked_again(forgotten, published, alice, nina, begun):
    at = datetime(2020, 1, 1, tzinfo=UTC)
    Assignment.objects.assign(published, by=alice, user=nina, due_on=at.date(), at=at)
    jobs.anonymise(forgotten)
    before = Delivery.objects.count()

    assert jobs.remind(forgotten.replace(hour=12)) == 0
    assert list(Assignment.objects.of(nina, at=forgotten)) == []
    assert Delivery.objects.count() == before


def test_an_assignment_by_name_is_forgotten_and_one_that_still_asks_stays(
    forgotten, published, alice, nina, client_of
):
    team = Team.objects.get()
    for whom in ({"user": nina}, {"team": team}, {"everybody_new": True}):
        row = Assignment.objects.assign(published, by=alice, **whom)
        LogEntry.objects.get_for_object(row).update(remote_addr="192.0.2.7")
    gone = Assignment.objects.exclude(everybody_new=True).values_list("pk", flat=True)
    gone = {str(pk) for pk in gone}

    jobs.anonymise(forgotten)

    assert Assignment.objects.get().everybody_new
    trail = LogEntry.objects.get_for_model(Assignment).filter(object_pk__in=gone)
    assert {(row.object_repr, row.actor, row.remote_addr) for row in trail} == {
        ("An assignment", None, None)
    }
    row.withdraw(by=alice, at=forgotten)
    jobs.anonymise(forgotten + timedelta(days=364))
    assert Assignment.objects.exists()
    jobs.anonymise(forgotten + timedelta(days=366))
    assert not Assignment.objects.exists()


def test_a_confirmation_is_nobodys_with_its_progress(forgotten, published, nina):
    Progress.objects.update(acknowledged_at=forgotten, completed_at=forgotten)

    jobs.anonymise(forgotten)

    row = Progress.objects.get()
    assert (row.user, row.acknowledged_at) == (None, forgotten)


def test_no_foreign_key_to_a_person_was_overlooked():
    """Each is anonymised, or is the name of an author, which history keeps."""
    forgotten = {
        "Assignment.user",
        "Assignment.by",
        "Progress.user",
        "QuestionFeedback.user",
        "AskedQuestion.user",
    }
    forgotten |= {"PutAside.user", "Guide.watchers"}
    forgotten |= {"StuckReport.user", "StuckReport.answered_by"}
    authors = {"GuideVersion.by", "Screenshot.uploaded_by", "Video.uploaded_by"}
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("onboarding").get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is User
    }

    assert found == forgotten | authors


def test_the_command_tells_what_it_would_forget_and_forgets(forgotten, capsys, settings):
    from django.core.management import call_command

    Progress.objects.update(seen_at=datetime(2020, 1, 1, tzinfo=UTC))
    call_command("anonymise_progress", "--dry-run")
    assert Progress.objects.get().user is not None
    call_command("anonymise_progress")
    assert Progress.objects.get().user is None
    settings.ANONYMISE_PROGRESS_DAYS = 0
    call_command("anonymise_progress")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Would forget whose they are: 1 progress, 0 stuck reports, 0 question feedback, "
        "0 asked questions, 0 assignments, 0 messages."
    )
    assert said[1].startswith("Forgot whose they are: 1 progress")
    assert "nothing is erased" in said[2]


def test_the_team_and_who_watches_hear_of_a_new_version(everyone, published, alice, paul, nina):
    Team.objects.update(email="")
    published.watch(by=nina)
    published.watch(by=nina)
    Delivery.objects.all().delete()
    published.publish(by=paul, note="Shorter")
    published.archive(by=paul)
    published.unarchive(by=paul)

    heard = [f"{what}: First day" for what in ("Published", "Archived", "Unarchived")]
    assert mail_of(alice) == mail_of(nina) == heard
    assert mail_of(paul) == []
    assert "“Shorter”" in Delivery.objects.of(nina).earliest("pk").text


def test_the_team_hears_once_of_each_reader_that_an_answer_did_not_help(everyone, published, alice):
    question = Question(owner=published.owner)
    question.write(by=alice, topic="Start", question="Where is it?", answer="Here.")
    rita, nina = (User.objects.get(username=name) for name in ("rita", "nina"))
    Delivery.objects.all().delete()
    for person, helped in ((rita, True), (nina, False), (nina, False), (rita, False)):
        question.judge(by=person, helped=helped, reason="No box.")

    assert mail_of(alice) == ["Did not help: Where is it?"] * 2
    assert "Nina" not in "".join(Delivery.objects.values_list("text", flat=True))


def test_the_team_hears_what_was_missed_though_it_is_said_after_the_no(everyone, published, alice):
    question = Question(owner=published.owner)
    question.write(by=alice, topic="Start", question="Where is it?", answer="Here.")
    nina = User.objects.get(username="nina")
    for reason in ("", "No box.", "No box at all."):
        question.judge(by=nina, helped=False, reason=reason)

    told = list(Delivery.objects.of(alice).order_by("pk").values_list("text", flat=True))
    assert ["“No box.”" in text for text in told] == [False, True]


def test_of_a_guide_that_was_never_published_readers_hear_nothing(first_day, nina, alice, paul):
    for person in (nina, paul):
        first_day.watch(by=person)
    first_day.archive(by=alice)

    assert {each.recipient for each in Delivery.objects.all()} == {paul}
