"""Figures say what really happened: a naive recount of random progress finds the same."""

from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.models import Assignment, Guide, Progress, Step, StepProgress, StuckReport
from onboarding.progress import audience, statistics
from portal.accounts.models import Team, User

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
PEOPLE, STEPS = 6, 3
bounded = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
step = st.none() | st.tuples(st.integers(0, 9), st.booleans())
begun = st.tuples(
    st.integers(0, 1),  # version
    st.integers(0, 100),  # days ago
    st.none() | st.integers(0, 20),  # days until completed
    st.lists(step, min_size=STEPS, max_size=STEPS),
)
person = st.none() | begun
way = st.sampled_from(["user", "team", "new"])
due = st.none() | st.integers(-3, 3)
days = st.none() | st.integers(0, 60)
assignment = st.tuples(way, st.integers(0, PEOPLE - 1), due, days)


@pytest.fixture
def guide(alice):
    guide = Guide.objects.start("First day", by=alice)
    for number in range(STEPS):
        Step.objects.add(guide, by=alice, title=f"Step {number}")
    guide.publish(by=alice)
    guide.publish(by=alice)
    return Guide.objects.get(pk=guide.pk)


@pytest.fixture
def colleagues(alice):
    return User.objects.bulk_create(
        User(username=f"u{n}", date_joined=NOW - timedelta(days=20 * n), is_active=n != 1)
        for n in range(PEOPLE)
    )


def make_progress(guide, user, began) -> None:
    number, ago, took, steps = began
    version = guide.versions.get(number=number + 1)
    at = NOW - timedelta(days=ago)
    ended = None if took is None else at + timedelta(days=took)
    progress = Progress.objects.create(
        guide=guide,
        version=version,
        user=user,
        started_at=at,
        seen_at=at,
        **dict.fromkeys(("completed_at", "through_at", "finished_at"), ended),
    )
    for key, met in zip(version.keys, steps, strict=True):
        if met is not None:
            done = at if met[1] else None
            StepProgress.objects.create(
                progress=progress, key=key, first_viewed_at=at, seconds=met[0], done_at=done
            )


def assign(guide, alice, colleagues, team, row) -> None:
    way, place, due, days = row
    whom = {
        "user": {"user": colleagues[place]},
        "team": {"team": team},
        "new": {"everybody_new": True},
    }[way]
    due_on = None if due is None else NOW.date() + timedelta(days=due)
    Assignment.objects.assign(
        guide,
        by=alice,
        at=NOW - timedelta(days=50),
        due_on=due_on,
        due_days=None if due_on else days,
        **whom,
    )


def recounted(guide) -> dict:
    """version number (None before they begin) -> people, begun, done, late: one by one."""
    found: dict = {}
    for user in User.objects.filter(is_active=True):
        mine = [row for row in guide.assignments.standing() if user in row.people()]
        if not mine:
            continue
        progress = Progress.objects.filter(guide=guide, user=user).first()
        done = bool(progress and progress.completed_at)
        past = any(row.due_for(user) and row.due_for(user) < NOW.date() for row in mine)
        row = found.setdefault(progress.version_id if progress else None, [0, 0, 0, 0])
        for place, counts in enumerate((True, bool(progress), done, past and not done)):
            row[place] += counts
    return found


@pytest.mark.django_db
@bounded
@given(st.lists(person, min_size=PEOPLE, max_size=PEOPLE), st.lists(assignment, max_size=5))
def test_a_recount_finds_the_same(guide, colleagues, alice, begun, rows):
    with transaction.atomic():
        team = Team.objects.create(slug="team", name="Team")
        team.members.set(colleagues[::2])
        for user, began in zip(colleagues, begun, strict=True):
            if began:
                make_progress(guide, user, began)
        for row in rows:
            assign(guide, alice, colleagues, team, row)
        compare(guide)
        transaction.set_rollback(True)


def compare(guide) -> None:
    counted = audience.by_version(at=NOW, guide=guide)
    assert {version: row for (_, version), row in counted.items()} == {
        version: audience.Asked(*row) for version, row in recounted(guide).items()
    }
    for row in guide.assignments.standing():
        of_it = audience.by_assignment([row], at=NOW).get(row.pk, audience.Asked())
        assert of_it.people == row.people().count()
        shown = {person.user for person in audience.people_asked(row, at=NOW, limit=99)}
        assert shown == set(row.people().values_list("pk", flat=True))
    versions = statistics.of_versions(guide, at=NOW)
    for version, counts in versions:
        compare_version(version, counts)
    assert statistics.overview([guide], at=NOW) == [(guide, statistics.total(versions))]
    for week in statistics.trend(guide.progress.all(), at=NOW):
        compare_week(guide, week)


def compare_version(version, counts) -> None:
    mine = list(version.progress.all())
    assert counts.started == len(mine)
    assert counts.completed == sum(each.is_complete for each in mine)
    before = len(mine)
    for step in statistics.steps_of(type(version).objects.get(pk=version.pk)):
        met = [row for each in mine for row in each.steps.all() if str(row.key) == step.key]
        times = [row.seconds for row in met if row.seconds]
        assert step.reached == len(met)
        assert step.done == sum(row.done_at is not None for row in met)
        assert step.left == max(before - len(met), 0)
        assert step.seconds == (median(times) if times else None)
        before = len(met)


def compare_week(guide, week) -> None:
    rows = [each for each in guide.progress.all() if each.started_at.date() <= week.last_day]
    assert week.started == len(rows)
    done = [each for each in rows if each.completed_at]
    assert week.completed == sum(each.completed_at.date() <= week.last_day for each in done)


def test_the_last_week_is_the_present_one(db):
    weeks = statistics.trend(Progress.objects.all(), at=NOW, weeks=2)

    assert [week.last_day for week in weeks] == [date(2026, 3, 15), date(2026, 3, 22)]
    assert [week.rate for week in weeks] == [None, None]


def test_who_is_forgotten_still_counts(guide, nina):
    progress = Progress.objects.start(guide, by=nina, at=NOW)
    progress.done(progress.version.keys[0], at=NOW)
    before = statistics.of_versions(guide, at=NOW)[0][1]

    Progress.objects.anonymise(before=NOW + timedelta(days=1))

    assert statistics.of_versions(guide, at=NOW)[0][1] == before


def test_stuck_reports_stand_at_their_step_with_their_state(guide, nina, alice):
    progress = Progress.objects.start(guide, by=nina)
    key = progress.version.keys[1]
    StuckReport.objects.report(progress, key, by=nina, text="Where?").settle(by=alice, close=True)
    StuckReport.objects.report(progress, key, by=nina, text="Where now?")

    _, second, _ = statistics.steps_of(progress.version)
    assert second.stuck == {"closed": 1, "open": 1}
    assert (second.open, statistics.of_versions(guide, at=NOW)[0][1].reports) == (1, 2)


def test_people_come_with_the_late_ones_first(guide, alice, nina, rita, paul):
    day = NOW.date() - timedelta(days=1)
    Assignment.objects.assign(guide, by=alice, user=rita)
    Assignment.objects.assign(guide, by=alice, user=nina, due_on=day, at=NOW - timedelta(days=9))
    Progress.objects.start(guide, by=paul)

    found = audience.people_of(guide, at=NOW, limit=9)
    assert [(row.user, row.is_asked, row.is_late) for row in found] == [
        (nina.pk, True, True),
        (rita.pk, True, False),
        (paul.pk, False, False),
    ]
    assert audience.people_of(guide, at=NOW, limit=1, offset=1) == found[1:2]


@pytest.mark.parametrize("count", [5, 60])
def test_it_asks_as_often_for_many(guide, alice, django_assert_num_queries, count):
    people = User.objects.bulk_create(User(username=f"p{n}") for n in range(count))
    for user in people:
        make_progress(guide, user, (1, 3, 1, [(5, True)] * STEPS))
    Assignment.objects.assign(guide, by=alice, everybody_new=True, due_days=5)
    version = guide.published

    with django_assert_num_queries(6):
        statistics.of_versions(guide, at=NOW)
    with django_assert_num_queries(5):
        statistics.steps_of(version)
    with django_assert_num_queries(4):
        statistics.overview([guide], at=NOW)
    with django_assert_num_queries(1):
        statistics.trend(Progress.objects.all(), at=NOW)
    with django_assert_num_queries(2):
        statistics.teams_in(guide)


def test_what_is_usual_is_not_said_before_three_people_were_there():
    def of(reached: int) -> statistics.StepFigures:
        return statistics.StepFigures("k", 1, "Step", reached, 0, 0, 3, 40.0, {})

    assert [of(reached).median for reached in (2, 3)] == [None, timedelta(seconds=40)]
