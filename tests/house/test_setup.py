"""The checklist of a new portal: true, for operators alone, gone once it is done or hidden."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Component, EscalationPolicy, Rotation
from onboarding.models import Guide
from portal import setup
from portal.accounts.models import Team, User
from portal.architecture.models import Service
from portal.core.ops.checks import NO_MAIL
from portal.monitoring.models import Intake
from portal.notifications.models import Beat, Delivery
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TITLE = "Set up this portal"


@pytest.fixture(autouse=True)
def no_mail(settings):
    settings.EMAIL_BACKEND = NO_MAIL


def open_steps(person) -> dict[str, str]:
    found = setup.steps(person, timezone.now())
    return {step.title: step.line for step in found if not step.is_done}


def test_a_new_portal_needs_everything_and_each_step_leads_to_a_page(olga, client_of):
    client = client_of(olga)
    page = client.get("/").content.decode()

    assert TITLE in page and "0 of 10 done" in page and page.count("To do") == 10
    for step in setup.steps(olga, timezone.now()):
        assert f'href="{step.address}"' in page
        assert client.get(step.address).status_code == 200, step


def test_nobody_but_operators_sees_it(people, client_of):
    for person in people.values():
        seen = TITLE in client_of(person).get("/").content.decode()
        assert seen == (person.role == "operator"), person
        hidden = client_of(person).post("/setup/hide/", {"hide": "1"})
        assert hidden.status_code == (302 if person.role == "operator" else 403)


def test_people_are_there_once_another_one_can_sign_in(olga, nina):
    assert "Add people" not in open_steps(olga)

    User.objects.filter(pk=nina.pk).update(is_active=False)
    assert "Add people" in open_steps(olga)


def test_mail_needs_a_server_that_takes_it_and_an_address(olga, settings):
    assert "PORTAL_EMAIL_URL" in open_steps(olga)["Send e-mail"]

    assert "submission://" in open_steps(olga)["Send e-mail"]

    settings.EMAIL_BACKEND, olga.email = SMTP, ""
    assert "no e-mail address" in open_steps(olga)["Send e-mail"]

    olga.email = "olga@example.org"
    assert "Send e-mail" not in open_steps(olga)

    Delivery.objects.create(key="a", recipient=olga, to=olga.email, subject="x", attempts=2)
    assert "taken no message yet" in open_steps(olga)["Send e-mail"]

    Delivery.objects.update(state="sent", sent_at=timezone.now())
    assert "Send e-mail" not in open_steps(olga)


def test_the_settings_of_mail_are_one_click_away_where_their_page_is_published(olga):
    def address() -> str:
        steps = setup.steps(olga, timezone.now())
        return next(step.address for step in steps if step.title == "Send e-mail")

    page = Runbook.objects.start("Settings", by=olga, text="All.", kind="reference")
    assert address() == "/notifications/"
    Runbook.objects.filter(pk=page.pk).update(published=page.newest)
    assert address() == page.get_absolute_url()


def test_the_engine_runs_while_it_beats(olga):
    now = timezone.now()
    Beat.objects.create(name="here", at=now - timedelta(seconds=40))
    assert "Run the engine" in open_steps(olga)

    Beat.objects.update(at=now)
    assert "Run the engine" not in open_steps(olga)


def test_runbooks_are_there_once_one_is_published(olga, disk):
    assert "Import runbooks" not in open_steps(olga)

    Runbook.objects.update(published=None)
    assert "Import runbooks" in open_steps(olga)


def test_owners_are_named_kind_by_kind(olga, alice, disk):
    team = Team.objects.create(slug="platform", name="Platform")
    assert "Make a team" in open_steps(olga)["Name the owners"]

    team.members.add(alice)
    Guide.objects.start("First day", by=alice)
    Service.objects.create(slug="shop", name="Shop")
    Runbook.objects.update(owner=None)
    for kind in (Runbook, Guide, Service):
        expected = f"Some {kind.__name__.lower()}s have no owner"
        assert expected in open_steps(olga)["Name the owners"]
        kind.objects.update(owner=team)
    assert "Name the owners" not in open_steps(olga)


@pytest.fixture
def ready(no_mail, olga, alice, disk, settings):
    """Everything is set up."""
    team = Team.objects.create(slug="platform", name="Platform")
    team.members.add(alice)
    shop = Service.objects.create(slug="shop", name="Shop")
    for kind in (Runbook, Service):
        kind.objects.update(owner=team)
    Intake.objects.make("Prometheus", "alertmanager")
    Rotation.objects.make(by=olga, at=timezone.now(), slug="shop", name="Shop")
    EscalationPolicy.objects.create(slug="shop", name="Shop")
    Component.objects.add(by=olga, service=shop, public_name="Shop")
    Beat.objects.create(name="here", at=timezone.now())
    User.objects.filter(pk=olga.pk).update(email="olga@example.org")
    settings.EMAIL_BACKEND = SMTP


def test_it_goes_when_all_is_done_and_asks_no_more(ready, olga, client_of):
    client = client_of(olga)
    assert TITLE not in client.get("/").content.decode()

    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [each for each in queries if "notifications_beat" in each["sql"]]

    caches["process"].clear()  # after an hour, or in another process
    Service.objects.all().delete()
    assert "8 of 10 done" in client.get("/").content.decode()


def test_it_costs_one_query(olga):
    setup.steps(olga, timezone.now())
    with CaptureQueriesContext(connection) as queries:
        setup.steps(olga, timezone.now())

    assert len(queries) == 1


def test_it_is_hidden_for_oneself_and_shown_again(olga, client_of):
    client = client_of(olga)

    answer = client.post("/setup/hide/", {"hide": "1"}, follow=True)
    assert TITLE not in answer.content.decode()
    assert "Your profile shows it again" in answer.content.decode()
    assert "Show the set-up checklist" in client.get("/account/profile/").content.decode()

    client.post("/setup/hide/", {"hide": "0"})
    assert TITLE in client.get("/").content.decode()
    assert "Show the set-up checklist" not in client.get("/account/profile/").content.decode()
