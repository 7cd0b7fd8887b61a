"""The pages of those who keep guides: light, dark, wide, on a phone, without JavaScript."""

from onboarding.models import Assignment, Guide, StuckReport

from .test_pages import faults

PLACES = ("/guides/figures/", "/guides/stuck/", "/guides/assignments/")


def test_no_page_of_a_keeper_has_a_fault(visit, world, paul):
    long = Guide.objects.exclude(slug__in=["first-day", "old-guide", "not-published"]).first()
    addresses = [
        *PLACES,
        "/",
        "/guides/first-day/figures/",
        "/guides/first-day/figures/?version=1",
        f"/guides/{long.slug}/figures/",
        *(row.get_absolute_url() for row in StuckReport.objects.all()),
        Assignment.objects.first().get_absolute_url(),
        "/guides/assignments/new/?guide=first-day",
    ]

    assert faults(visit(paul), *addresses) == []


def test_no_page_of_an_empty_portal_has_a_fault(visit, paul):
    assert faults(visit(paul), *PLACES, "/guides/assignments/new/") == []


def test_a_keeper_answers_and_assigns_without_a_script_or_a_mouse(visit, world, alice, nina):
    page = visit(alice, java_script_enabled=False).open("/guides/stuck/?state=open")
    page.get_by_role("link", name="It has no sound").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Answer").fill("Turn it on.")
    page.get_by_role("button", name="Answer", exact=True).press("Enter")
    assert page.get_by_text("Turn it on.").is_visible()

    page.goto("/guides/assignments/new/?guide=first-day")
    page.get_by_label("Person", exact=True).fill("rita")
    page.get_by_label("Due on").fill("2030-01-02")
    page.get_by_role("button", name="Assign").press("Enter")
    assert page.get_by_role("heading", name="First day for Rita Responder").is_visible()
    assert StuckReport.objects.open().count() == 0
