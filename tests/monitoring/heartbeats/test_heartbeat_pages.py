"""Heartbeats as people see them."""

import pytest
from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Alert, Heartbeat, PingKey
from tests.monitoring.heartbeats.conftest import AT, HOUR, MINUTE
from tests.monitoring.heartbeats.world import make_heartbeats

pytestmark = pytest.mark.django_db
LIST = "/monitoring/heartbeats/"
FILLED = {"name": "Report", "way": "every", "every": "1h 30m", "grace": "10m", "zone": "UTC"}


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_list_shows_the_worst_first(client_of, nina, olga):
    backup, _ = make_heartbeats(by=olga)
    page = text_of(client_of(nina).get(LIST))

    assert page.index("Log shipper") < page.index("Nightly backup")
    assert "1 of 2 instances" in page and f"cron {backup.cron}, Europe/Riga" in page
    assert "New heartbeat" not in page and "Ping keys" not in page


def test_the_list_is_narrowed(client_of, nina, olga):
    make_heartbeats(by=olga)

    def found(query: str) -> list[str]:
        page = text_of(client_of(nina).get(f"{LIST}?{query}"))
        return [each for each in ("Log shipper", "Nightly backup") if f">{each}<" in page]

    assert found("state=down") == found("q=SHIP") == ["Log shipper"]
    assert found("state=up") == ["Nightly backup"]
    assert found("state=broken") == ["Log shipper", "Nightly backup"]
    assert "Nothing matches" in text_of(client_of(nina).get(f"{LIST}?q=nothing"))


def test_an_empty_list_says_what_to_do(client_of, nina):
    assert "No heartbeat yet" in text_of(client_of(nina).get(LIST))


def test_readers_see_all_but_the_address(client_of, nina, alice, olga):
    backup, _ = make_heartbeats(by=olga)
    seen = text_of(client_of(nina).get(backup.get_absolute_url()))

    assert ":00, every day" not in seen and "Success" in seen and "30 min" in seen
    assert "Suspiciously short" in seen
    key = PingKey.objects.get().key
    assert str(backup.uuid) not in seen and key not in seen
    mine = text_of(client_of(alice).get(backup.get_absolute_url()))
    assert f"/ping/{backup.uuid}" in mine and key not in mine
    assert "crontab" in mine and "borgmatic" in mine
    assert f"/ping/{key}/nightly-backup" in text_of(client_of(olga).get(backup.get_absolute_url()))


def test_a_slug_that_several_have_is_not_offered(client_of, alice, olga):
    backup, _ = make_heartbeats(by=olga)
    Heartbeat.objects.make("Nightly backup", every=HOUR)

    mine = text_of(client_of(alice).get(backup.get_absolute_url()))
    assert "/nightly-backup" not in mine


def test_what_came_with_a_ping_is_shown_as_text(client_of, nina, olga):
    backup, fleet = make_heartbeats(by=olga)
    ping = backup.instances.get().signs.get(n=2)
    page = client_of(nina).get(reverse("monitoring:heartbeat-ping", args=[backup.pk, ping.pk]))

    assert "&lt;b&gt;dumped&lt;/b&gt; 3 tables" in text_of(page)
    other = reverse("monitoring:heartbeat-ping", args=[fleet.pk, ping.pk])
    assert client_of(nina).get(other).status_code == 404


def test_it_is_created_by_a_form(client_of, alice):
    data = Team.objects.create(slug="data", name="Data")
    orders = Service.objects.create(slug="orders", name="Orders")
    sent = FILLED | {"owner": "data", "service": "Orders"}
    answer = client_of(alice).post(f"{LIST}new/", sent, follow=True)

    made = Heartbeat.objects.get()
    assert f"/ping/{made.uuid}" in text_of(answer)
    assert (made.every, made.grace, made.slug) == (90 * MINUTE, 10 * MINUTE, "report")
    assert (made.owner, made.service, made.cron) == (data, orders, "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "required"),
        ({"every": ""}, "Say how often"),
        ({"every": "soon"}, "no length of time"),
        ({"every": "1s"}, "10 seconds"),
        ({"way": "cron"}, "Write a cron expression"),
        ({"way": "cron", "cron": "0 0 3 * * *"}, "six fields"),
        ({"way": "cron", "cron": "@daily", "zone": "Mars"}, "no time zone"),
        ({"slug": "A B"}, "a-z, 0-9"),
        ({"shortest": "2h", "longest": "1h"}, "shorter than the shortest"),
        ({"service": "nothing"}, "can be chosen here"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client_of, alice, changed, said):
    answer = client_of(alice).post(f"{LIST}new/", FILLED | {"grace": "17m"} | changed)

    assert answer.status_code == 400 and said in text_of(answer)
    assert 'value="17m"' in text_of(answer)
    assert not Heartbeat.objects.exists()


def test_all_that_is_wrong_is_said_at_its_field_at_once(client_of, alice):
    wrong = {"name": "", "way": "cron", "cron": "hello", "zone": "Mars"}
    page = text_of(client_of(alice).post(f"{LIST}new/", FILLED | wrong))

    for said in ("This field is required", "1 of five fields", "no time zone"):
        assert page.count(said) == 1
    assert page.count('aria-invalid="true"') == 3 and "Not understood" not in page


def test_the_next_runs_are_shown_before_it_is_saved(client_of, alice):
    sent = FILLED | {"way": "cron", "cron": "30 2 * * *", "zone": "Europe/Riga", "preview": "1"}
    answer = client_of(alice).post(f"{LIST}new/", sent)

    assert "At 02:30 every day" in text_of(answer) and text_of(answer).count(", 02:30</li>") >= 4
    assert 'value="Report"' in text_of(answer) and not Heartbeat.objects.exists()


def test_the_next_runs_are_shown_while_one_types(client_of, alice, nina):
    address = reverse("monitoring:next-runs")
    shown = text_of(client_of(alice).get(address, {"cron": "@hourly", "zone": "UTC"}))
    assert "At the start of every hour" in shown or "every hour" in shown
    wrong = text_of(client_of(alice).get(address, {"cron": "61 * * * *"}))
    assert "Not understood" in wrong and "minute" in wrong
    assert client_of(alice).get(address).content.strip() == b""
    assert client_of(nina).get(address).status_code == 403


def test_it_is_changed_and_a_stale_change_is_refused(client_of, alice, backup):
    browser, address = client_of(alice), f"{backup.get_absolute_url()}edit/"
    assert 'value="10m"' in text_of(browser.get(address))
    assert browser.post(address, FILLED | {"revision": "0"}).status_code == 302
    stale = browser.post(address, FILLED | {"name": "Mine", "revision": "0"})

    assert stale.status_code == 412 and 'value="Mine"' in text_of(stale)
    assert Heartbeat.objects.get().name == "Report"


def test_buttons_do_what_they_say(client_of, alice, backup, take, state):
    take(backup, AT, instance="web-1")
    browser, page = client_of(alice), backup.get_absolute_url()
    browser.post(f"{page}pause/", {"until": "8"})
    backup.refresh_from_db()
    assert backup.paused_until - backup.paused_at == 8 * HOUR
    browser.post(f"{page}resume/")
    browser.post(f"{page}rotate/")
    before = backup.uuid
    backup.refresh_from_db()
    assert backup.paused_at is None and backup.uuid != before
    browser.post(f"{page}instances/{backup.instances.get().pk}/forget/")
    assert not backup.instances.exists()
    answer = browser.post(f"{page}delete/", follow=True)
    assert "Deleted “Nightly backup”" in text_of(answer) and not Heartbeat.objects.exists()


def test_who_may_not_is_refused(client_of, nina, rita, backup):
    page = backup.get_absolute_url()
    for person, allowed in ((nina, ()), (rita, ("pause", "resume"))):
        browser = client_of(person)
        for verb in ("pause", "resume", "rotate", "delete"):
            status = 302 if verb in allowed else 403
            assert browser.post(f"{page}{verb}/").status_code == status, verb
        assert browser.get(f"{page}edit/").status_code == 403
        assert browser.get(f"{LIST}new/").status_code == 403
        assert browser.get(f"{LIST}keys/").status_code == 403


def test_a_pause_that_ended_meanwhile_is_said(client_of, rita, backup):
    answer = client_of(rita).post(f"{backup.get_absolute_url()}resume/")

    assert answer.status_code == 409 and "It is not paused." in text_of(answer)


def test_keys_are_issued_and_revoked_by_operators(client_of, olga, alice, backup, client):
    browser, page = client_of(olga), f"{LIST}keys/"
    browser.post(f"{page}new/", {"name": "web servers"})
    key = PingKey.objects.get()
    assert f"/ping/{key.key}/slug" in text_of(browser.get(page))
    assert client.get(f"/ping/{key.key}/nightly-backup").status_code == 200

    assert client_of(alice).post(f"{page}{key.pk}/revoke/").status_code == 403
    browser.post(f"{page}{key.pk}/revoke/")
    assert client.get(f"/ping/{key.key}/nightly-backup").status_code == 404
    assert browser.post(f"{page}new/", {"name": ""}).status_code == 400


def test_authors_read_the_keys_of_their_teams_and_how_others_begin(client_of, alice, olga):
    team = Team.objects.create(slug="shop", name="Shop")
    team.members.add(alice)
    other = Team.objects.create(slug="other", name="Other")
    mine = PingKey.objects.issue("mine", owner=team, by=olga)
    rest = [PingKey.objects.issue("rest", owner=owner, by=olga) for owner in (other, None)]

    page = text_of(client_of(alice).get(f"{LIST}keys/"))
    assert f"/ping/{mine.key}/slug" in page
    for key in rest:
        assert key.key not in page and key.hint in page
    everything = text_of(client_of(olga).get(f"{LIST}keys/"))
    assert all(key.key in everything for key in (mine, *rest))


def test_a_badge_is_for_everybody_who_knows_its_address(client, backup, take):
    picture = client.get(f"/badge/{backup.badge_key}.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "Nightly backup: new" in text_of(picture)
    take(backup, AT, signal="fail")
    facts = client.get(f"/badge/{backup.badge_key}.json")
    assert facts.json() == {"name": "Nightly backup", "status": "down"}
    assert client.get(f"/badge/{backup.uuid}.svg").status_code == 404


def test_a_badge_shows_a_hostile_name_as_text(client, backup, alice):
    backup.change({"name": '<script>alert(1)</script>"&'}, by=alice)
    picture = text_of(client.get(f"/badge/{backup.badge_key}.svg"))

    assert "<script>" not in picture and "&lt;script&gt;" in picture


def test_one_that_is_down_leads_to_its_alert(client_of, rita, nina, backup, take):
    take(backup, AT, signal="fail")
    page = backup.get_absolute_url()
    assert "Firing since" not in text_of(client_of(rita).get(page))
    while announce(AT):
        pass
    alert = Alert.objects.get()

    shown = text_of(client_of(rita).get(page))
    assert f'href="{alert.get_absolute_url()}"' in shown and "Acknowledge" in shown
    assert "after its next success" in shown and "waits for a ping" not in shown
    assert "Acknowledge" not in text_of(client_of(nina).get(page))
    alert.acknowledge(by=rita)
    assert f"by {rita}" in text_of(client_of(rita).get(page))
    assert "after its next success" in text_of(client_of(rita).get("/monitoring/heartbeats/"))
