"""Writing a guide in the admin: its facts, the order of its steps, publishing; two authors."""

import re

import pytest
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminEntry

from onboarding.models import Guide, Step

from .writing import fields_of, guide_page

FORM = "guide_form"
ADD = "/admin/onboarding/guide/add/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


def titles(guide) -> list[str]:
    return [step.title for step in guide.steps.all()]


def keys(guide) -> list[str]:
    return [str(step.key) for step in guide.steps.all()]


# Facts


def test_a_guide_is_made_without_an_address(browser):
    sent = {"title": "Being on call", "minutes": 5, "position": 0, "roles": ["responder"]}
    answer = browser.post(ADD, sent)

    guide = Guide.objects.get()
    assert answer.url == guide_page(guide)
    assert (guide.slug, guide.roles, guide.minutes) == ("being-on-call", ["responder"], 5)


def test_all_facts_are_written(browser, first_day, alice):
    before = Guide.objects.start("Before", by=alice)
    sent = fields_of(browser.get(guide_page(first_day)), FORM)
    sent |= {"title": "First week", "roles": ["reader", "author"], "prerequisites": [before.pk]}
    sent |= {"minutes": 9, "asks_acknowledgement": "on", "is_tour": "on", "owner": ""}
    assert browser.post(guide_page(first_day), sent).status_code == 302

    guide = Guide.objects.get(pk=first_day.pk)
    assert (guide.title, guide.roles, guide.minutes) == ("First week", ["reader", "author"], 9)
    assert (guide.asks_acknowledgement, guide.is_tour, guide.owner) == (True, True, None)
    assert list(guide.prerequisites.all()) == [before]
    assert "describe" in verbs(guide)


def verbs(guide) -> list[str]:
    return [row.additional_data["verb"] for row in LogEntry.objects.get_for_object(guide)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"slug": "new"}, "portal itself uses this address"),
        ({"slug": "a b"}, "valid “slug”"),
        ({"roles": ["root"]}, "Select a valid choice"),
        ({"minutes": 0}, "greater than or equal to 1"),
        ({"is_tour": "on"}, "“Tour” is the welcome tour"),
    ],
)
def test_what_is_wrong_is_said(browser, first_day, alice, typed, said):
    Guide.objects.start("Tour", by=alice, is_tour=True)
    sent = fields_of(browser.get(guide_page(first_day)), FORM) | typed

    assert said in browser.post(guide_page(first_day), sent).content.decode()
    assert Guide.objects.get(pk=first_day.pk).title == "First day"


def test_two_authors_of_the_same_fact_see_both(browser, first_day, paul):
    sent = fields_of(browser.get(guide_page(first_day)), FORM) | {"title": "Mine", "minutes": 7}
    Guide.objects.get(pk=first_day.pk).describe(by=paul, title="Theirs", audience="All")
    page = browser.post(guide_page(first_day), sent)

    assert page.status_code == 409
    assert "Meanwhile it became “Theirs”" in page.content.decode()
    again = fields_of(page, FORM)
    assert (again["title"], again["minutes"], again["audience"]) == (["Mine"], ["7"], ["All"])
    assert browser.post(guide_page(first_day), again).status_code == 302
    guide = Guide.objects.get(pk=first_day.pk)
    assert (guide.title, guide.minutes, guide.audience) == ("Mine", 7, "All")


def test_two_authors_of_different_things_are_not_in_each_others_way(browser, first_day, paul):
    sent = fields_of(browser.get(guide_page(first_day)), FORM) | {"title": "Mine"}
    Guide.objects.get(pk=first_day.pk).describe(by=paul, audience="All")
    first_day.steps.last().edit(by=paul, text="Another")

    assert browser.post(guide_page(first_day), sent).status_code == 302
    guide = Guide.objects.get(pk=first_day.pk)
    assert (guide.title, guide.audience) == ("Mine", "All")


# Order


def test_a_step_moves_up_and_down_without_a_script(browser, first_day):
    look, search = first_day.steps.all()
    sent = {"step": search.key, "up": 1, "based_on": first_day.revision}
    assert browser.post(guide_page(first_day, "move"), sent).url == guide_page(first_day)
    assert titles(first_day) == ["Search", "Look around"]

    now = Guide.objects.get(pk=first_day.pk)
    sent = {"step": look.key, "down": 1, "based_on": now.revision}  # it is the last already
    browser.post(guide_page(first_day, "move"), sent)
    assert titles(first_day) == ["Search", "Look around"]


def test_an_order_is_put_by_a_script(browser, first_day):
    sent = {"key": keys(first_day)[::-1], "based_on": first_day.revision}
    answer = browser.post(guide_page(first_day, "reorder"), sent, headers=JSON)

    assert answer.json() == {"revision": Guide.objects.get(pk=first_day.pk).revision}
    assert titles(first_day) == ["Search", "Look around"]
    assert "reorder" in verbs(first_day)


def test_two_authors_who_reorder_at_once(browser, first_day, paul):
    Step.objects.add(first_day, by=paul, title="Third")
    wanted = keys(first_day)[::-1]
    based_on = Guide.objects.get(pk=first_day.pk).revision
    Guide.objects.get(pk=first_day.pk).steps.get(title="Search").remove(by=paul)
    fourth = Step.objects.add(Guide.objects.get(pk=first_day.pk), by=paul, title="Fourth")
    sent = {"key": wanted, "based_on": based_on}
    told = browser.post(guide_page(first_day, "reorder"), sent, headers=JSON)
    page = browser.post(guide_page(first_day, "reorder"), sent)

    assert (told.status_code, page.status_code) == (409, 409)
    assert told.json()["order"] == keys(first_day)
    assert told.json()["wanted"] == [wanted[0], wanted[2], str(fourth.key)]
    assert "Use my order" in told.json()["html"]
    assert titles(first_day) == ["Look around", "Third", "Fourth"]
    again = {"key": told.json()["wanted"], "based_on": told.json()["revision"]}
    browser.post(guide_page(first_day, "reorder"), again)
    assert titles(first_day) == ["Third", "Look around", "Fourth"]


@pytest.mark.parametrize("wrong", [["x"], [], ["x", "y"]])
def test_an_order_of_other_steps_is_refused(browser, first_day, wrong):
    sent = {"key": wrong, "based_on": first_day.revision}

    assert browser.post(guide_page(first_day, "reorder"), sent).status_code == 400
    assert browser.post(guide_page(first_day, "reorder"), sent, headers=JSON).status_code == 400
    assert titles(first_day) == ["Look around", "Search"]


def test_a_step_under_somebodys_feet(browser, first_day, paul):
    step = first_day.steps.first()
    sent = {"step": step.key, "based_on": first_day.revision}
    Step.objects.get(pk=step.pk).remove(by=paul)

    for name in ("move", "remove"):
        page = browser.post(guide_page(first_day, name), sent)
        assert page.status_code == 409
        assert "was removed" in page.content.decode()


def test_a_step_is_removed_and_only_from_what_was_seen(browser, first_day, paul):
    step, seen = first_day.steps.first(), first_day.revision
    first_day.steps.last().edit(by=paul, text="New")
    sent = {"step": step.key, "based_on": seen}
    assert browser.post(guide_page(first_day, "remove"), sent).status_code == 409

    sent["based_on"] = Guide.objects.get(pk=first_day.pk).revision
    assert browser.post(guide_page(first_day, "remove"), sent).status_code == 302
    assert titles(first_day) == ["Search"]


# Publish


def publish(browser, guide, **more):
    sent = {"note": "First", "based_on": Guide.objects.get(pk=guide.pk).revision, **more}
    return browser.post(guide_page(guide, "publish"), sent)


def test_publishing_says_what_changes_and_keeps_the_note(browser, first_day, alice):
    assert "Added</b> step 1" in browser.get(guide_page(first_day, "publish")).content.decode()
    assert publish(browser, first_day).url == guide_page(first_day)
    assert first_day.versions.get().note == "First"

    first_day.steps.first().edit(by=alice, text="Other", callouts=[])
    first_day.steps.last().remove(by=alice)
    Step.objects.add(first_day, by=alice, title="Ask")
    page = browser.get(guide_page(first_day, "publish")).content.decode()
    assert "Changed</b> step 1, Look around" in page and "text, callouts" in page
    assert "Added</b> step 2, Ask" in page
    assert "Removed</b> step 2, <del>Search</del>" in page


def test_a_double_click_publishes_one_version(browser, first_day):
    sent = {"note": "First", "based_on": Guide.objects.get(pk=first_day.pk).revision}
    for _ in range(2):
        assert browser.post(guide_page(first_day, "publish"), sent).status_code == 302

    assert [version.number for version in first_day.versions.all()] == [1]


def test_what_somebody_changed_meanwhile_is_shown_before_it_is_published(browser, first_day, paul):
    based_on = Guide.objects.get(pk=first_day.pk).revision
    first_day.steps.last().edit(by=paul, text="Changed")
    page = publish(browser, first_day, based_on=based_on, note="Typed")

    assert page.status_code == 409
    assert "Somebody changed it meanwhile" in page.content.decode()
    assert 'value="Typed"' in page.content.decode()
    assert not first_day.versions.exists()


def test_what_keeps_it_from_being_published_is_said(browser, first_day, alice, picture_of):
    first_day.steps.last().show(picture_of(first_day, alice, alt=""), by=alice)
    page = browser.get(guide_page(first_day, "publish")).content.decode()

    assert "Step 2: describe its picture" in page and 'value="Publish v1"' not in page
    assert publish(browser, first_day).status_code == 400
    empty = Guide.objects.start("Empty", by=alice)
    assert publish(browser, empty).status_code == 409
    assert not first_day.versions.exists()


def test_it_is_archived_and_taken_back(browser, first_day):
    browser.post(guide_page(first_day, "archive"))
    assert Guide.objects.get(pk=first_day.pk).archived_at
    assert publish(browser, first_day).status_code == 409
    browser.post(guide_page(first_day, "unarchive"))

    assert not Guide.objects.get(pk=first_day.pk).archived_at
    assert AdminEntry.objects.filter(object_id=first_day.pk).count() == 2


# To look at


def test_previews_of_what_is_written_and_of_a_version(browser, published, alice):
    published.steps.first().edit(by=alice, title="Look elsewhere")
    now = browser.get(guide_page(published, "preview")).content.decode()
    then = browser.get(guide_page(published, "preview"), {"version": 1, "theme": "dark"})

    assert "Look elsewhere" in now and "Press it" in now
    assert "Look around" in then.content.decode()
    assert 'data-bs-theme="dark"' in then.content.decode()
    assert browser.get(guide_page(published, "preview"), {"version": 9}).status_code == 404


def test_versions_are_compared_word_by_word(browser, published, alice):
    published.steps.last().edit(by=alice, text="Type a number.")
    page = browser.get(guide_page(published, "compare"), {"old": 1}).content.decode()

    assert "<del>word</del>" in page and "<ins>number</ins>" in page
    history = browser.get(guide_page(published, "history")).content.decode()
    assert "?version=1" in history and "First" in history


@pytest.mark.parametrize("asked", [{"old": "x", "new": "9" * 30}, {"old": "-1"}, {"theme": "<b>"}])
def test_nonsense_in_the_address_breaks_nothing(browser, published, asked):
    for name in ("compare", "preview"):
        assert browser.get(guide_page(published, name), asked).status_code in (200, 404)


def test_the_list_tells_version_changes_steps_and_pictures(browser, published, alice, picture_of):
    Guide.objects.start("Other", by=alice)
    published.steps.last().show(picture_of(published, alice, alt=""), by=alice)
    page = browser.get("/admin/onboarding/guide/").content.decode()
    assert "v1" in page and "Changed" in page and "1 to fix" in page

    def found(**asked):
        rows = browser.get("/admin/onboarding/guide/", asked).context["cl"].result_list
        return [row.title for row in rows]

    assert found(standing="changed") == found(attention="pictures") == ["First day"]
    assert found(standing="never") == found(attention="unowned") == ["Other"]
    assert found(attention="mine") == ["First day"] and found(standing="archived") == []
    assert found(q="first") == ["First day"]


def test_the_list_is_in_the_order_that_it_marks(browser, alice):
    for place, title in ((2, "A"), (1, "C"), (1, "b")):
        Guide.objects.start(title, by=alice, position=place)
    shown = browser.get("/admin/onboarding/guide/").context["cl"]

    assert [row.title for row in shown.result_list] == ["b", "C", "A"]
    marked = [shown.list_display[at] for at in shown.get_ordering_field_columns()]
    assert marked == ["place"]


def test_only_what_changed_is_offered_to_be_published(browser, published, alice):
    assert "Publish …" not in browser.get(guide_page(published)).content.decode()
    published.steps.last().edit(by=alice, text="Type a number.")
    assert "Publish …" in browser.get(guide_page(published)).content.decode()


def test_the_first_step_does_not_go_up_nor_the_last_one_down(browser, first_day):
    page = browser.get(guide_page(first_day)).content.decode()

    unusable = re.findall(r'aria-label="Move “([^”]+)” (up|down)" disabled', page)
    assert unusable == [("Look around", "up"), ("Search", "down")]


def test_pages_cost_the_same_however_long(browser, published, alice, django_assert_max_num_queries):
    for number in range(12):
        Step.objects.add(published, by=alice, title=f"S{number}")
        Guide.objects.start(f"G{number}", by=alice)
    addresses = [
        "/admin/onboarding/guide/",
        guide_page(published),
        guide_page(published, "publish"),
    ]
    for address in (*addresses, guide_page(published, "preview")):
        browser.get(address)
        with django_assert_max_num_queries(14):
            assert browser.get(address).status_code == 200


def test_prerequisites_are_found_as_one_types(browser, first_day):
    asked = {"app_label": "onboarding", "model_name": "guide", "field_name": "prerequisites"}
    found = browser.get("/admin/autocomplete/", {**asked, "term": "first"}).json()

    assert [row["text"] for row in found["results"]] == ["First day"]
