"""Nothing that was typed is lost: two editors at once, a crash, no script."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from runbooks.models import Runbook, WorkingCopy

TEXT = "First line.\n\n## Steps\n\n1. Stop.\n2. Look.\n3. Start.\n"
EDIT = "/runbooks/drain/edit/"


def drawn() -> bytes:
    """A small picture."""
    Image.new("RGB", (8, 8)).save(file := BytesIO(), "PNG")
    return file.getvalue()


@pytest.fixture
def drain(alice, publish):
    runbook = Runbook.objects.start("Drain", by=alice, text=TEXT)
    publish(runbook.newest)
    return Runbook.objects.get(pk=runbook.pk)


def test_a_stale_save_shows_both_texts_and_their_merge(visit, drain, alice, paul):
    first, second = visit(alice), visit(paul)
    for editor in (first, second):
        editor.open(EDIT)
    first.page.fill(
        "[name=text]", TEXT.replace("Stop.", "Stop the readers.").replace("First", "1st")
    )
    second.page.fill("[name=text]", TEXT.replace("Stop.", "Halt.").replace("Start.", "Start all."))
    for editor in (first, second):
        editor.page.get_by_role("button", name="Save draft").click()

    page = second.page
    expect(page.locator("h1")).to_contain_text("Alice Author saved v2")
    expect(page.get_by_role("region", name="Their text")).to_contain_text("Stop the readers.")
    expect(page.get_by_role("region", name="Your text")).to_contain_text("Halt.")
    merged = page.locator("#m")
    expect(merged).to_have_value(re.compile("1st line.*Start all", re.DOTALL))
    page.get_by_label("Yours", exact=False).first.check()
    expect(merged).to_have_value(re.compile("1st line.*Halt.*Start all", re.DOTALL))
    page.get_by_role("button", name="Save merged text").click()
    expect(page.locator(".message")).to_contain_text("v3 is saved")

    drain.refresh_from_db()
    assert "Halt." in drain.newest.text
    assert "1st line." in drain.newest.text
    complaints = [word for word in first.complaints() + second.complaints() if "409" not in word]
    assert complaints == []


def test_the_merge_page_has_no_barrier(visit, drain, alice, paul):
    editor = visit(paul)
    page = editor.open(EDIT)
    drain.draft(TEXT.replace("Stop.", "Stop the readers."), author=alice, based_on=1)
    page.fill("[name=text]", TEXT.replace("Stop.", "Halt."))
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#m")).to_be_visible()

    for width in (1440, 390):
        editor.width(width)
        assert editor.barriers() == []
        assert editor.sideways() == []


def test_the_toolbar_writes_what_can_be_undone_and_takes_a_picture(visit, drain, alice):
    page = visit(alice).open(EDIT)
    text = page.locator("[name=text]")
    text.fill("Stop\nLook")
    text.press("Control+a")
    page.get_by_role("button", name="Heading").press("End")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(text).to_have_value("- [ ] Stop\n- [ ] Look")
    text.press("Control+z")
    expect(text).to_have_value("Stop\nLook")

    text.press("Control+End")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Insert an image").click()
    chooser.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": drawn()})
    page.get_by_label("Said to those who cannot see it").fill("A lever")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(text).to_have_value(re.compile(r"Look\n\n!\[A lever\]\(/media/"))
    text.press("Control+z")
    expect(text).to_have_value("Stop\nLook")


@pytest.mark.parametrize("address", [EDIT, "/runbooks/new/?kind=reference"])
def test_what_was_typed_before_a_crash_is_offered(address, visit, drain, alice):
    editor = visit(alice)
    page = editor.open(address)
    page.fill("[name=text]", "Typed and never saved.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    editor.context.close()

    page = visit(alice).open(address.split("?")[0])
    page.get_by_role("link", name="Continue editing").click()

    expect(page.locator("[name=text]")).to_have_value("Typed and never saved.")


def test_the_admin_too_offers_what_was_typed(visit, drain, alice):
    editor, address = visit(alice), f"/admin/runbooks/runbook/{drain.pk}/change/"
    page = editor.open(address)
    page.fill("[name=text]", "Typed in the admin.")
    expect(page.locator("[data-kept]")).to_contain_text("Saved at")
    editor.context.close()

    page = visit(alice).open(address)
    page.get_by_role("link", name="Continue editing").click()

    expect(page.locator("[name=text]")).to_have_value("Typed in the admin.")


def test_a_stale_save_in_the_admin_shows_both_texts(visit, drain, alice, paul):
    editor = visit(alice)
    page = editor.open(f"/admin/runbooks/runbook/{drain.pk}/change/")
    drain.draft(TEXT.replace("Stop.", "Stop the readers."), author=paul, based_on=1)
    page.fill("[name=text]", TEXT.replace("Stop.", "Halt."))
    page.click("[name=_save]")

    expect(page.get_by_role("region", name="Their text")).to_contain_text("Stop the readers.")
    expect(page.get_by_role("region", name="Your text")).to_contain_text("Halt.")
    page.locator("#id_text").fill(TEXT.replace("Stop.", "Halt the readers."))
    page.click("[name=_save]")
    expect(page.locator(".standing")).to_contain_text("Draft v3")
    drain.refresh_from_db()
    assert "Halt the readers." in drain.newest.text


def test_without_script_one_signs_in_reads_searches_and_writes(visit, drain, alice):
    page = visit(java_script_enabled=False).open("/account/sign-in/")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#q").fill("drain")
    page.locator("#q").press("Enter")
    page.locator(".hits").get_by_role("link", name="Drain").click()
    expect(page.locator("article")).to_contain_text("Look.")
    page.get_by_role("link", name="Edit").click()
    page.fill("[name=text]", TEXT + "4. Rest.\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview .preview-doc")).to_contain_text("Rest.")
    expect(page.locator("[name=text]")).to_have_value(TEXT + "4. Rest.\n")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".message")).to_contain_text("v2 is saved as a draft")
    drain.refresh_from_db()
    assert drain.newest.text == TEXT + "4. Rest.\n"
    assert not WorkingCopy.objects.exists()
