"""An author makes a guide in the browser: pictures, marks drawn by hand and by key, order."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from onboarding.models import Guide, Question, Screenshot, Step
from onboarding.pictures.blurs import Drawn
from portal.accounts.models import Team
from portal.core.media.uploads import store_image

from .axe import SCHEMES

ADD = "/admin/onboarding/guide/add/"
CARRIED = """const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], "page.png", {type: "image/png"}));
  const told = {dataTransfer: carried, clipboardData: carried, bubbles: true, cancelable: true};"""
DROP = f"""(place, bytes) => {{
  {CARRIED}
  place.dispatchEvent(new DragEvent("dragover", told));
  place.dispatchEvent(new DragEvent("drop", told));
}}"""
PASTE = f"""(bytes) => {{
  {CARRIED}
  document.body.dispatchEvent(new ClipboardEvent("paste", told));
}}"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page_of(word: str = "Start") -> bytes:
    picture = Image.new("RGB", (1000, 600), "#f6f8fa")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 1000, 50), fill="#2952b6")
    draw.rectangle((700, 100, 900, 160), fill="#026a34")
    draw.text((760, 125), word, fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def first_day(alice) -> Guide:
    """Three steps, the first with a picture and a callout, published; then changed."""
    team = Team.objects.create(slug="welcome", name="Welcome")
    team.members.add(alice)
    guide = Guide.objects.start("First day", by=alice, purpose="You find your way.", owner=team)
    box = {"x": 70, "y": 16, "w": 20, "h": 11}
    callouts = [{"kind": "box", "text": "Press it", "box": box, "selector": "#go"}]
    picture = Drawn(store_image(io.BytesIO(page_of())))
    words = {"title": "Look around", "text": "Press **Start**.", "alt": "The first page"}
    Step.objects.compose(guide, by=alice, picture=picture, callouts=callouts, **words)
    for title in ("Search", "Ask somebody"):
        Step.objects.add(guide, by=alice, title=title, text=f"{title}.")
    guide.publish(by=alice, note="Imported from guides/first-day/guide.md")
    guide.steps.get(title="Search").edit(by=alice, text="Type a number.")
    return Guide.objects.get(pk=guide.pk)


def guide_page(guide, name="change") -> str:
    return f"/admin/onboarding/guide/{guide.pk}/{name}/"


def step_page(step) -> str:
    return f"/admin/onboarding/step/{step.pk}/change/"


def drawn(page):
    """The marks on the picture."""
    return page.locator(".overlay .mark")


def draw(page, x1: float, y1: float, x2: float, y2: float) -> None:
    """Draw with the mouse, from and to percent of the picture."""
    page.locator("[data-stage]").scroll_into_view_if_needed()
    box = page.locator("img[data-shot]").bounding_box()
    at = [
        (box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)
        for x, y in ((x1, y1), (x2, y2))
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(at[0][0] + 9, at[0][1] + 9)
    page.mouse.move(*at[1])
    page.mouse.up()


def saved(page, guide) -> None:
    """The server knows the new order of the guide as it was read."""
    after = str(guide.revision + 1)
    expect(page.locator("[data-order]")).to_have_attribute("data-revision", after)


def titles(page) -> list[str]:
    return page.locator("[data-order] [data-title]").all_text_contents()


def test_marks_are_moved_resized_renumbered_and_deleted(visit, alice):
    step = first_day(alice).steps.first()
    author = visit(alice)
    page = author.open(step_page(step))
    draw(page, 10, 30, 30, 40)
    drawn(page).nth(1).focus()
    draw(page, 15, 35, 25, 55)  # moves it by 10, 20
    page.get_by_role("button", name="Arrow", exact=True).click()
    draw(page, 50, 60, 60, 70)
    expect(drawn(page)).to_have_count(3)
    draw(page, 60, 70, 70, 90)  # the handle: it grows by 10, 20
    drawn(page).nth(0).focus()
    page.keyboard.press("Delete")
    expect(drawn(page)).to_have_count(2)
    expect(drawn(page).nth(0)).to_be_focused()
    assert page.locator(".overlay .pin text").all_text_contents() == ["1", "2"]
    page.locator("[name$='-ORDER']:visible").nth(1).fill("1")
    page.locator("[name$='-ORDER']:visible").nth(0).fill("2")
    page.locator("[name$='-ORDER']:visible").nth(0).press("Tab")
    expect(drawn(page).nth(0)).to_have_attribute("aria-label", re.compile("^Arrow 1"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message.is-ok")).to_be_visible()

    step.refresh_from_db()
    arrow, box = step.callouts
    assert (arrow["kind"], box["kind"]) == ("arrow", "box")
    assert arrow["box"] == pytest.approx({"x": 50, "y": 60, "w": 20, "h": 30}, abs=1)
    assert box["box"] == pytest.approx({"x": 20, "y": 50, "w": 20, "h": 10}, abs=1)
    assert author.complaints() == []


def test_a_blur_is_drawn_and_burnt_in(visit, alice):
    guide = first_day(alice)
    step = guide.steps.first()
    page = visit(alice).open(step_page(step))
    page.get_by_role("button", name="Blur").click()
    draw(page, 72, 18, 88, 25)
    page.get_by_role("button", name="Save and stay here").click()
    expect(page.locator(".picture")).to_contain_text("1 region of it is burnt in")

    step.refresh_from_db()
    assert [callout["kind"] for callout in step.callouts] == ["box"]
    content = step.screenshot.open().read()
    region = Image.open(io.BytesIO(content)).convert("RGB").crop((725, 112, 875, 148))
    assert (
        region.getextrema()
        != Image.open(io.BytesIO(page_of())).crop((725, 112, 875, 148)).getextrema()
    )
    assert not any(pixel == (255, 255, 255) for _, pixel in region.getcolors(9999))


def test_a_picture_is_pasted(visit, alice):
    guide = first_day(alice)
    page = visit(alice).open(step_page(guide.steps.get(title="Search")))
    page.evaluate(PASTE, list(page_of()))
    expect(page.locator(".overlay")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".flag")).to_have_text("Picture not described")
    assert Screenshot.objects.count() == 2


@pytest.mark.parametrize("touch", [False, True])
def test_steps_are_dragged_into_order(visit, alice, touch):
    guide = first_day(alice)
    author = visit(alice, has_touch=touch)
    page = author.open(guide_page(guide))
    grip, target = page.locator("[data-grip]").nth(2), page.locator("[data-order] li").nth(0)
    start, end = grip.bounding_box(), target.bounding_box()
    x, y = start["x"] + 8, start["y"] + 8
    drag(page, (x, y), (x, end["y"] + 4), touch)

    expect(page.locator("[data-moved]")).to_have_text("“Ask somebody” is now step 1 of 3.")
    saved(page, guide)
    assert [step.title for step in guide.steps.all()] == ["Ask somebody", "Look around", "Search"]
    assert author.complaints() == []


def drag(page, start, end, touch: bool) -> None:
    if not touch:
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=6)
        page.mouse.up()
        return
    finger = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        touched = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


def test_arrows_lead_no_farther_than_the_ends(visit, alice):
    guide = first_day(alice)
    page = visit(alice).open(guide_page(guide))
    up = page.get_by_role("button", name="Move “Search” up")
    up.click()
    saved(page, guide)

    expect(up).to_be_disabled()
    expect(page.get_by_role("button", name="Move “Search” down")).to_be_focused()
    expect(page.get_by_role("button", name="Move “Look around” up")).to_be_enabled()


def test_fields_of_a_page_are_as_wide_as_each_other(visit, alice):
    page = visit(alice).open(f"/admin/onboarding/step/add/?guide={first_day(alice).pk}")
    page.get_by_text("Page that the picture is taken from").click()
    clicks, cover = (page.get_by_label(name) for name in ("Clicks to get there", "What to cover"))

    assert clicks.bounding_box()["width"] == cover.bounding_box()["width"]
    page.goto("/admin/onboarding/guide/import/")
    box, label = page.locator(".checkbox-row input"), page.locator(".checkbox-row label")
    end = box.bounding_box()["x"] + box.bounding_box()["width"]
    assert label.bounding_box()["x"] - end >= 6


def test_two_authors_reorder_at_once_and_nothing_is_lost(visit, alice, paul):
    guide = first_day(alice)
    first, second = visit(alice).open(guide_page(guide)), visit(paul).open(guide_page(guide))
    first.get_by_role("button", name="Move “Search” up").click()
    saved(first, guide)
    second.get_by_role("button", name="Move “Ask somebody” up").click()

    conflict = second.locator("[data-stale-order]")
    expect(conflict).to_contain_text("Nothing is lost")
    expect(conflict.locator("ol").nth(0).locator("li")).to_have_text(
        ["Search", "Look around", "Ask somebody"]
    )
    expect(conflict.locator("ol").nth(1).locator("li")).to_have_text(
        ["Look around", "Ask somebody", "Search"]
    )
    conflict.get_by_role("button", name="Use my order").click()
    expect(second.locator(".message.is-ok")).to_be_visible()
    assert titles(second) == ["Look around", "Ask somebody", "Search"]


def test_two_authors_write_one_step(visit, alice, paul):
    step = first_day(alice).steps.get(title="Search")
    first, second = visit(alice).open(step_page(step)), visit(paul).open(step_page(step))
    first.locator("#id_text").fill("Alice's text")
    first.get_by_role("button", name="Save", exact=True).click()
    second.locator("#id_text").fill("Paul's text")
    second.get_by_role("button", name="Save", exact=True).click()

    expect(second.get_by_role("region", name="The saved text")).to_have_text("Alice's text")
    expect(second.get_by_role("region", name="Your text")).to_have_text("Paul's text")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".message.is-ok")).to_be_visible()
    step.refresh_from_db()
    assert step.text == "Paul's text"


def test_a_step_removed_under_somebodys_feet_becomes_a_new_one(visit, alice, paul):
    guide = first_day(alice)
    step = guide.steps.get(title="Search")
    page = visit(alice).open(step_page(step))
    page.locator("#id_text").fill("Typed for an hour")
    other = visit(paul).open(guide_page(guide))
    other.locator(".remove").nth(1).locator("summary").click()
    other.locator(".remove").nth(1).get_by_role("button").click()
    expect(other.locator(".message.is-ok")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".orders")).to_contain_text("save it as a new step")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message.is-ok")).to_be_visible()
    assert guide.steps.last().text == "Typed for an hour"


def test_the_preview_follows_what_is_typed_and_drawn(visit, alice):
    author = visit(alice)
    page = author.open(step_page(first_day(alice).steps.first()))
    paper = page.locator(".markdownx-preview .paper")
    page.get_by_label("Expected result").fill("A list of runbooks.")
    expect(paper.locator(".expect")).to_contain_text("A list of runbooks.")
    expect(paper.locator(".shot .pin")).to_have_count(1)
    draw(page, 10, 30, 30, 40)
    expect(paper.locator(".shot .pin")).to_have_count(2)
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(paper).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Phone").click()
    assert paper.bounding_box()["width"] <= 390
    assert author.complaints() == []


def test_without_script_one_writes_orders_and_publishes(visit, alice):
    guide = first_day(alice)
    page = visit(alice, java_script_enabled=False).open(guide_page(guide))
    page.get_by_role("button", name="Move “Search” up").click()
    assert titles(page) == ["Search", "Look around", "Ask somebody"]
    page.get_by_role("link", name="Look around").click()
    row = page.locator("[data-callout]").nth(1)
    row.get_by_label("Text").fill("Typed")
    page.get_by_label("Show positions and CSS selectors").check()
    for label, value in {"Left %": "1.5", "Top %": "2", "Width %": "10", "Height %": "5"}.items():
        row.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Publish …").click()
    page.get_by_role("button", name="Publish v2").click()

    expect(page.locator(".standing")).to_contain_text("follow v2")
    callouts = Guide.objects.get(pk=guide.pk).published.steps[1]["shot"]["callouts"]
    assert callouts[1]["box"] == {"x": 1.5, "y": 2, "w": 10, "h": 5}


def test_our_pages_have_no_barrier_and_break_no_policy(visit, alice):
    guide = first_day(alice)
    question = Question()
    question.write(topic="Sign-in", question="Why?", answer="Ask.")
    guide.steps.last().mark("The selector #go is gone.")
    own = [guide_page(guide, n) for n in ("change", "publish", "preview", "compare", "history")]
    step = [step_page(guide.steps.first()), f"/admin/onboarding/step/add/?guide={guide.pk}"]
    author, found = visit(alice), []
    for address in (*own, *step, ADD, f"/admin/onboarding/question/{question.pk}/change/"):
        author.open(address)
        author.settle()
        for scheme, rules in SCHEMES.items():
            author.colours(scheme)
            for width in (1440, 390):
                author.width(width)
                faults = author.barriers(rules) + author.complaints() + author.sideways()
                found += [f"{address} {scheme} {width}: {fault}" for fault in faults]
    assert found == []
