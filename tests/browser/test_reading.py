"""Reading by keyboard, on a phone, on paper; diagrams; words that would like to be scripts."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from runbooks.models import Gap, Run, Runbook

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DISK = "/runbooks/disk-fills-up/"
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
DIAGRAMS = """\
```mermaid
flowchart TD
  A["<img src=https://evil.example/a onerror=alert(3)>"] --> B["<script>alert(4)</script>"]
  click A call alert(5)
  click B "javascript:alert(6)"
```

```mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "fontFamily": "x;} body {display:none}",
  "themeCSS": "@import url(https://evil.example/b); body {display:none}"}}%%
flowchart TD
  C["<iframe src=javascript:alert(7)>"] --> D
```
"""
HIDDEN_ON_PAPER = (".rail", ".top", ".foot", ".crumbs", ".doc-actions", "#helpful", "[data-copy]")


def test_a_slash_goes_to_the_search_box(visit, world, nina):
    page = visit(nina).open(DISK)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("disk/x")
    expect(page.locator("#q")).to_have_value("disk/x")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).not_to_be_focused()


def test_the_palette_goes_anywhere_by_the_keyboard(visit, world, nina):
    visitor = visit(nina)
    page = visitor.open(DISK)
    page.keyboard.press("/")
    page.keyboard.type("?")  # in a field it is a letter
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    words = page.get_by_role("combobox", name="Command or words")
    expect(words).to_be_focused()
    page.keyboard.type("services")
    expect(page.get_by_role("option", name="Services", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(words).to_have_attribute("aria-activedescendant", "palette-1-1")
    assert not visitor.complaints()
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Command palette").click()
    page.keyboard.type("disk")
    recent = page.get_by_role("group", name="Recent").get_by_role("option")
    expect(recent).to_have_text(["Disk fills upRunbook"])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("localStorage.length") == 0


IN_LINES = """\
---
parameters:
  - {name: token, type: secret}
---
Look at `df -h /var`, then at [`the plan`](https://example.org/).

1. Ask `dig db.example.org`
2. Sign in with `login {{ token }}` as `admin`.
"""


@pytest.fixture
def lines(alice, publish):
    runbook = Runbook.objects.start("Code in lines", by=alice, text=IN_LINES)
    publish(runbook.newest)
    runbook.refresh_from_db()
    return runbook


def copied(page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_code_in_a_line_is_copied_by_mouse_and_by_keyboard(visit, lines, nina):
    someone = visit(nina, permissions=["clipboard-read", "clipboard-write"])
    page = someone.open("/runbooks/code-in-lines/")
    button = page.locator("code:text('df -h') + button")
    expect(button).to_have_css("opacity", "0")
    page.locator("code:text('df -h')").hover()
    expect(button).to_have_css("opacity", "1")
    button.click()
    expect(button).to_have_text("Copied")
    assert copied(page) == "df -h /var"

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # over the link, whose code has no button
    expect(page.locator("code:text('dig') + button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Copied")).to_be_attached()
    assert copied(page) == "dig db.example.org"
    assert page.locator("a .copy-line, a + .copy-line").count() == 0
    assert someone.complaints() == []


def test_on_a_phone_a_tap_on_code_shows_its_button_within_the_page(visit, lines, nina):
    page = visit(nina, **PHONE, is_mobile=True).open("/runbooks/code-in-lines/")
    page.locator("code:text('dig')").tap()
    button = page.locator("code:text('dig') + button")

    expect(button).to_be_focused()
    expect(button).to_have_css("opacity", "1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_code_in_a_line_of_a_run_is_copied_with_what_was_typed(visit, lines, rita):
    run = Run.objects.start(lines, by=rita)
    someone = visit(rita, permissions=["clipboard-read", "clipboard-write"])
    page = someone.open(f"{run.get_absolute_url()}?step=2")
    page.get_by_role("textbox", name="token").fill("it's")
    code = page.locator("#step-title code:text('login')")
    code.hover()
    page.locator("#step-title code:text('login') + button").click()

    expect(page.locator("#step-title code:text('login') + button")).to_have_text("Copied")
    assert copied(page) == "login 'it'\\''s'"
    expect(page.locator("#step-title")).not_to_have_accessible_name(re.compile("Cop"))


def test_the_first_key_skips_to_the_content(visit, world, nina):
    page = visit(nina).open(DISK)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit, world, nina):
    page = visit(nina, **PHONE).open("/")
    menu = page.locator("#nav")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    menu.get_by_role("link", name="Runbooks").tap()

    expect(page.locator("h1")).to_have_text("Runbooks")


def test_the_theme_is_chosen_and_kept(visit, world, nina):
    page = visit(nina).open("/")
    page.locator("[data-theme-toggle]").press("Enter")
    page.reload()

    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_paper_shows_the_text_and_its_version_only(visit, world, nina):
    page = visit(nina).open(DISK)
    page.emulate_media(media="print")

    for part in HIDDEN_ON_PAPER:
        assert page.locator(f"{part}:visible").count() == 0, part
    expect(page.locator(".print-stamp")).to_be_visible()
    expect(page.locator(".print-stamp")).to_contain_text("v2")
    expect(page.locator("article")).to_contain_text("Rotate the logs")


def test_a_diagram_is_a_picture_with_words(visit, world, nina):
    page = visit(nina).open(DISK)

    picture = page.locator("[data-mermaid] > img")
    expect(picture).to_have_attribute("alt", "From alert to cure")
    assert picture.evaluate("image => image.naturalWidth") > 20


def test_a_hostile_diagram_does_nothing(visit, portal, alice, nina, publish):
    runbook = Runbook.objects.start("Diagrams", by=alice, text=DIAGRAMS)
    publish(runbook.newest)

    reader = visit(nina)
    page = reader.open("/runbooks/diagrams/")
    for picture in page.locator("[data-mermaid]").all():
        picture.click()

    assert reader.dialogs == []
    assert foreign(reader, portal) == []
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("[data-mermaid] :is(svg, script, iframe)").count() == 0


def foreign(visit, portal: str) -> list[str]:
    return [url for url in visit.asked if not url.startswith((portal, "data:"))]


@pytest.fixture
def hostile(alice, paul, nina, publish):
    """Everything that people can type, typed by somebody who means harm."""
    text = f"# {HOSTILE}\n\n{HOSTILE}\n\n[x](javascript:alert(8)) ![{HOSTILE}](javascript:alert(9))"
    runbook = Runbook.objects.start(HOSTILE, by=alice, text=text, slug="hostile", note=HOSTILE)
    version = runbook.newest
    version.submit(by=alice)
    version.approve(by=paul, note=HOSTILE)
    version.publish(by=paul)
    runbook.refresh_from_db()
    runbook.judge(by=nina, helpful=False, reason=HOSTILE)
    draft = runbook.draft(text + "\nmore", author=alice, note=HOSTILE, based_on=1)
    draft.submit(by=alice)
    Runbook.objects.start(f"Draft {HOSTILE}", by=alice, text=text, note=HOSTILE)
    Gap.objects.note("<img/src=x/onerror=alert(1)>", at=runbook.changed_at)
    return runbook


def test_words_stay_words_wherever_they_are_shown(visit, portal, hostile, alice, olga):
    pages = [
        "/",
        "/runbooks/",
        "/runbooks/gaps/",
        "/runbooks/hostile/",
        "/runbooks/hostile/history/",
        "/runbooks/hostile/versions/1/",
        "/runbooks/hostile/edit/",
        "/runbooks/hostile/about/",
        "/runbooks/hostile/compare/1/2/",
        "/search/?q=" + quote(HOSTILE),
        "/search/?q=script",
        "/r/alert/" + quote("<img src=x onerror=alert(1)>", safe=""),
        "/admin/runbooks/runbook/",
        f"/admin/runbooks/runbook/{hostile.pk}/change/",
        f"/admin/runbooks/runbook/{hostile.pk}/history/",
        "/admin/runbooks/feedback/",
    ]
    for person in (alice, olga):
        reader = visit(person)
        for address in pages:
            reader.open(address)
            page = reader.settle()
            assert page.locator("[onerror]").count() == 0, address
        assert reader.dialogs == []
        assert foreign(reader, portal) == []
        assert reader.complaints() == []
