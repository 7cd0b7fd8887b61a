"""The walk over the pages sees faults: on a page that was walked before, each kind is put in."""

import pytest

from .test_pages import faults

PAGE, STYLES = "/runbooks/", "**/*.css"
INSIDE = """
<input id="nameless">
<p class="pale-at-a-desk-in-the-dark">One</p>
<p class="pale-on-a-phone">Two</p>
<p class="wide-on-a-phone">Three</p>
<div class="frame"><p class="pale-over-a-box">Four</p><div class="box"></div></div>
<p id="styled" style="color: red">Five</p>
<img alt="" src="https://evil.example/a.png">
<script src="/static/nowhere.js"></script>
"""
LOOKS = """
@media (prefers-color-scheme: dark) and (min-width: 1000px) {
  .pale-at-a-desk-in-the-dark {color: #333}
}
@media (prefers-color-scheme: light) and (max-width: 500px) {.pale-on-a-phone {color: #ddd}}
@media (max-width: 500px) {.wide-on-a-phone {width: 900px}}
.frame {position: relative}
.pale-over-a-box {position: relative; z-index: 1; margin: 0}
.box {position: absolute; inset: 0; background: color-mix(in srgb, currentcolor, transparent 10%)}
"""
SEEN = {
    'light 1440: label: <input id="nameless">': 1,
    'dark 1440: color-contrast: <p class="pale-at-a-desk-in-the-dark">': 1,
    'light 390: color-contrast: <p class="pale-on-a-phone">': 1,
    'color-contrast: <p class="pale-over-a-box">': 4,
    '390: scrolls to the side: <p class="wide-on-a-phone">': 2,
    "style-src-attr inline": 1,
    "img-src https://evil.example": 1,
    "404 (Not Found) ": 1,
}


@pytest.fixture
def walk(visit, world, nina):
    """Walk over a page as it is, and then with faults: what is said the second time."""

    def walk() -> list[str]:
        reader = visit(nina)
        assert faults(reader, PAGE) == []
        reader.page.route(f"**{PAGE}", lambda route: changed(route, "</main>", INSIDE + "</main>"))
        reader.page.route(STYLES, lambda route: changed(route, "", LOOKS))
        return faults(reader, PAGE)

    return walk


def changed(route, old: str, new: str) -> None:
    answer = route.fetch()
    text = answer.text()
    route.fulfill(response=answer, body=text.replace(old, new) if old else text + new)


def test_each_kind_of_fault_is_seen_on_a_page_that_had_none(walk):
    said = walk()

    assert {fault: sum(fault in each for each in said) for fault in SEEN} == SEEN
