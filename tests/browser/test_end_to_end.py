"""A runbook from its template to a reader who says that it does not help."""

import re

from playwright.sync_api import expect

from portal.accounts.models import Team
from runbooks.models import Image, Runbook, Version

from .world import png

ALT = "Free space falling"
MORE = "\n- [ ] Say hello to {{ nobody }}\n"


def test_written_reviewed_found_and_judged(visit, alice, paul, nina):
    team = Team.objects.create(slug="platform", name="Platform")
    team.members.set([alice])
    write_in_the_admin(visit(alice))
    approve_and_publish(visit(paul))
    describe(team)
    write_again_on_the_web(visit(alice))
    approve_and_publish(visit(paul))
    find_read_and_judge(visit(nina))

    home = visit(alice).open("/")

    stale = home.locator("section", has_text="due for review")
    expect(stale).to_contain_text("Warehouse queue stalls")
    expect(stale).to_contain_text("Step three is missing")


def write_in_the_admin(visit):
    page = visit.open("/admin/runbooks/runbook/add/")
    page.fill("[name=title]", "Warehouse queue stalls")
    page.select_option("[name=kind]", "troubleshooting")
    text = page.locator("textarea[name=text]")
    expect(text).to_have_value(re.compile("## Symptom"))
    text.press("Control+End")
    page.keyboard.type(MORE)
    beside = page.locator(".editor-beside")
    expect(beside).to_contain_text("nobody")
    expect(beside).to_contain_text("finding")
    expect(beside.locator("ol.derived")).to_contain_text("Say hello")
    expect(page.locator(".markdownx-preview")).to_contain_text("Say hello")
    drop_picture(page)
    page.fill("[name=note]", "First version")
    page.click("[name=_save]")
    expect(page.locator(".message")).to_be_visible()
    expect(page.locator(".standing")).to_contain_text("v1 is draft")
    page.get_by_role("button", name="Submit").first.click()
    expect(page.locator(".standing")).to_contain_text("v1 is in review")
    expect(page.locator(".standing")).to_contain_text("someone else reviews")
    assert visit.complaints() == []
    assert Image.objects.get().alt == ALT


def drop_picture(page):
    """A picture dropped into the text is taken in only with words for it."""
    transfer = page.evaluate_handle(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "space.png", {type: "image/png"}));
          return transfer;
        }""",
        list(png()),
    )
    page.dispatch_event("textarea[name=text]", "drop", {"dataTransfer": transfer})
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("textbox").fill(ALT)
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile(re.escape(f"![{ALT}](")))
    expect(page.locator(f".markdownx-preview img[alt='{ALT}']")).to_be_visible()


def approve_and_publish(visit):
    page = visit.open("/")
    page.get_by_role("link", name="Review Warehouse queue stalls").click()
    expect(page.locator("h1")).to_contain_text("changes")
    page.fill("[name=note]", "Tried it.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status").first).to_contain_text("is approved")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".message")).to_contain_text("what readers see from now on")
    assert visit.complaints() == []


def describe(team):
    runbook = Runbook.objects.get()
    runbook.describe(owner=team)


def write_again_on_the_web(visit):
    page = visit.open("/runbooks/warehouse-queue-stalls/edit/")
    text = page.locator("textarea[name=text]")
    text.fill(text.input_value().replace("Say hello", "Restart the readers and say hello"))
    expect(page.locator("#preview")).to_contain_text("Restart the readers")
    page.fill("[name=note]", "Restart first")
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator(".message")).to_contain_text("waits for a review")
    assert visit.complaints() == []


def find_read_and_judge(visit):
    page = visit.open("/")
    page.locator("#q").fill("warehose queue")
    page.locator("#q").press("Enter")
    page.locator(".hits").get_by_role("link", name="Warehouse queue stalls").click()
    expect(page.locator("h1")).to_have_text("Warehouse queue stalls")
    copy_a_command(visit)
    compare_two_versions(page)
    page.go_back()
    page.go_back()
    page.fill("#reason", "Step three is missing")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".message")).to_contain_text("asked to review it")
    assert visit.complaints() == []


def copy_a_command(visit):
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = visit.page.locator(".code").first
    box.locator("[data-copy]").click()
    expect(box).to_contain_text("Copied")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == box.locator("code").inner_text().strip()
    assert copied.strip()


def compare_two_versions(page):
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Compare with v1").click()
    expect(page.locator(".diff-inline ins").first).to_be_visible()
    page.get_by_text("Side by side").click()
    table = page.get_by_role("table", name=re.compile("line by line"))
    expect(table).to_be_visible()
    expect(page.locator(".diff-inline")).to_be_hidden()
    expect(table.locator("ins").first).to_contain_text("estart the readers")


def test_nobody_approves_their_own_work(visit, paul):
    runbook = Runbook.objects.start("Mine", by=paul, text="Text.")
    runbook.newest.submit(by=paul)

    page = visit(paul).open("/runbooks/mine/compare/0/1/")

    expect(page.locator("aside")).to_contain_text("someone else approves")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert Version.objects.get().reviewer is None
