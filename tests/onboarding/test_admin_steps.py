"""Writing one step in the admin: its words, its picture, its page; nothing typed is lost."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from onboarding.models import Guide, Screenshot, Step
from tests.pictures import png_of

from .conftest import CALLOUT, png
from .writing import callout, fields_of, new_step_page, step_page


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


@pytest.fixture
def look(first_day):
    return first_day.steps.first()


def picture(colour="navy", name="page.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(colour).read(), content_type="image/png")


def test_what_is_there_is_shown_and_saved_again_unchanged(browser, look):
    before = Step.objects.filter(pk=look.pk).values().get()
    sent = fields_of(browser.get(step_page(look)), "step_form")

    assert sent["title"] == ["Look around"] and sent["callouts-0-x"] == ["10"]
    assert browser.post(step_page(look), sent).status_code == 302
    assert Step.objects.filter(pk=look.pk).values().get() == before


def test_a_new_step_is_previewed_with_the_number_that_it_gets(browser, first_day, look):
    assert fields_of(browser.get(new_step_page(first_day)), "step_form")["number"] == ["3"]
    assert fields_of(browser.get(step_page(look)), "step_form")["number"] == ["1"]


def test_all_of_a_step_is_written(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= {"title": "Look", "text": "Press *it*.", "control": "It", "result": "A page"}
    sent |= {"alt": "The page", "page-address": "/runbooks/", "page-width": "1000"}
    sent |= {"page-clicks": "click #menu\r\nfill #q => disk full\r\npress Enter\r\nwait .hits"}
    sent |= callout(0, kind="circle", x=1.5, y=2, w=3, h=4, text="Here", selector="#it")
    assert browser.post(step_page(look), sent).status_code == 302

    look.refresh_from_db()
    assert (look.title, look.control, look.result) == ("Look", "It", "A page")
    assert look.screenshot.alt == "The page"
    box = {"x": 1.5, "y": 2.0, "w": 3.0, "h": 4.0}
    assert look.callouts == [{"kind": "circle", "text": "Here", "box": box, "selector": "#it"}]
    assert look.page["clicks"] == [
        {"do": "click", "selector": "#menu", "value": ""},
        {"do": "fill", "selector": "#q", "value": "disk full"},
        {"do": "press", "selector": "", "value": "Enter"},
        {"do": "wait", "selector": ".hits", "value": ""},
    ]
    again = fields_of(browser.get(step_page(look)), "step_form")
    assert again["page-clicks"] == [sent["page-clicks"].replace("\r\n", "\n")]


def test_callouts_are_added_reordered_and_removed_as_a_table(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= callout(0, ORDER=3, text="Third") | callout(1, ORDER=1, text="First")
    sent |= callout(2, ORDER=2, text="Gone", DELETE="on")
    browser.post(step_page(look), sent)

    look.refresh_from_db()
    assert [each["text"] for each in look.callouts] == ["First", "Third"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"text": "x" * 140_000}, "too"),
        ({"page-address": "//evil.example"}, "The address is a path"),
        ({"page-address": "javascript:alert(1)"}, "The address is a path"),
        ({"page-address": "/", "page-width": "9"}, "Width and height are from"),
        ({"page-address": "/", "page-clicks": "click #a\nhover #b"}, "Line 2 begins with one of"),
        ({"page-address": "/", "page-clicks": "fill #b"}, "Line 1: write “fill"),
        ({"page-clicks": "click #a"}, "Clicks need an address"),
        (callout(0, x=95, w=20), "ends outside the picture"),
        (callout(0, kind="star"), "Select a valid choice"),
        (callout(0, x="<b>"), "Enter a number"),
        (callout(0, x="nan"), "Enter a number"),
        (callout(0, text="x" * 501), "at most 500"),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_stays(browser, look, typed, said):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= {"result": "Typed with care"} | typed
    page = browser.post(step_page(look), sent)

    assert page.status_code == 400
    assert said in page.content.decode()
    assert fields_of(page, "step_form")["result"] == ["Typed with care"]
    look.refresh_from_db()
    assert look.result == "A list."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", b"<svg onload='alert(1)'/>", "SVG drawings can carry scripts"),
        ("a.png", b"<svg onload='alert(1)'/>", "SVG drawings can carry scripts"),
        ("a.png", b"\x89PNG\r\n\x1a\n cut off", "damaged or cut off"),
        ("a.php", b"<?php echo 1;", "not a PNG, JPEG, WebP or GIF"),
        ("../../a.png", b"GIF89a", "damaged or cut off"),
        ("<img src=x onerror=alert(1)>.png", b"no", "not a PNG"),
        ("a.png", b"", "empty"),
    ],
)
def test_what_is_no_safe_picture_is_refused(browser, look, name, content, said):
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"result": "Typed"}
    page = browser.post(step_page(look), sent | {"picture": SimpleUploadedFile(name, content)})

    shown = page.content.decode()
    assert page.status_code == 400 and said in shown
    assert "<img src=x" not in shown
    assert fields_of(page, "step_form")["result"] == ["Typed"]
    assert Screenshot.objects.count() == 1


def test_a_bomb_is_refused_before_it_is_decoded(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    bomb = SimpleUploadedFile("a.png", png_of(30_000, 30_000))
    page = browser.post(step_page(look), sent | {"picture": bomb})

    assert page.status_code == 400 and "too many pixels" in page.content.decode()


def test_of_a_polyglot_only_the_pixels_are_kept(browser, look):
    evil = png().read() + b"<script>alert(1)</script>"
    sent = fields_of(browser.get(step_page(look)), "step_form")
    browser.post(step_page(look), sent | {"picture": SimpleUploadedFile("a.html", evil)})

    look.refresh_from_db()
    assert look.screenshot.name.endswith(".png")
    assert b"<script" not in look.screenshot.open().read()


def test_another_picture_takes_the_place_of_the_first(
    browser, look, django_capture_on_commit_callbacks
):
    old = look.screenshot
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"alt": "A new page"}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(step_page(look), sent | {"picture": picture()})

    look.refresh_from_db()
    assert look.screenshot != old and look.screenshot.alt == "A new page"
    assert look.callouts == [CALLOUT]
    assert not default_storage.exists(old.path)


def test_a_picture_is_taken_out(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"without_picture": "on"}
    browser.post(step_page(look), sent)

    look.refresh_from_db()
    assert look.screenshot is None


def test_a_blur_is_burnt_in_on_saving(browser, look, django_capture_on_commit_callbacks):
    old = look.screenshot
    before = old.open().read()
    sent = fields_of(browser.get(step_page(look)), "step_form") | callout(1, kind="blur", ORDER=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(step_page(look), sent).status_code == 302

    look.refresh_from_db()
    assert look.callouts == [CALLOUT]
    assert look.screenshot.open().read() != before
    assert len(look.screenshot.blurred) == 1
    assert not default_storage.exists(old.path)


def test_a_new_picture_with_a_blur_is_never_stored_without_it(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form") | callout(1, kind="blur")
    browser.post(step_page(look), sent | {"picture": picture()})

    newest = Screenshot.objects.latest("pk")
    assert len(newest.blurred) == 1
    assert Screenshot.objects.filter(blurred=[]).count() == 0


@pytest.mark.parametrize("breakage", ["gone", "broken"])
def test_a_broken_picture_is_said_and_nothing_is_lost(browser, look, breakage):
    default_storage.delete(look.screenshot.path)
    if breakage == "broken":
        default_storage.save(look.screenshot.path, io.BytesIO(b"\x89PNG nonsense"))
    page = browser.get(step_page(look))
    sent = fields_of(page, "step_form") | callout(1, kind="blur") | {"result": "Typed"}
    refused = browser.post(step_page(look), sent)

    assert page.status_code == 200
    assert refused.status_code == 400
    assert fields_of(refused, "step_form")["result"] == ["Typed"]


# Somebody else at the same time


def test_a_stale_save_shows_both_and_can_be_saved_again(browser, look, paul):
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"text": "Mine, typed"}
    Step.objects.get(pk=look.pk).edit(by=paul, text="Theirs, saved")
    page = browser.post(step_page(look), sent)

    shown = page.content.decode()
    assert page.status_code == 409
    assert "Theirs, saved" in shown and "Mine, typed" in shown
    look.refresh_from_db()
    assert look.text == "Theirs, saved"
    assert browser.post(step_page(look), fields_of(page, "step_form")).status_code == 302
    look.refresh_from_db()
    assert look.text == "Mine, typed"


def test_who_writes_another_step_is_not_in_the_way(browser, first_day, look, paul):
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"text": "Mine"}
    first_day.steps.last().edit(by=paul, text="Another")

    assert browser.post(step_page(look), sent).status_code == 302
    look.refresh_from_db()
    assert look.text == "Mine"


def test_a_step_that_was_removed_meanwhile_is_offered_as_a_new_one(browser, first_day, look, paul):
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"text": "Mine, typed"}
    Step.objects.get(pk=look.pk).remove(by=paul)
    page = browser.post(step_page(look), sent)

    assert page.status_code == 409
    assert "save it as a new step" in page.content.decode()
    again = browser.post(new_step_page(first_day), fields_of(page, "step_form"))
    assert again.status_code == 302
    saved = first_day.steps.last()
    assert (saved.text, saved.title, saved.callouts) == ("Mine, typed", "Look around", [CALLOUT])
    assert saved.screenshot.alt == "The first page"


def test_a_page_of_a_removed_step_leads_back_to_the_guides(browser, look, paul):
    look.remove(by=paul)

    assert browser.get(f"/admin/onboarding/step/{999_999}/change/").url.endswith("/guide/")


# New


def test_a_new_step_is_saved_once(browser, first_day):
    sent = fields_of(browser.get(new_step_page(first_day)), "step_form") | {"title": "Ask"}
    for _ in range(2):
        assert (
            browser.post(new_step_page(first_day), sent | {"picture": picture()}).status_code == 302
        )

    assert [step.title for step in first_day.steps.all()] == ["Look around", "Search", "Ask"]
    assert Guide.objects.get(pk=first_day.pk).steps.last().screenshot is not None


def test_without_a_guide_there_is_no_new_step(browser):
    assert browser.get("/admin/onboarding/step/add/").url.endswith("/guide/")


def test_a_picture_of_another_guide_is_not_taken(browser, look, alice, picture_of):
    other = picture_of(Guide.objects.start("Other", by=alice), alice)
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"shown": other.pk}

    assert browser.post(step_page(look), sent).status_code == 400


# The preview


def test_the_preview_is_the_step_as_typed(browser, look):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= {"title": "Typed", "text": "**Bold** <script>alert(1)</script>", "result": "A page"}
    page = browser.post("/admin/onboarding/step/preview/", sent).content.decode()

    assert "Typed" in page and "<strong>Bold</strong>" in page and "A page" in page
    assert "<script>alert" not in page
    assert look.screenshot.name in page and "Press it" in page


@pytest.mark.parametrize("sent", [{}, {"text": "a\x00b"}, {"text": "[" * 60_000}, {"shown": "x"}])
def test_the_preview_never_breaks(browser, sent):
    assert browser.post("/admin/onboarding/step/preview/", sent).status_code == 200


def test_the_list_of_steps_costs_the_same_however_long(
    browser, first_day, alice, django_assert_max_num_queries
):
    for number in range(12):
        Step.objects.add(first_day, by=alice, title=f"S{number}")
    browser.get("/admin/onboarding/step/")
    with django_assert_max_num_queries(7):
        assert browser.get("/admin/onboarding/step/?picture=flagged").status_code == 200


def test_what_is_hidden_stays_hidden_and_can_be_written(browser, look, alice):
    page = {
        "address": "/",
        "role": "",
        "hide": [".token"],
        "clicks": [{"do": "wait", "value": "a"}],
    }
    look.edit(by=alice, page=page)
    sent = fields_of(browser.get(step_page(look)), "step_form")
    assert sent["page-hide"] == [".token"]

    assert browser.post(step_page(look), sent | {"page-hide": ".token\r\n#key"}).status_code == 302
    look.refresh_from_db()
    assert look.page["hide"] == [".token", "#key"]


def test_nobody_looks_at_pages_of_a_role_above_their_own(browser, client_of, olga, look):
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= {"page-address": "/admin/", "page-role": "operator"}
    refused = browser.post(step_page(look), sent)
    assert refused.status_code == 400 and "Only somebody of this role" in refused.content.decode()

    assert client_of(olga).post(step_page(look), sent).status_code == 302
    look.refresh_from_db()
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"title": "Look well"}
    assert browser.post(step_page(look), sent).status_code == 302
    sent = fields_of(browser.get(step_page(look)), "step_form") | {"page-address": "/admin/x/"}
    assert browser.post(step_page(look), sent).status_code == 400


@pytest.mark.parametrize("is_published", [True, False])
def test_who_blurs_is_told_of_versions_that_stay_readable(
    browser, look, alice, first_day, is_published
):
    if is_published:
        first_day.publish(by=alice)
    sent = fields_of(browser.get(step_page(look)), "step_form")
    sent |= callout(1, kind="blur", x=1, y=2, w=3, h=4)

    page = browser.post(step_page(look), sent, follow=True)

    assert ("without the blur" in page.content.decode()) == is_published
