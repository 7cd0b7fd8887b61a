"""A new colleague follows a guide on a phone, by keyboard, without a script, and on paper."""

import re

import pytest
from playwright.sync_api import expect

from onboarding.models import Assignment, Progress
from tests.onboarding.world import KEY, make_guide, make_questions

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
STEP = f"/guides/first-day/steps/{KEY}/"


@pytest.fixture
def first_day(people):
    guide = make_guide(people["author"], "First day", steps=3)
    make_questions(guide, "a-runbook")
    Assignment.objects.assign(guide, by=people["approver"], user=people["reader"])
    return guide


def press(page, name: str):
    page.wait_for_load_state()  # what moves while fonts arrive would be missed
    page.get_by_role("button", name=name, exact=True).click()


def be_stuck(page):
    page.get_by_role("link", name="I’m stuck").click()
    page.get_by_label("What happened?").fill("I see no button.")
    press(page, "Send")
    expect(page.locator("#stuck")).to_contain_text("Waiting for an answer")


def sign_in(page):
    page.get_by_label("User name").fill("nina")
    page.get_by_label("Password").fill("correct horse battery")
    press(page, "Sign in")


def test_visible_time_is_recorded_and_no_other(visit, first_day, nina):
    Progress.objects.start(first_day, by=nina)
    page = visit(nina).new_page()
    page.clock.install()
    with page.expect_response(re.compile("/seen/")):
        page.goto(STEP)
    page.clock.run_for(5_000)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true})"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"
    with page.expect_response(re.compile("/seen/")):
        page.evaluate(f"{hide % 'true'}; {tell}")
    page.clock.run_for(50_000)
    page.evaluate(f"{hide % 'false'}; {tell}")
    page.clock.run_for(3_000)
    with page.expect_response(re.compile("/seen/")):
        page.evaluate(f"{hide % 'true'}; {tell}")

    assert 8 <= Progress.objects.get().steps.get().seconds <= 12


def test_pointing_at_a_place_lights_up_its_text_and_back(visit, first_day, nina):
    page = visit(nina).open(STEP)
    mark, text = page.locator("#mark-1-2"), page.locator("#callout-1-2")

    mark.hover()
    expect(text).to_have_class(re.compile("is-lit"))
    text.get_by_role("link").focus()
    expect(mark).to_have_class(re.compile("is-lit"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#mark-1-2$"))


def test_the_picture_is_enlarged_by_keyboard_and_closed_again(visit, first_day, nina):
    reader = visit(nina)
    page = reader.open(STEP)
    opener = page.get_by_role("link", name="Enlarge the picture of step 1")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    picture = dialog.locator("svg")
    before = picture.bounding_box()["width"]
    page.keyboard.press("+")
    assert picture.bounding_box()["width"] > before
    assert reader.barriers() == []
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def tab_to(page, words: str):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(words):
            return
    raise AssertionError(f"“{words}” is not reached by Tab")


def test_the_keyboard_alone_is_enough(visit, first_day, nina):
    page = visit(nina).open("/guides/first-day/")
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Look")
    tab_to(page, "I’m stuck")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What happened?")).to_be_focused()
    page.keyboard.type("By keyboard")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.locator("#stuck")).to_contain_text("By keyboard")
    for title in ("Watch", "Step 3"):
        tab_to(page, "Done, next")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(title)
    tab_to(page, "Done")
    page.keyboard.press("Enter")

    expect(page.locator(".note.is-ok")).to_contain_text("You completed")


def test_it_is_followed_without_a_script(visit, first_day, nina):
    page = visit(nina, java_script_enabled=False, **PHONE).open("/guides/")
    press(page, "Start First day")
    page.locator("#mark-1-1").click()
    expect(page).to_have_url(re.compile("#callout-1-1$"))
    be_stuck(page)
    press(page, "Done, next")
    expect(page.locator("h1")).to_have_text("Watch")
    page.get_by_text("Read it instead").click()
    expect(page.locator(".transcript")).to_contain_text("All of it.")
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Enlarge").click()
    expect(page.locator("img")).to_be_visible()  # the browser shows the picture alone

    progress = Progress.objects.get()
    assert progress.done_keys() == {str(KEY)}


def test_an_address_opens_its_question_and_it_is_judged(visit, first_day, nina):
    reader = visit(nina)
    page = reader.open("/guides/questions/#a-runbook")
    expect(page.locator("#a-runbook .answer")).to_be_visible()
    page.get_by_role("button", name="No to “What is a-runbook?”").click()

    expect(page.locator(".message")).to_contain_text("needs work")
    expect(page.locator("#a-runbook")).to_contain_text("You rated it not helpful.")
    assert reader.complaints() == []


def test_the_whole_is_printed_with_pictures_and_without_buttons(visit, first_day, nina):
    page = visit(nina).open("/guides/first-day/all/")
    page.emulate_media(media="print")

    expect(page.locator(".print-stamp")).to_be_visible()
    expect(page.locator("#mark-1-1")).to_be_visible()
    expect(page.locator("[data-zoom]")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")
