"""What runs teach of each step, also where two steps have one title."""

from datetime import timedelta

import pytest
from django.utils import timezone

from runbooks.models import Run
from runbooks.runs.page import RunPage
from runbooks.runs.statistics import figures_of, identities, usual_times

pytestmark = pytest.mark.django_db
TEXT = """\
---
parameters:
  - {name: host}
---
- [ ] Check {{ host }}
- [ ] Deploy
- [ ] Check {{ host }}
- [ ] Render {{ chart }}
"""


@pytest.fixture
def twice(publish_new):
    """A runbook of which two steps have the same title."""
    return publish_new("Twice", TEXT, "deployment")


@pytest.fixture
def follow(twice, rita):
    """The first check took a minute, the second four, after it had failed."""

    def follow() -> Run:
        at = timezone.now() - timedelta(hours=1)
        run = Run.objects.start(twice, by=rita, parameters={"host": "db1"}, at=at)
        run.complete_step(1, by=rita, at=at + timedelta(minutes=1))
        run.skip_step(2, by=rita, reason="x", at=at + timedelta(minutes=1))
        run.fail_step(3, by=rita, reason="x", at=at + timedelta(minutes=2))
        run.retry_step(3, by=rita, at=at + timedelta(minutes=2))
        run.complete_step(3, by=rita, at=at + timedelta(minutes=6))
        return run

    return follow


@pytest.fixture
def followed(follow, rita):
    """So did three runs, to their end."""
    for _ in range(3):
        follow().finish(by=rita, outcome="failed")


def test_each_of_two_steps_with_one_title_has_its_own_figures(twice, followed):
    first, _, third, _ = figures_of(twice).steps

    assert (first.title, first.done, first.failed) == (third.title, 3, 0)
    assert (third.done, third.failed) == (3, 3)
    assert first.median == timedelta(minutes=1)
    assert third.median == timedelta(minutes=4)
    assert figures_of(twice).worst.number == 3


def test_each_says_its_own_usual_time(twice, followed, rita, client_of):
    assert sorted(usual_times(twice).values()) == [timedelta(minutes=1), timedelta(minutes=4)]
    again = Run.objects.start(twice, by=rita, parameters={"host": "db2"})

    for number, minutes in ((1, 1), (3, 4)):
        page = client_of(rita).get(f"{again.get_absolute_url()}?step={number}").content.decode()
        assert f"usually {minutes} min" in page


def test_what_is_usual_is_not_said_before_three_runs_have_ended(
    twice, follow, rita, client_of, bearer
):
    runs = [follow() for _ in range(3)]
    for run in runs[:2]:
        run.finish(by=rita, outcome="failed")

    client = client_of(rita)
    assert usual_times(twice) == {}
    assert figures_of(twice).median is None
    assert [step.median for step in figures_of(twice).steps] == [None] * 4
    assert "usually" not in client.get(runs[2].get_absolute_url()).content.decode()
    assert "usually" not in client.get("/runbooks/twice/figures/").content.decode()
    told = bearer(rita).get("/api/v1/runbooks/twice/figures/").json()
    assert (told["median"], told["steps"][0]["median"]) == (None, None)

    runs[2].finish(by=rita, outcome="failed")
    assert len(usual_times(twice)) == 2
    assert figures_of(twice).median is not None


def test_the_whole_is_not_usual_where_one_step_is_not_known(twice, followed, rita):
    run = Run.objects.start(twice, by=rita, parameters={"host": "db1"})

    page = RunPage(run, user=rita, now=timezone.now())

    assert page.lines[0].usual == timedelta(minutes=1)
    assert page.usual_total is None


def test_figures_outlive_a_version_that_moves_the_steps(twice, followed, alice):
    twice.adopt(TEXT.replace("- [ ] Deploy\n", "- [ ] Warn\n- [ ] Deploy\n"), by=alice)

    figures = {step.number: step.failed for step in figures_of(twice).steps}

    assert figures == {1: 0, 2: 0, 3: 0, 4: 3, 5: 0}


def test_titles_show_their_parameters_as_they_are_written(twice, followed, rita, client_of):
    page = client_of(rita).get("/runbooks/twice/figures/").content.decode()

    assert '1. Check <span class="param">{{ host }}</span>' in page
    assert "{{ chart }}" in page  # not a parameter: words of the text itself


def test_identities_count_only_equal_titles():
    assert identities(["a", "b", "a", "a"]) == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]
