"""The teams of guides and questions survive the way through files into an empty portal."""

import pytest

from onboarding.models import Guide, Question, Screenshot, Step
from portal.accounts.models import Team
from portal.core.web.outcomes import CREATED, UNCHANGED

from .test_import_export import edit, export, states, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(first_day, alice):
    """A guide and a question of a team that owns nothing else."""
    team = Team.objects.create(slug="first-aid", name="First Aid")
    first_day.describe(owner=team, by=alice)
    Question(slug="where").write(topic="A", question="Where?", answer="There.", owner=team)
    return team


def without_guides() -> None:
    for model in (Question, Step, Screenshot, Guide):
        model.objects.all().delete()


def test_a_team_that_owns_guides_only_comes_back(owned, tmp_path):
    first = export(tmp_path / "a")
    without_guides()
    owned.delete()

    assert take(tmp_path / "a") == [(CREATED, ""), (CREATED, "")]

    team = Team.objects.get(slug="first-aid")
    assert team.name == "First Aid"
    assert Guide.objects.get().owner == Question.objects.get().owner == team
    assert export(tmp_path / "b") == first


def test_a_team_is_found_by_its_name_too_and_may_be_renamed(owned, tmp_path):
    export(tmp_path)
    Team.objects.filter(pk=owned.pk).update(name="Nurses")
    assert states(tmp_path) == [UNCHANGED, UNCHANGED]
    without_guides()
    Team.objects.filter(pk=owned.pk).update(slug="aid", name="First Aid")

    take(tmp_path)

    assert Guide.objects.get().owner == owned


def test_no_team_is_made_of_what_is_no_export_or_without_leave(owned, tmp_path):
    export(tmp_path)
    without_guides()
    owned.delete()

    assert take(tmp_path, makes_teams=False)[0] == (CREATED, "there is no team first-aid")
    without_guides()
    edit(tmp_path / "first-day", "owner_name: First Aid\n", "")
    assert take(tmp_path)[0] == (CREATED, "there is no team first-aid")
    assert not Guide.objects.get().owner
