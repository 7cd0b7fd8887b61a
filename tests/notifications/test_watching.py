"""One click on a runbook, guide or service asks to be told of its changes; another ends it."""

import pytest
from django.urls import reverse

from onboarding.models import Guide
from portal.accounts.models import Team
from portal.architecture.files.store import NOUNS, keep
from portal.architecture.models import ConfigurationItem, Service
from portal.core.web.address import absolute
from portal.notifications.models import Delivery
from tests.onboarding.world import make_guide
from tests.runbooks.conftest import bearer, disk, publish  # noqa: F401

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def things(disk, alice):  # noqa: F811
    """(page, thing) of each kind."""
    guide = make_guide(alice, title="First day", slug="first-day")
    guide = Guide.objects.get(pk=guide.pk)
    service = Service.objects.create(slug="disks", name="Disks")
    return [(each.get_absolute_url(), each) for each in (disk, guide, service)]


def test_it_is_one_click_on_each_page_and_one_back(things, nina, client_of):
    browser = client_of(nina)
    for page, thing in things:
        assert f'action="{page}watch/"' in browser.get(page).content.decode()

        answer = browser.post(f"{page}watch/", follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert f"You watch “{thing}”" in answer.content.decode()
        assert thing.is_watched_by(nina)
        assert f'action="{page}unwatch/"' in answer.content.decode()

        assert (
            f"You no longer watch “{thing}”"
            in browser.post(f"{page}unwatch/", follow=True).content.decode()
        )
        assert not thing.is_watched_by(nina)


def test_watched_things_are_listed_and_ended_there(things, nina, alice, client_of):
    browser, listed = client_of(nina), reverse("notifications:watched")
    assert "You watch nothing yet" in browser.get(listed).content.decode()
    for _, thing in things:
        thing.watch(by=nina)

    page = browser.get(listed).content.decode()
    assert all(f'href="{address}"' in page for address, _ in things)
    assert "You watch nothing yet" in client_of(alice).get(listed).content.decode()

    gone = things[0][0]
    answer = browser.post(f"{gone}unwatch/", {"listed": "1"}, follow=True)
    assert answer.redirect_chain == [(listed, 302)]
    assert f'href="{gone}"' not in answer.content.decode()


def test_who_may_not_read_it_cannot_watch_it_and_a_get_changes_nothing(things, nina, client_of):
    for page, thing in things:
        client_of(nina).get(f"{page}watch/")
        assert not thing.is_watched_by(nina)
    nina.groups.clear()
    for page, thing in things:
        assert client_of(nina).post(f"{page}watch/").status_code == 403
        assert not thing.is_watched_by(nina)


def test_a_draft_is_not_there_for_readers(things, nina, alice, client_of):
    hidden = type(things[0][1]).objects.start("Hidden", by=alice, text="1. Go")

    assert client_of(nina).post(f"{hidden.get_absolute_url()}watch/").status_code == 404


@pytest.fixture
def kept(things, nina, rita):
    """A service of rita's team that nina watches."""
    service = things[2][1]
    service.owner = Team.objects.create(slug="disks", name="Disks")
    service.owner.members.set([rita])
    service.save()
    service.watch(by=nina)
    Delivery.objects.all().delete()
    return service


def told() -> dict:
    return {message.recipient: message.subject for message in Delivery.objects.all()}


@pytest.mark.parametrize("way", ["program", "form", "list"])
def test_the_team_and_who_watches_a_service_hear_that_it_was_deleted(
    kept,
    nina,
    rita,
    olga,
    client_of,
    bearer,  # noqa: F811
    way,
):
    browser, pk = client_of(olga), kept.pk
    if way == "program":
        address = "/api/v1/services/disks/"
        assert bearer(olga).delete(address, headers={"If-Match": "*"}).status_code == 204
    elif way == "form":
        browser.post(reverse("admin:architecture_service_delete", args=[pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        browser.post(reverse("admin:architecture_service_changelist"), chosen)

    assert not Service.objects.filter(pk=pk).exists()
    assert told() == dict.fromkeys([nina, rita], "Deleted from the catalog: Disks")


def test_programs_watch_and_end_it_and_list_what_is_watched(things, nina, bearer):  # noqa: F811
    program = bearer(nina)
    for page, thing in things:
        name = thing._meta.model_name
        about = {"type": name, "slug": thing.slug, "title": str(thing), "url": absolute(page)}
        for _ in range(2):
            answer = program.post(f"/api/v1/{name}s/{thing.slug}/watch/", **JSON)
            assert (answer.status_code, answer.json()) == (200, {**about, "watched": True})
        assert thing.is_watched_by(nina) and thing.watchers.count() == 1

    listed = program.get("/api/v1/me/watched/").json()["results"]
    assert sorted(row["type"] for row in listed) == ["guide", "runbook", "service"]
    assert {row["url"] for row in listed} == {absolute(page) for page, _ in things}
    reading = bearer(nina, "runbooks:read")
    assert [row["type"] for row in reading.get("/api/v1/me/watched/").json()["results"]] == [
        "runbook"
    ]
    assert reading.post("/api/v1/runbooks/disk-fills-up/watch/", **JSON).status_code == 403

    for _, thing in things:
        address = f"/api/v1/{thing._meta.model_name}s/{thing.slug}/unwatch/"
        assert program.post(address, **JSON).json()["watched"] is False
    assert program.get("/api/v1/me/watched/").json()["results"] == []


def test_programs_do_not_watch_what_one_may_not_read(things, nina, alice, bearer):  # noqa: F811
    type(things[0][1]).objects.start("Hidden", by=alice, text="1. Go")

    assert bearer(nina).post("/api/v1/runbooks/hidden/watch/", **JSON).status_code == 404
    assert bearer(nina).post("/api/v1/services/nothing/watch/", **JSON).status_code == 404


def test_the_team_and_who_watches_a_service_hear_what_changed(kept, nina, rita, olga):
    document = {"slug": "disks", "name": "Disks", "owner": "disks"}
    keep(NOUNS["services"], "disks", document, by=olga)
    assert not Delivery.objects.exists()  # it says what it said

    keep(NOUNS["services"], "disks", {**document, "configuration": [{"name": "KEY"}]}, by=olga)
    assert told() == dict.fromkeys([nina, rita], "Changed in the catalog: Disks")

    Delivery.objects.all().delete()
    keep(NOUNS["services"], "disks", document, by=None)  # an import: no news for the team
    assert [message.recipient for message in Delivery.objects.all()] == [nina]


def test_a_service_changed_in_the_admin_is_told_too(things, nina, olga, client_of):
    service = things[2][1]
    service.watch(by=nina)
    Delivery.objects.all().delete()
    browser, page = client_of(olga), reverse("admin:architecture_service_change", args=[service.pk])
    form = browser.get(page).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    for prefix in ("dependencies", "configuration"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    for name, count in (("Disks", 0), ("Storage", 1)):
        assert browser.post(page, {**sent, "name": name}).status_code == 302
        assert Delivery.objects.of(nina).count() == count


@pytest.mark.parametrize("verb", ["change", "delete", "delete_selected"])
def test_a_row_of_a_service_changed_in_a_list_of_its_own_is_told_too(
    verb, things, nina, olga, client_of
):
    service = things[2][1]
    row = ConfigurationItem.objects.create(service=service, name="KEY")
    service.watch(by=nina)
    Delivery.objects.all().delete()
    name = "changelist" if verb == "delete_selected" else verb
    args = [] if name == "changelist" else [row.pk]
    fields = {"service": service.pk, "name": "OTHER", "kind": "secret", "post": "yes"}
    fields |= {"action": verb, "_selected_action": row.pk}
    client_of(olga).post(reverse(f"admin:architecture_configurationitem_{name}", args=args), fields)

    assert [each.subject for each in Delivery.objects.of(nina)] == [
        f"Changed in the catalog: {service}"
    ]
