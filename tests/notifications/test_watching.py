"""One click on a runbook, guide or service asks to be told of its changes; another ends it."""

import pytest
from django.urls import reverse

from onboarding.models import Guide
from portal.accounts.models import Team
from portal.architecture.files.store import NOUNS, keep
from portal.architecture.models import Service
from portal.notifications.models import Delivery
from tests.onboarding.world import make_guide
from tests.runbooks.conftest import disk, publish  # noqa: F401

pytestmark = pytest.mark.django_db


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


def test_the_team_and_who_watches_a_service_hear_what_changed(things, nina, alice, rita, olga):
    service = things[2][1]
    service.owner = Team.objects.create(slug="disks", name="Disks")
    service.owner.members.set([rita])
    service.save()
    service.watch(by=nina)
    document = {"slug": "disks", "name": "Disks", "owner": "disks"}
    Delivery.objects.all().delete()
    keep(NOUNS["services"], "disks", document, by=olga)
    assert not Delivery.objects.exists()  # it says what it said

    keep(NOUNS["services"], "disks", {**document, "configuration": [{"name": "KEY"}]}, by=olga)
    told = {message.recipient: message.subject for message in Delivery.objects.all()}
    assert told == dict.fromkeys([nina, rita], "Changed in the catalog: Disks")

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
