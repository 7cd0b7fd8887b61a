"""Writing a guide: steps, order, publishing; two authors at once."""

import pytest
from django.core.exceptions import ValidationError

from onboarding.models import Guide, Step
from onboarding.problems import StaleGuide, WrongState
from portal.core.problems import Refused

from .conftest import CALLOUT


def test_publishing_freezes_words_steps_pictures_and_callouts(first_day, alice):
    version = first_day.publish(by=alice, note="First")

    look, search = version.steps
    assert (version.number, version.note) == (1, "First")
    assert (look["title"], look["control"], look["result"]) == ("Look around", "Go", "A list.")
    assert "<strong>Go</strong>" in look["html"]
    assert look["shot"]["alt"] == "The first page"
    assert look["shot"]["callouts"] == [CALLOUT]
    assert search["shot"] is None


def test_a_version_never_changes_when_the_guide_does(published, alice):
    step = published.steps.first()
    before = published.published.content

    step.edit(by=alice, title="Look elsewhere")
    published.steps.last().remove(by=alice)
    published.publish(by=alice)

    assert published.versions.get(number=1).content == before
    assert [step["title"] for step in published.published.steps] == ["Look elsewhere"]
    assert published.published.number == 2


def test_it_has_changes_until_they_are_published(published, alice):
    assert not published.has_changes

    published.describe(by=alice, title="First morning")
    assert published.has_changes

    published.publish(by=alice)
    assert not Guide.objects.get(pk=published.pk).has_changes


def test_nothing_is_published_without_steps_or_without_a_description_of_a_picture(
    first_day, alice, picture_of
):
    empty = Guide.objects.start("Empty", by=alice)
    with pytest.raises(WrongState, match="no step"):
        empty.publish(by=alice)

    first_day.steps.last().show(picture_of(first_day, alice, alt=""), by=alice)
    with pytest.raises(Refused, match="Step 2: describe"):
        first_day.publish(by=alice)
    assert first_day.versions.count() == 0


def test_two_authors_who_reorder_at_once(first_day, alice):
    look, search = first_day.steps.all()
    revision = first_day.revision

    first_day.reorder([search.key, look.key], by=alice, based_on=revision)

    other = Guide.objects.get(pk=first_day.pk)
    with pytest.raises(StaleGuide) as stale:
        other.reorder([look.key, search.key], by=alice, based_on=revision)
    assert (stale.value.base, stale.value.yours) == (None, [look.key, search.key])
    assert (stale.value.theirs, stale.value.theirs.revision) == (other, revision + 1)
    assert [step.title for step in other.steps.all()] == ["Search", "Look around"]


@pytest.mark.parametrize("change", [lambda keys: keys[:1], lambda keys: keys + keys[:1]])
def test_an_order_names_each_step_once(first_day, alice, change):
    keys = [step.key for step in first_day.steps.all()]
    with pytest.raises(Refused):
        first_day.reorder(change(keys), by=alice, based_on=first_day.revision)


def test_a_step_that_was_removed_under_somebodys_feet(first_day, alice):
    mine = first_day.steps.first()
    Step.objects.get(pk=mine.pk).remove(by=alice)

    with pytest.raises(WrongState, match="removed meanwhile"):
        mine.edit(by=alice, title="Mine")


def test_steps_keep_their_places_without_gaps(first_day, alice):
    Step.objects.add(first_day, by=alice, title="Third")
    first_day.steps.first().remove(by=alice)

    assert [(s.position, s.title) for s in first_day.steps.all()] == [(1, "Search"), (2, "Third")]


def test_an_archived_guide_is_not_published(first_day, alice):
    first_day.archive(by=alice)
    with pytest.raises(WrongState, match="archived"):
        first_day.publish(by=alice)


@pytest.mark.parametrize(
    ("callout", "said"),
    [
        ({**CALLOUT, "kind": "star"}, "kind is one of"),
        ({**CALLOUT, "box": {"x": 90, "y": 0, "w": 30, "h": 1}}, "outside"),
        ({**CALLOUT, "box": {"x": "1", "y": 0, "w": 3, "h": 1}}, "from 0 to 100"),
        ({**CALLOUT, "onclick": "x"}, "nothing else"),
        ("x", "nothing else"),
    ],
)
def test_a_callout_says_what_is_wrong_with_it(first_day, alice, callout, said):
    with pytest.raises(ValidationError, match=said):
        first_day.steps.first().edit(by=alice, callouts=[callout])


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"address": "//evil.example"}, "path"),
        ({"address": "javascript:alert(1)"}, "path"),
        ({"address": "/", "role": "root"}, "role"),
        ({"address": "/", "width": 10}, "pixels"),
        ({"address": "/", "theme": "pink"}, "theme"),
        ({"address": "/", "clicks": [{"do": "eval", "selector": "x"}]}, "click has"),
    ],
)
def test_a_page_says_what_is_wrong_with_it(first_day, alice, page, said):
    with pytest.raises(ValidationError, match=said):
        first_day.steps.first().edit(by=alice, page=page)


def test_archiving_by_mistake_leaves_nothing_to_publish(published, alice):
    seen = published.etag
    published.archive(by=alice)
    published.unarchive(by=alice)

    guide = Guide.objects.get()
    assert not guide.has_changes and not Guide.objects.changed().exists()
    assert guide.etag != seen  # what the API says of it did change
    assert guide.stood_at(guide.revision) == guide.published


def test_archiving_hides_no_change(published, alice):
    published.describe(by=alice, purpose="You find more.")
    published.archive(by=alice)
    published.unarchive(by=alice)

    assert Guide.objects.changed().exists()
