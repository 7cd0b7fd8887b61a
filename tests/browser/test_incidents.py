"""Declare an incident, and work on it in its room, while another one does, too."""

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.incidents.world import make_policy, make_service

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_three_answers_to_a_room_that_loses_nothing(
    visit, rita, olga, alice, one_request_at_a_time, size
):
    make_service(policy=make_policy(olga))
    mine = visit(rita, **size)
    page = mine.open("/incidents/new/?service=checkout")
    expect(page.get_by_text("Say how bad it is to see what follows.")).to_be_visible()
    page.get_by_label("What is wrong?").fill("Payments fail with time-outs")
    page.get_by_text("Major", exact=True).click()
    expect(page.get_by_text("First notice due in 10 min.")).to_be_visible()
    expect(page.locator(".calls .called:visible")).to_contain_text(f"Calls {olga} now")
    assert mine.sideways() == mine.barriers() == []

    page.get_by_role("button", name="Declare incident").click()
    expect(page.get_by_role("heading", name="Payments fail with time-outs")).to_be_visible()
    page.wait_for_load_state()  # until then nothing listens to keys
    page.keyboard.press("n")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type("We typed half of")
    with one_request_at_a_time:
        incident = Incident.objects.get()
        incident.note("Somebody else wrote", by=alice)
        incident.acknowledge(by=alice)

    expect(page.locator("#room-timeline")).to_contain_text("Somebody else wrote")
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    page.keyboard.type(" a sentence")
    assert page.locator("#id_text").input_value() == "We typed half of a sentence"
    page.locator("#take-scribe").click()  # another form of the page
    expect(page.locator("#room-roles")).to_contain_text(f"{rita} (you)")
    expect(page.locator("#id_text")).to_have_value("We typed half of a sentence")
    page.locator("#id_text").press("Control+Enter")
    expect(page.locator("#room-timeline")).to_contain_text("We typed half of a sentence")
    page.evaluate("scrollTo(0, 0)")  # the bar above covers what the anchor left half below it
    assert mine.sideways() == mine.barriers() == mine.complaints() == []
