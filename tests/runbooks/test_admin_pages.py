"""Every page of the admin: who enters, what it costs, and that nothing typed comes back as HTML."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from onboarding.models import Guide, Question, Screenshot, StuckReport, Video
from portal.accounts.models import Team, Token
from portal.architecture.models import (
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    Zone,
)
from portal.core.web.keys import LONG
from portal.monitoring.models import Heartbeat, Intake, PingKey
from portal.monitoring.muting import verbs as muting
from portal.notifications.models import Channel, ContactMethod
from runbooks.models import Feedback, Gap, Image, Link, Runbook, Template
from tests.incidents.oncall.world import make_on_call
from tests.incidents.world import declare
from tests.monitoring.world import make_alerts
from tests.onboarding.world import make_guide, make_questions, put_in_the_middle

HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>'
OURS = list(admin.site._registry)
PRIVATE = {
    "user",
    "token",
    "logentry",
    "delivery",
    "progress",
    "channel",
    "contactmethod",
    "intake",
}


def listing(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def hostile(once, alice, olga, publish):
    """A row of each model whose every text tries to break out of the page."""
    alice.name = HOSTILE
    alice.save()
    Template.objects.update_or_create(kind="reference", defaults={"text": HOSTILE})
    once(("hostile rows",), partial(make_hostile, alice, olga, publish))
    return Runbook.objects.get()


def make_hostile(alice, olga, publish) -> list:
    """The rows that have files."""
    team = Team.objects.create(name=HOSTILE, slug="evil")
    service = Service.objects.create(name=HOSTILE, slug="evil", owner=team, description=HOSTILE)
    runbook = Runbook.objects.start(
        HOSTILE, by=alice, text=HOSTILE, note=HOSTILE, owner=team, services=[service]
    )
    publish(runbook.newest)
    runbook = Runbook.objects.get(pk=runbook.pk)
    runbook.ask_review(HOSTILE)
    runbook.draft(HOSTILE + "2", author=alice, note=HOSTILE, based_on=1)
    Gap.objects.create(name=HOSTILE, first_at=timezone.now(), last_at=timezone.now())
    shown = {"runbook": runbook, "version": runbook.published}
    Feedback.objects.create(user=alice, helpful=False, reason=HOSTILE, **shown)
    Link.objects.create(source=runbook, address=HOSTILE, text=HOSTILE)
    Image.objects.create(
        name="a.png", runbook=runbook, alt=HOSTILE, width=1, height=1, content_type="image/png"
    )
    Token.objects.issue(olga, HOSTILE[:80], ["read"], days=1)
    hostile_catalog(service)
    hostile_guide(alice, team)
    hostile_alerts(olga)
    hostile_incident(alice, olga, service)
    return [*Screenshot.objects.all(), *Video.objects.exclude(name="")]


def hostile_alerts(olga) -> None:
    at, hour = timezone.now(), timedelta(hours=1)
    intake, _ = Intake.objects.make(HOSTILE, "alertmanager")
    make_alerts((HOSTILE, "Ended"), intake=intake)
    Heartbeat.objects.make(HOSTILE, every=hour, by=olga)
    PingKey.objects.issue(HOSTILE, owner=None, by=olga)
    column = [{"name": "alertname", "operator": "=", "value": HOSTILE}]
    muting.silence(column, by=olga, at=at, ends_at=at + hour, reason=HOSTILE)
    about = {"title": HOSTILE, "starts_at": at + hour, "duration": hour, "is_for_all": True}
    muting.plan(by=olga, at=at, services=[], **about)
    Channel.objects.add(by=olga, name=HOSTILE, kind="mail", address="team@example.org")
    ContactMethod.objects.add(olga, kind="mail", address="pager@example.org", label=HOSTILE[:60])


def hostile_incident(alice, olga, service) -> None:
    rotation = make_on_call([olga, alice], by=olga, slug="evil")
    rotation.overrides.update(reason=HOSTILE[:200])
    type(rotation).objects.update(name=HOSTILE[:60], description=HOSTILE)
    incident = declare(olga, title=HOSTILE[:200], services=[service], description=HOSTILE)
    incident.note(HOSTILE, by=olga)


def hostile_guide(alice, team) -> None:
    guide = make_guide(alice, HOSTILE, owner=team, audience=HOSTILE)
    make_questions(guide, "evil")
    Question.objects.get().write(question=HOSTILE, topic=HOSTILE[:80], answer=HOSTILE)
    Question.objects.get().judge(by=alice, helped=False)
    progress = put_in_the_middle(guide, alice, alice)
    key = progress.version.keys[0]
    StuckReport.objects.report(progress, key, by=alice, text=HOSTILE, page=HOSTILE)
    step = guide.steps.first()
    step.edit(by=alice, title=HOSTILE, text=HOSTILE, control=HOSTILE)
    step.mark(HOSTILE)
    Video.objects.create(guide=guide, title=HOSTILE, address="https://a.example/x.mp4")
    guide.publish(by=alice, note=HOSTILE)


def test_nor_do_the_pages_of_a_guide(client_of, olga, hostile):
    guide, browser = Guide.objects.get(), client_of(olga)
    for name in ("preview", "compare", "publish", "history"):
        response = browser.get(reverse(f"admin:onboarding_guide_{name}", args=[guide.pk]))
        assert response.status_code == 200
        for piece in (b"<img src=x", b"<script>alert"):
            assert piece not in response.content, name


def hostile_catalog(service) -> None:
    zone = Zone.objects.create(name=HOSTILE, slug="evil", description=HOSTILE, ranges=HOSTILE)
    outside = Integration.objects.create(name=HOSTILE, slug="evil", contact=HOSTILE)
    Dependency.objects.create(
        source=service, integration=outside, protocol=HOSTILE[:30], data=HOSTILE
    )
    ConfigurationItem.objects.create(
        service=service, name=HOSTILE, purpose=HOSTILE, kept_in=HOSTILE
    )
    service.zone = zone
    service.save()


@pytest.mark.anywhere
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_page_echoes_what_was_typed(client_of, olga, hostile, model):
    browser = client_of(olga)
    row = model._default_manager.order_by("pk").first()
    for address in (listing(model), f"{listing(model)}?q=%3Cimg%20src%3Dx%20onerror", page(row)):
        response = browser.get(address)
        assert response.status_code == 200, address
        for piece in (b"<img src=x", b"<script>alert"):
            assert piece not in response.content, address


def test_nor_do_history_merge_conflict_and_messages(client_of, olga, paul, hostile):
    browser = client_of(olga)
    runbook = ("admin:runbooks_runbook_{}", [hostile.pk])
    stale = {"title": HOSTILE, "slug": "a", "section": "runbooks", "kind": "reference"}
    stale |= {"review_days": 9, "text": HOSTILE + "3", "note": HOSTILE, "based_on": 1}
    other = Runbook.objects.start("Other " + HOSTILE, by=olga, text="Text")
    pages = [
        browser.get(reverse(runbook[0].format("history"), args=runbook[1])),
        browser.get(reverse(runbook[0].format("merge"), args=runbook[1])),
        browser.post(page(hostile), stale),
        browser.post(
            reverse(runbook[0].format("merge"), args=runbook[1]),
            {"target": other.slug},
            follow=True,
        ),
    ]
    assert [response.status_code for response in pages] == [200, 200, 409, 200]
    for response in pages:
        assert b"<img src=x" not in response.content
        assert b"<script>alert" not in response.content


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_only_staff_enters(client, client_of, people, model):
    assert "sign-in" in client.get(listing(model)).url
    for role in ("reader", "responder"):
        assert client_of(people[role]).get(listing(model), follow=True).status_code == 403


def test_authors_see_no_accounts(client_of, alice):
    for model in OURS:
        status = client_of(alice).get(listing(model)).status_code
        assert status == (403 if model._meta.model_name in PRIVATE else 200), model


def test_what_others_made_is_only_read(client_of, olga, hostile):
    for name in ("version", "feedback", "gap", "link"):
        with pytest.raises(AssertionError):
            assert client_of(olga).get(f"/admin/runbooks/{name}/add/").status_code != 403
        row = next(m for m in OURS if m._meta.model_name == name)._default_manager.first()
        assert client_of(olga).post(page(row), {}).status_code == 403


def test_lists_cost_the_same_however_long(
    client_of, olga, alice, django_assert_max_num_queries, disk
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_of(olga)

    def cost(model):
        browser.get(listing(model))
        with CaptureQueriesContext(connection) as spent:
            assert browser.get(listing(model)).status_code == 200
        return len(spent)

    models = [m for m in OURS if m._meta.model_name in ("runbook", "version", "image", "service")]
    before = [cost(model) for model in models]
    team = Team.objects.create(name="Team", slug="team")
    for number in range(12):
        service = Service.objects.create(name=f"S{number}", slug=f"s{number}", owner=team)
        runbook = Runbook.objects.start(
            f"R{number}", by=alice, text="T", owner=team, services=[service], alerts=[f"A{number}"]
        )
        Image.objects.create(name=f"{number}.png", runbook=runbook, width=1, height=1)
    assert [cost(model) for model in models] == before


def test_filters_and_search_narrow_the_list(client_of, alice, disk):
    Runbook.objects.start("Unfinished", by=alice, text="T")
    runbooks = listing(Runbook)
    browser = client_of(alice)

    def found(**arguments):
        rows = browser.get(runbooks, arguments).context["cl"].result_list
        return {row.title for row in rows}

    assert found(standing="draft") == {"Unfinished"}
    assert found(standing="published") == {"Disk fills up"}
    assert found(standing="archived") == set()
    assert found(attention="unowned") == {"Disk fills up", "Unfinished"}
    assert found(attention="mine") == set()
    assert found(q="DiskFills") == {"Disk fills up"}


def test_the_history_lists_versions_with_compare_and_restore(client_of, alice, disk):
    disk.draft("Second", author=alice, note="Why", based_on=1)
    history = (
        client_of(alice)
        .get(reverse("admin:runbooks_runbook_history", args=[disk.pk]))
        .content.decode()
    )

    assert disk.compare_url(1, 2) in history
    assert "Restore v1" in history
    assert "Why" in history


def test_templates_belong_to_operators(client_of, alice, olga):
    template, _ = Template.objects.update_or_create(kind="recovery", defaults={"text": "## A\n"})
    changed = {"kind": "recovery", "text": "## B\n"}

    assert client_of(alice).post(page(template), changed).status_code == 403
    assert client_of(olga).post(page(template), changed).status_code == 302
    template.refresh_from_db()
    assert template.text.splitlines() == ["## B"]


def test_authors_mend_the_description_of_an_image_and_nothing_else(client_of, alice, hostile):
    image = Image.objects.get()
    client_of(alice).post(page(image), {"alt": "A red wall", "name": "evil.svg", "width": 9})

    image.refresh_from_db()
    assert (image.alt, image.name, image.width) == ("A red wall", "a.png", 1)


def test_groups_and_what_settings_decide_are_not_there():
    for name in ("auth_group", "account_emailaddress", "socialaccount_socialapp"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")


def test_services_and_owners_are_ticked_or_chosen_while_few_and_searched_when_many(
    client_of, alice, disk
):
    browser, address = client_of(alice), reverse("admin:runbooks_runbook_change", args=[disk.pk])
    Service.objects.create(slug="shop", name="Shop")
    few = browser.get(address).content.decode()
    Service.objects.bulk_create(Service(slug=f"s{n}", name=f"Unit{n}x") for n in range(LONG))
    Team.objects.bulk_create(Team(slug=f"t{n}", name=f"Team{n}x") for n in range(LONG + 1))
    many = browser.get(address).content.decode()

    assert 'type="checkbox" name="services"' in few and "admin-autocomplete" not in few
    assert 'type="checkbox" name="services"' not in many
    for field, name in (("services", "Unit7x"), ("owner", "Team7x")):
        about = {"app_label": "runbooks", "model_name": "runbook", "field_name": field}
        found = browser.get(reverse("admin:autocomplete"), {**about, "term": name})
        assert [each["text"] for each in found.json()["results"]] == [name]
