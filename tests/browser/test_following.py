"""A deployment of this portal by its own starter runbook: it fails, is rolled back, is logged."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from portal.accounts.models import Team
from runbooks.models import Run, Runbook, RunState

SCREENS = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


@pytest.fixture
def library(library):
    team = Team.objects.create(slug="platform", name="Platform")
    for slug in ("deploy-the-portal", "roll-back-the-portal"):
        Runbook.objects.get(slug=slug).describe(owner=team)


def click(page, name: str):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_deployment_fails_is_rolled_back_and_stands_in_the_log(
    screen, visit, library, rita, paul, nina, one_request_at_a_time
):
    responder = visit(rita, **SCREENS[screen])
    page = responder.open("/runbooks/deploy-the-portal/")
    page.get_by_role("link", name="Run", exact=True).click()
    start(page)
    expect(page.locator("#step-title")).to_contain_text("CHANGELOG.md")
    watcher = visit(nina).open(page.url)
    for number in (1, 2, 3):
        page.fill("#note", f"seen {number}")
        click(page, "Done, next")
        expect(page.locator(".step-no")).to_contain_text(f"Step {number + 1} of 16")
    expect(watcher.locator("#run-log")).to_contain_text("seen 3")
    click(page, "Skip")
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.fill("#note", "No migration in it")
    click(page, "Skip")
    expect(page.locator(".step-no")).to_contain_text("Step 5 of 16")
    click(page, "Done, next")
    expect(page.locator("#step-title")).to_contain_text("Fetch the release")
    expect(page.locator(".run-text pre")).to_contain_text("git checkout v1.4.0")
    page.fill("#note", "fatal: no such tag")
    click(page, "Failed")
    expect(page.locator(".run-now")).to_contain_text("Roll back?")
    page.get_by_role("link", name="Roll back the portal").click()
    roll_back(page, visit(paul), one_request_at_a_time)

    log = responder.open("/runbooks/deployments/")
    rows = log.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("Succeeded")
    expect(rows.nth(1)).to_contain_text("Rolled back")
    with one_request_at_a_time:
        review = Runbook.objects.get(slug="deploy-the-portal").review_asked
        states = list(Run.objects.order_by("pk").values_list("state", flat=True))
    assert "fatal: no such tag" in review
    assert [word for word in responder.complaints() if "400" not in word] == []
    assert states == [RunState.ROLLED_BACK, RunState.SUCCEEDED]


def start(page):
    page.get_by_label("release").first.fill("v1.4.0")
    page.get_by_label("host").fill("not a host!")
    page.get_by_label("Environment").fill("production")
    click(page, "Start")
    expect(page.locator("form")).to_contain_text(["It has to fit the pattern"])
    page.get_by_label("host").fill("portal.example.org")
    click(page, "Start")


def roll_back(page, second, turn):
    expect(page.get_by_label("Release")).to_have_value("")  # nothing ran there before
    expect(page.get_by_label("previous")).to_have_value("")
    page.get_by_label("previous").fill("v1.3.0")
    click(page, "Start")
    expect(page.locator("#step-title")).to_be_visible()
    with turn:
        steps = list(Run.objects.order_by("-pk").first().steps.order_by("number"))
    for step in steps:
        expect(page.locator(".step-no")).to_contain_text(f"Step {step.number} of")
        if step.asks_check:
            page.get_by_label("I checked").check()
        page.get_by_role("button", name="Done").click()
        if step.asks_second:
            expect(page.locator(".run-now")).to_contain_text("Somebody else has to confirm")
            other = second.open(page.url)
            click(other, "I confirm it")
            expect(other.locator("#run-log")).to_contain_text("confirmed")
            page.goto(page.url.split("?")[0])
    click(page, "Mark as succeeded")
    expect(page.locator(".run-now")).to_contain_text("Succeeded after")


def test_what_is_refused_leaves_the_page_at_an_address_that_opens_again(visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    page = visit(rita).open(run.get_absolute_url())
    click(page, "Skip")
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    assert page.url.endswith(f"{run.get_absolute_url()}?step=1")
    page.get_by_text("Hand over or stop").click()
    page.fill("#hand-over-to", "nobody-at-all")
    click(page, "Hand over")
    expect(page.locator("#hand-over-to")).to_have_value("nobody-at-all")
    expect(page.locator("#hand-over-to")).to_be_focused()
    expect(page.locator("#hand-over-to_error")).to_contain_text("nobody-at-all")

    page.reload()

    assert page.url.endswith(f"{run.get_absolute_url()}?step=1")
    expect(page.locator("#step-title")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_it_is_handed_over_by_name(script, visit, library, rita, paul):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    phone = {**SCREENS["phone"], "java_script_enabled": script}
    page = visit(rita, **phone).open(run.get_absolute_url())
    link = page.get_by_role("link", name="Hand over")
    expect(link).to_be_in_viewport()
    assert page.locator("#run-head").bounding_box()["height"] < 180  # it stays while one scrolls
    link.tap()
    field = page.get_by_label("Hand over to")
    expect(field).to_be_in_viewport()
    field.fill("Paul A.")
    click(page, "Hand over")
    expect(page.locator("#hand-over-to_error")).to_contain_text("Did you mean Paul Approver?")
    expect(page.locator("#hand-over-to_error")).to_be_in_viewport()
    expect(field).to_be_focused()
    field.fill("Paul Approver")
    page.get_by_label("What they should know").fill("Wait for the replica")
    click(page, "Hand over")

    expect(page.get_by_text("Paul Approver leads it now")).to_be_in_viewport()
    home = visit(paul, **SCREENS["phone"]).open("/")
    expect(home.locator("main")).to_contain_text("Wait for the replica")


def test_who_has_a_deployment_open_sees_that_it_is_rolled_back(visit, library, rita, paul):
    deploy, back = (
        Runbook.objects.get(slug=f"{verb}-the-portal") for verb in ("deploy", "roll-back")
    )
    values = {"release": "v2", "host": "a.example"}
    run = Run.objects.start(deploy, by=rita, parameters=values)
    page = visit(rita).open(run.get_absolute_url())
    page.fill("#note", "half a line")
    undo = Run.objects.start(back, by=paul, rollback_of=run, parameters={"previous": "v1"})

    expect(page.locator("#run-changed")).to_contain_text(f"Being rolled back by run {undo.pk}")
    expect(page.locator("#note")).to_have_value("half a line")
    click(page, "Done, next")
    expect(page.locator("#run")).to_contain_text("What you wrote is saved in the log")
    expect(page.get_by_role("button", name="Failed")).to_have_count(0)
    undo.abort(by=paul, reason="Wrong cluster")
    expect(page.get_by_role("button", name="Done, next")).to_be_visible()


def test_it_is_followed_by_the_keyboard_alone(visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    page = visit(rita).open(run.get_absolute_url())
    page.locator("#note").focus()
    page.keyboard.type("by keyboard")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Done, next":
            break
    page.keyboard.press("Enter")

    expect(page.locator(".step-no")).to_contain_text("Step 2 of 16")
    expect(page.locator("#step-title")).to_be_focused()


def test_it_is_followed_without_a_script(visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    page = visit(rita, java_script_enabled=False).open(run.get_absolute_url())
    page.fill("#note", "no script")
    click(page, "Done, next")

    expect(page.locator(".step-no")).to_contain_text("Step 2 of 16")
    assert run.entries.filter(text="no script").exists()


def test_who_only_reads_is_taken_along(visit, library, rita, nina):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    page = visit(nina).open(run.get_absolute_url())
    expect(page.locator(".run-now")).to_contain_text("You are following along")
    page.locator("#run-steps a").first.focus()
    run.complete_step(1, by=rita, note="seen")

    expect(page.locator(".step-no")).to_contain_text("Step 2 of 16")
    expect(page.locator("#step-title")).not_to_be_focused()


def test_a_lost_connection_loses_nothing_and_makes_one_tick(visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    follower = visit(rita)
    page = follower.open(run.get_absolute_url())
    page.fill("#note", "read it")
    follower.context.set_offline(True)
    click(page, "Done, next")
    expect(page.locator("#run-changed")).to_contain_text("No connection")
    expect(page.locator("#note")).to_have_value("read it")
    follower.context.set_offline(False)
    expect(page.locator("#run-changed")).not_to_contain_text("No connection")
    # the answer is lost: the portal did it, and nobody here knows
    page.route("**/steps/1/", lambda route: (route.fetch(max_redirects=0), route.abort()))
    click(page, "Done, next")
    expect(page.locator("#run-changed")).to_contain_text("No connection")
    page.unroute("**/steps/1/")
    click(page, "Done, next")

    expect(page.locator(".step-no")).to_contain_text("Step 2 of 16")
    assert list(run.entries.filter(step__number=1).values_list("text", flat=True)) == ["read it"]


def test_who_was_signed_out_keeps_what_was_typed(visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1", "host": "a.example"},
    )
    follower = visit(rita)
    page = follower.open(run.get_absolute_url())
    page.fill("#note", "a page of output")
    follower.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    click(page, "Done, next")

    expect(page.locator("#run-changed")).to_contain_text("You were signed out")
    expect(page.locator("#note")).to_have_value("a page of output")


SECRET = """\
---
parameters:
  - {name: token, type: secret}
---
Go.

- [ ] Sign in

  ```bash
  login --token "{{ token }}"
  ```
- [ ] Look
"""


def test_neither_prompts_nor_answers_are_copied(visit, alice, nina, publish):
    text = "```console\n$ systemctl status shop\n  Active: active\n$ id\nuid=0(root)\n```\n"
    publish(Runbook.objects.start("Session", by=alice, text=text).newest)
    page = visit(nina, permissions=["clipboard-read", "clipboard-write"]).open("/runbooks/session/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()

    assert page.evaluate("navigator.clipboard.readText()") == "systemctl status shop\nid"


def test_a_secret_is_copied_and_never_sent(visit, alice, rita, publish):
    runbook = Runbook.objects.start("Secret", by=alice, text=SECRET)
    publish(runbook.newest)
    runbook.refresh_from_db()
    run = Run.objects.start(runbook, by=rita)
    follower = visit(rita, permissions=["clipboard-read", "clipboard-write"])
    page = follower.open(run.get_absolute_url())
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_label("token").fill("it's $ecret")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.fill("#note", "I used it's $ecret here")
    click(page, "Done, next")
    expect(page.locator(".step-no")).to_contain_text("Step 2 of 2")

    assert copied == "login --token \"\"'it'\\''s $ecret'\"\""
    assert run.entries.get(kind="done").text == "I used <token> here"
    assert not any("ecret" in body for body in sent)
    expect(page.get_by_label("token")).to_have_value("it's $ecret")


def test_a_diagram_is_zoomed_and_leads_to_its_services(visit, world, nina):
    page = visit(nina).open("/services/diagrams/network/")
    picture = page.locator("[data-panzoom] img")
    expect(picture).to_be_visible()
    before = picture.bounding_box()["width"]
    page.locator("[data-panzoom]").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert picture.bounding_box()["width"] > before
    page.get_by_role("button", name="Fit").click()
    page.get_by_role("link", name="Cart").click()
    expect(page.locator("h1")).to_have_text("Cart")


def test_a_click_on_a_thing_opens_it(visit, world, nina):
    someone = visit(nina)
    page = someone.open("/services/diagrams/context/?service=cart")
    picture = page.locator("[data-panzoom] img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    picture.click(position={"x": 60, "y": box["height"] / 2})

    expect(page.locator("h1")).to_have_text("Cart")
    assert someone.complaints() == []


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_whole_runbook_is_at_hand_by_the_keyboard(screen, script, visit, library, rita):
    run = Run.objects.start(
        Runbook.objects.get(slug="deploy-the-portal"),
        by=rita,
        parameters={"release": "v1.4.0", "host": "a.example"},
    )
    page = visit(rita, **SCREENS[screen], java_script_enabled=script).open(run.get_absolute_url())
    panel = page.locator("#run-runbook")
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Runbook", exact=True).press("Enter")

    expect(panel).to_be_visible()
    expect(panel.get_by_role("region", name="The whole runbook")).to_be_focused()
    expect(panel).to_contain_text("git checkout v1.4.0")
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SCREENS[screen]["viewport"]["width"]
    panel.get_by_role("link", name="Rollback", exact=True).first.press("Enter")
    expect(panel.get_by_text("not plain within ten minutes")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("#step-title")).to_be_visible()
