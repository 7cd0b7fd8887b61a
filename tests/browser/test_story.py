"""What guides are for, in one story: from an empty page to figures and retaken pictures."""

import re

import pytest
from playwright.sync_api import expect

from onboarding.models import Assignment, Guide, Progress, StuckReport

from .test_guides import PHONE, be_stuck, press, sign_in
from .test_guides_writing import (  # noqa: F401
    ADD,
    DROP,
    draw,
    drawn,
    media,
    saved,
    step_page,
    titles,
)
from .test_retaking import flagged, program, retake, site  # noqa: F401

SIZE = {"width": 400, "height": 300}  # of the pages of `site`


@pytest.fixture
def shop(site):  # noqa: F811
    """Two pages that a guide shows; the button #go stands at 100, 100."""
    site.show("/next", words="All things")
    return site


def test_a_guide_is_written_followed_measured_and_kept_right(
    visit, shop, alice, nina, one_request_at_a_time
):
    author, reader = visit(alice), visit(**PHONE)
    looks = {path: photo(visit, shop, path) for path in ("/", "/next")}

    write_a_guide(author, looks)
    guide = Guide.objects.get()
    first, second = guide.published.steps
    assert (first["title"], second["title"]) == ("Open the shop", "Read the title")
    box, circle = first["shot"]["callouts"][0], second["shot"]["callouts"][0]
    assert (box["kind"], box["text"], box["selector"]) == ("box", "The button", "#go")
    assert box["box"] == pytest.approx({"x": 25, "y": 33, "w": 15, "h": 10}, abs=1)
    assert (circle["kind"], circle["box"]) == ("circle", {"x": 30, "y": 35, "w": 24, "h": 20})

    with one_request_at_a_time:
        Assignment.objects.assign(guide, by=alice, user=nina)
    follow_it_on_a_phone(reader, author)
    assert Progress.objects.get().is_complete
    assert StuckReport.objects.get().page.endswith(f"/steps/{first['key']}/")

    read_the_figures(author, guide)

    with one_request_at_a_time:
        retake(shop)
        assert retake(shop, check=True).count("unchanged") == 2
        move_the_button(shop, guide)
    assert author.complaints() == reader.complaints() == []


def photo(visit, shop, path: str) -> bytes:
    page = visit(viewport=SIZE, base_url=shop.address).open(path)
    return page.screenshot()


def write_a_guide(author, looks) -> None:
    page = author.open(ADD)
    page.get_by_label("Title").fill("Find the shop")
    page.get_by_label("Purpose").fill("You find what you need.")
    press(page, "Save")
    page.get_by_role("link", name="Add a step").click()
    read_the_title(page, looks["/next"])
    open_the_shop(page, looks["/"])

    expect(page.locator(".guide-steps li")).to_have_count(2)
    guide = Guide.objects.get()
    press(page, "Move “Open the shop” up")
    expect(page.locator("[data-moved]")).to_have_text("“Open the shop” is now step 1 of 2.")
    saved(page, guide)
    page.reload()
    assert titles(page) == ["Open the shop", "Read the title"]
    page.get_by_role("link", name="Publish …").click()
    page.get_by_label("What changed").fill("First")
    page.get_by_role("button", name="Publish v1").dblclick()
    expect(page.locator(".standing")).to_contain_text("follow v1")
    assert [version.note for version in guide.versions.all()] == ["First"]


def read_the_title(page, picture: bytes) -> None:
    """A step whose picture is chosen as a file and marked with keys alone."""
    page.get_by_label("Title").fill("Read the title")
    file = {"name": "a.png", "mimeType": "image/png", "buffer": picture}
    page.set_input_files("#id_picture", file)
    expect(page.locator(".overlay")).to_be_visible()
    page.get_by_role("button", name="Circle").press("Enter")
    page.get_by_role("button", name="Add in the middle").press("Enter")
    expect(drawn(page)).to_be_focused()
    for key in ("ArrowLeft",) * 10 + ("ArrowUp",) * 5 + ("Shift+ArrowRight",) * 4:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.keyboard.type("The title")
    page.get_by_label("What does the picture show?").fill("All things of the shop")
    say_where(page, "/next", "h1")
    press(page, "Save and add the next")


def open_the_shop(page, picture: bytes) -> None:
    """A step whose picture is dropped and marked with the mouse."""
    page.get_by_label("Title").fill("Open the shop")
    page.locator("#id_text").fill("Press **Go**.")
    page.get_by_label("Named control").fill("Go")
    page.locator("[data-picture]").evaluate(DROP, list(picture))
    expect(page.locator(".overlay")).to_be_visible()
    draw(page, 25, 33, 40, 43)
    expect(page.locator("[name=callouts-0-text]")).to_be_focused()
    page.keyboard.type("The button")
    page.get_by_label("What does the picture show?").fill("The door of the shop")
    say_where(page, "/", "#go")
    press(page, "Save")


def say_where(page, address: str, selector: str) -> None:
    """Where the picture is taken again, and what its mark follows: folded, for experts."""
    page.get_by_label("Show positions and CSS selectors").check()
    page.get_by_text("Page that the picture is taken from").click()
    page.locator("[name=callouts-0-selector]").fill(selector)
    page.locator("#id_page-address").fill(address)
    page.locator("#id_page-role").select_option("")
    page.locator("#id_page-width").fill(str(SIZE["width"]))
    page.locator("#id_page-height").fill(str(SIZE["height"]))


def follow_it_on_a_phone(reader, author) -> None:
    """The first sign-in leads to it; stuck, answered, and on to the end."""
    page = reader.open("/")
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Guides")
    press(page, "Start Find the shop")
    expect(page.locator("h1")).to_have_text("Open the shop")
    expect(page.locator("#callout-1-1")).to_contain_text("The button")
    thumb = page.get_by_role("button", name="Done, next").bounding_box()
    assert thumb["y"] + thumb["height"] <= PHONE["viewport"]["height"]
    be_stuck(page)
    answer_it(author)
    page.reload()
    expect(page.locator("#stuck")).to_contain_text("It is green.")
    press(page, "Done, next")
    expect(page.locator("h1")).to_have_text("Read the title")
    press(page, "Done")
    expect(page.locator(".note.is-ok")).to_contain_text("You completed")
    page.goto("/")
    expect(page.locator("body")).not_to_contain_text("Your guides")


def answer_it(author) -> None:
    page = author.open("/guides/stuck/")
    page.get_by_role("link", name="I see no button.").click()
    page.get_by_role("textbox", name="Answer").fill("It is green.")
    press(page, "Answer")
    expect(page.locator("body")).to_contain_text("Answered")


def read_the_figures(author, guide) -> None:
    page = author.open(f"/guides/{guide.slug}/figures/")
    row = page.locator("table", has_text="Statistics of each version").locator("tbody tr")
    expect(row).to_have_count(1)
    assert row.locator("td").all_text_contents()[1:] == ["1", "1", "1", "100 %", "1"]


def move_the_button(shop, guide) -> None:
    """The check fails and changes nothing; retaking moves the mark to where the button is now."""
    step = guide.steps.first()
    first, before = step.screenshot, step.callouts[0]["box"]
    shop.show(top=200)
    assert "its picture is older than the page" in flagged(shop, check=True)
    step.refresh_from_db()
    assert step.screenshot == first

    assert re.search("taken +find-the-shop, step 1 “Open the shop”", retake(shop))
    step.refresh_from_db()
    after, shot = step.callouts[0]["box"], step.screenshot
    assert after["x"] == before["x"] and round(after["y"] - before["y"], 1) == 33.3
    assert shot.previous == first and 0 < shot.changed < 0.2
    assert (shot.difference.width, shot.taken_from, shot.alt) == (400, "/", first.alt)
    assert retake(shop, check=True).count("unchanged") == 2
