"""People are told of an incident, and everybody reads it, on a computer and on a phone."""

from django.utils import timezone

from incidents.models import (
    Audience,
    Communication,
    CommunicationTemplate,
    Component,
    StatusSubscription,
)
from incidents.models.subscriptions import CONFIRM
from portal.accounts.models import User
from tests.incidents.world import declare, make_service

from .test_pages import PHONE, WIDE, faults

LONG = "Checkout in the region with the longest name that anybody has ever seen"


def test_the_desk_and_the_status_page_fit_and_work(portal, people, visit, settings, tmp_path):
    settings.PUBLIC_STATUS, settings.DATA_DIR = True, tmp_path
    olga, rita = (User.objects.get(username=name) for name in ("olga", "rita"))
    service = make_service("checkout-backend")
    Component.objects.add(by=olga, service=service, public_name=LONG, is_public=True)
    Audience.objects.filter(name="executives").update(addresses=["boss@example.org"])
    incident = declare(olga, title=LONG, services=[service])
    template = CommunicationTemplate.objects.usual("executives", "notice")
    waiting = Communication.objects.draft(
        incident,
        audience="executives",
        moment="notice",
        template=template,
        by=rita,
        at=timezone.now(),
        values={"impact": "One in ten payments is refused", "not_affected": "Browsing"},
    )
    waiting.submit(by=rita)
    subscriber = StatusSubscription.objects.create(email="a@example.org", asked_at=timezone.now())
    desk = f"/incidents/{incident.pk}/communicate/?to=customers"
    shown = visit(olga)

    shown.width(PHONE)
    page = shown.open(desk)
    page.get_by_label("Impact").fill("Cards are refused")
    page.get_by_role("button", name="Preview").click()
    assert page.get_by_text("1 missing").is_visible()
    assert page.get_by_label("Impact").input_value() == "Cards are refused"
    page.get_by_label("Not affected").fill("Browsing")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("First notice to customers sent.").wait_for()
    shown.width(WIDE)
    addresses = [
        desk,
        waiting.get_absolute_url(),
        Communication.objects.sent().get().get_absolute_url(),
        "/status/",
        "/status/components/new/",
        "/status/public/",
        f"/status/public/confirm/{subscriber.token(CONFIRM)}/",
        "/incidents/communication/templates/",
        template.get_absolute_url(),
        "/incidents/communication/audiences/",
    ]
    assert faults(shown, *addresses) == []
    assert "Cards are refused" in shown.open("/status/public/").content()
