"""Diagrams of 150 services in Chromium: readable, moved, enlarged, clicked, dark and on paper."""

import re
import time
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from portal.architecture.models import ConfigurationItem, Dependency, Integration, Service, Zone
from tests.browser.visiting import until

CROWD = "/services/diagrams/network/?only=z0"


@pytest.fixture
def crowd(portal):
    """150 services in four zones; each needs two others."""
    zones = [Zone.objects.create(slug=f"z{n}", name=f"Zone {n}") for n in range(4)]
    rows = Service.objects.bulk_create(
        Service(slug=f"s{n}", name=f"Service {n}", zone=zones[n % 4]) for n in range(150)
    )
    Dependency.objects.bulk_create(
        Dependency(source=rows[n], target=rows[m], protocol="HTTPS", port=443)
        for n in range(1, 150)
        for m in {n // 2, n // 5}
    )


def picture_of(page):
    picture = page.locator("[data-panzoom] img")
    expect(picture).to_be_visible()
    until(page, "document.querySelector('[data-panzoom] img').naturalWidth > 0")
    return picture


def size_of_letters(picture) -> float:
    return picture.evaluate("image => 13 * image.clientWidth / image.getAttribute('width')")


def test_too_many_are_shown_as_their_zones_and_one_click_opens_one(visit, crowd, nina):
    someone = visit(nina)
    page = someone.open("/services/diagrams/network/")
    picture_of(page)
    page.get_by_role("link", name="Zone 1").click()

    expect(page.locator("h1")).to_have_text("Network: Zone 1")
    picture_of(page)
    assert someone.complaints() == []
    assert someone.sideways() == []


def test_a_picture_that_was_there_before_its_script_is_readable_too(visit, crowd, nina):
    someone = visit(nina)
    someone.page.route("**/panzoom*.js", lambda route: (time.sleep(1), route.continue_()))
    page = someone.open(CROWD)

    until(page, "!document.querySelector('[data-panzoom]').matches('.is-fit')")
    assert size_of_letters(picture_of(page)) > 8


def test_a_crowd_is_readable_enlarged_moved_and_clicked(visit, crowd, nina):
    someone = visit(nina)
    page = someone.open(CROWD)
    picture = picture_of(page)
    until(page, "!document.querySelector('[data-panzoom]').matches('.is-fit')")
    assert size_of_letters(picture) > 8
    before = picture.bounding_box()["width"]
    page.get_by_role("button", name="Larger").click()
    assert picture.bounding_box()["width"] > before
    frame = page.locator("[data-panzoom]")
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 500, box["y"] + 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 300, steps=4)
    page.mouse.up()
    assert frame.evaluate("frame => [frame.scrollLeft > 0, frame.scrollTop > 0]") == [True, True]
    assert page.url.endswith(CROWD)
    frame.evaluate("frame => frame.scrollTo(0, 0)")
    click_on(page, "Service 148")

    expect(page.locator("h1")).to_have_text("Service 148")
    assert someone.complaints() == []


AT = """([x, y]) => {
  const area = document.querySelector("[data-panzoom] img").getBoundingClientRect();
  return [(x - area.left) / area.width, (y - area.top) / area.height];
}"""
STILL = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_the_wheel_enlarges_what_it_points_at(visit, crowd, nina):
    someone = visit(nina)
    page = someone.open(CROWD)
    picture = picture_of(page)
    until(page, "!document.querySelector('[data-panzoom]').matches('.is-fit')")
    box, before = page.locator("[data-panzoom]").bounding_box(), picture.bounding_box()["width"]
    point = [box["x"] + 400, box["y"] + 300]
    there = page.evaluate(AT, point)
    page.mouse.move(*point)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.evaluate(STILL)

    assert picture.bounding_box()["width"] > before
    assert page.evaluate(AT, point) == pytest.approx(there, abs=0.01)
    page.mouse.wheel(0, 100)
    until(page, "scrollY > 0 || document.querySelector('[data-panzoom]').scrollTop > 0")
    assert someone.complaints() == []


def test_two_fingers_enlarge_and_one_scrolls(visit, crowd, nina):
    someone = visit(nina, has_touch=True)
    someone.width(390)
    page = someone.open(CROWD)
    picture, frame = picture_of(page), page.locator("[data-panzoom]")
    page.get_by_role("button", name="Fit").click()
    page.evaluate(STILL)
    before, box = picture.bounding_box()["width"], picture.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch(page, *([[x - apart, y], [x + apart, y]] for apart in range(20, 120, 10)))
    page.evaluate(STILL)

    assert picture.bounding_box()["width"] > before
    assert frame.evaluate("frame => getComputedStyle(frame).touchAction") == "pan-x pan-y"
    left = frame.evaluate("frame => frame.scrollLeft")
    touch(page, *([[x - by, y]] for by in range(0, 100, 10)))
    until(page, f"document.querySelector('[data-panzoom]').scrollLeft > {left}")
    assert page.url.endswith(CROWD)
    assert someone.complaints() == []


def touch(page, *ways) -> None:
    """Fingers that go down, move, and leave."""
    session = page.context.new_cdp_session(page)
    for number, places in enumerate(ways):
        points = [{"x": x, "y": y, "id": each} for each, (x, y) in enumerate(places)]
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.evaluate(STILL)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def tiers(portal):
    """Six zones of one service each, one above the other: higher than most screens."""
    zones = [Zone.objects.create(slug=f"z{n}", name=f"Zone {n}") for n in range(6)]
    rows = [Service.objects.create(slug=f"s{n}", name=f"S{n}", zone=z) for n, z in enumerate(zones)]
    ways = [*((rows[0], row) for row in rows[1:]), *pairwise(rows[3:])]
    Dependency.objects.bulk_create(Dependency(source=a, target=b) for a, b in ways)


HIDDEN = """frame => [
  frame.scrollWidth > frame.clientWidth, frame.scrollHeight > frame.clientHeight]"""


def test_a_picture_starts_whole_where_that_is_readable(visit, tiers, nina):
    page = visit(nina).open("/services/diagrams/network/")
    picture = picture_of(page)

    assert page.locator("[data-panzoom]").evaluate(HIDDEN) == [False, False]
    assert picture.bounding_box()["height"] < int(picture.get_attribute("height"))
    expect(page.get_by_text("Drag or scroll to see the rest")).to_be_hidden()
    expect(page.get_by_text("Text of the diagram")).to_be_visible()


def test_a_phone_shows_the_whole_and_says_below_its_buttons_what_to_do(visit, tiers, nina):
    someone = visit(nina)
    someone.width(390)
    page = someone.open("/services/diagrams/network/")
    picture, frame = picture_of(page), page.locator("[data-panzoom]")
    hint, small = page.get_by_text("Drag or scroll"), page.get_by_text("Zoom in to read it")
    larger, whole = (page.get_by_role("button", name=name) for name in ("Larger", "Fit"))

    expect(small).to_be_visible()
    assert frame.evaluate(HIDDEN) == [False, False]
    bar, box = whole.bounding_box(), picture.bounding_box()
    assert bar["y"] + bar["height"] <= box["y"]
    for _ in range(4):
        larger.click()
    expect(hint).to_be_visible()
    expect(small).to_be_hidden()
    whole.click()
    assert frame.evaluate(HIDDEN) == [False, False]
    expect(hint).to_be_hidden()
    assert someone.sideways() == []


def click_on(page, name: str) -> None:
    """Where the SVG says that the box of this name is."""
    picture = page.locator("[data-panzoom] img")
    read = "async (image) => (await fetch(image.src)).text()"
    drawn = ElementTree.fromstring(picture.evaluate(read))
    node = next(each for each in drawn.iter() if each.findtext("{*}title") == name)
    box = node.find("{*}rect").attrib
    scale = picture.evaluate("image => image.clientWidth / image.getAttribute('width')")
    x, y, width, height = (float(box[key]) * scale for key in ("x", "y", "width", "height"))
    position = {"x": x + width / 2, "y": y + height / 2}
    picture.click(position=position)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_crowd_has_the_colours_of_the_page_and_is_light_on_paper(visit, crowd, nina, scheme):
    page = visit(nina, color_scheme=scheme).open(CROWD)
    picture = picture_of(page)

    expect(picture).to_have_attribute("src", re.compile(rf"only=z0&theme={scheme}$"))
    page.emulate_media(media="print")
    is_turned = picture.evaluate("image => getComputedStyle(image).filter !== 'none'")
    assert is_turned == (scheme == "dark")


@pytest.mark.parametrize("scripts", [True, False])
def test_paper_has_all_connections_and_says_where_it_is_from(visit, crowd, nina, scripts):
    page = visit(nina, java_script_enabled=scripts).open("/services/diagrams/data-flow/?service=s7")
    row, stamp = page.get_by_role("cell", name="internal").first, page.locator(".print-stamp")
    expect(row).to_be_hidden()
    page.emulate_media(media="print")

    expect(row).to_be_visible()
    expect(stamp).to_contain_text("Data flow: Service 7 · drawn from the catalog on")
    expect(stamp).to_contain_text("/services/diagrams/data-flow/?service=s7. Paper")


def test_without_a_script_there_is_a_picture(visit, crowd, nina):
    page = visit(nina, java_script_enabled=False).open("/services/diagrams/network/?service=s149")

    expect(page.locator("noscript img, figure img")).to_be_visible()


ROOM = """(source) => {
  const drawn = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  const picture = document.body.appendChild(document.importNode(drawn, true));
  return [...picture.querySelectorAll("g.node")].map((node) => {
    const words = node.querySelector("text").getBBox().width;
    return node.querySelector(".label-container").getBBox().width - words;
  });
}"""
SOURCE = "image => decodeURIComponent(image.src.split(',').slice(1).join(','))"


def test_a_store_that_mermaid_draws_holds_its_words_and_opens(visit, db, nina):
    web = Service.objects.create(slug="web", name="Web")
    orders = Service.objects.create(slug="orders", name="Orders of all shops", kind="database")
    Dependency.objects.create(source=web, target=orders)
    page = visit(nina, bypass_csp=True).open("/services/diagrams/context/")
    picture = picture_of(page)

    assert min(page.evaluate(ROOM, picture.evaluate(SOURCE))) > 10
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] - 60, "y": box["height"] / 2})
    expect(page.locator("h1")).to_have_text("Orders of all shops")


LEVEL = ["01", "02", "03", "14", "24", "35", "36", "47", "57", "67", "78", "79", "A9", "1B"]
CROSSED = """(source) => {
  const drawn = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  const picture = document.body.appendChild(document.importNode(drawn, true));
  const all = (which) => [...picture.querySelectorAll(which)];
  const boxes = all("g.node > rect").map((each) => each.getBoundingClientRect());
  const arrows = all("path.flowchart-link");
  const inside = ({x, y}) => boxes.some((box) => x > box.left + 1 && x < box.right - 1
    && y > box.top + 1 && y < box.bottom - 1);
  const at = (arrow, part) => arrow.getPointAtLength(part * arrow.getTotalLength() / 100)
    .matrixTransform(arrow.getScreenCTM());
  const crosses = (arrow) => [...Array(101).keys()].some((part) => inside(at(arrow, part)));
  return [arrows.length, boxes.length, arrows.filter(crosses).length];
}"""


def test_what_mermaid_draws_leads_no_arrow_through_a_box(visit, db, nina):
    """Services in levels, the fullest picture that is left to Mermaid."""
    rows = {n: Service.objects.create(slug=f"s{n}", name=f"Service {n}") for n in "0123456789AB"}
    for source, target in LEVEL:
        Dependency.objects.create(source=rows[source], target=rows[target], protocol="HTTPS")
    page = visit(nina).open("/services/diagrams/context/")
    picture = picture_of(page)

    source = picture.evaluate(SOURCE)
    assert page.locator("[data-mermaid]").count() == 1
    assert page.evaluate(CROSSED, source) == [len(LEVEL), len(rows), 0]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_word_makes_no_table_of_the_catalog_scroll_sideways(visit, portal, nina, width):
    word = "x" * 120
    shop = Service.objects.create(slug="shop", name="Shop")
    mail = Integration.objects.create(slug="mail", name="Mail", contact=word, provider=word)
    Zone.objects.create(slug="edge", name="Edge", ranges=word, description=word)
    ConfigurationItem.objects.create(service=shop, name="KEY", purpose=word, kept_in=word)
    Dependency.objects.create(source=shop, integration=mail, data=word, description=word)

    someone, found = visit(nina), []
    someone.width(width)
    for address in ("shop/", "zones/", "integrations/", "configuration/"):
        someone.open(f"/services/{address}")
        found += [f"{address}: {part}" for part in someone.sideways()]

    assert found == []
