"""The report of the noisiest alerts: what is counted, and what is suggested."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.instants import offsets
from portal.monitoring.models import Alert, Muting, Rating
from portal.monitoring.ratings.pairs import CROWD, companions_of
from portal.monitoring.ratings.report import Report
from portal.monitoring.ratings.statistics import statistics_of
from portal.monitoring.ratings.suggestions import Suggestion
from runbooks.models import Run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = AT - timedelta(days=30)
NOON, NIGHT = datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 1, 23, tzinfo=UTC)
PAGE, API = "/monitoring/alerts/noise/", "/api/v1/alert-names/"


def fired(name, began=NOON, *, minutes=10.0, **more):
    """One that is over, or fires if it has no minutes."""
    ended = began + timedelta(minutes=minutes) if minutes else None
    about = {"state": "resolved" if ended else "firing", "ends_at": ended, "starts_at": began}
    times = dict.fromkeys(("newest_at", "first_received_at", "received_at"), began)
    unique = {"source": "test", "fingerprint": f"{name}-{began.isoformat()}"}
    row = {"name": name, "severity": "critical"} | unique | about | times
    return Alert.objects.create(**row | more)


def days(count, name, began=NOON, **more):
    return [fired(name, began + timedelta(days=day), **more) for day in range(count)]


def of(name, rows=None):
    found = statistics_of(Alert.objects.since(SINCE) if rows is None else rows, SINCE, AT)
    return next(each for each in found if each.name == name)


def report(olga, query=""):
    return Report(olga, QueryDict(query), AT)


def advice(olga, name):
    return next(line.advice for line in report(olga).lines if line.name == name)


def test_how_often_and_how_long(db):
    for minutes in (10, 20, 60, 90):
        fired("Disk", NOON + timedelta(hours=minutes), minutes=minutes)
    fired("Disk", AT - timedelta(minutes=5), minutes=0)
    fired("Disk", SINCE - timedelta(days=1))
    found = of("Disk")

    assert found.times == 5
    assert found.total == timedelta(minutes=10 + 20 + 60 + 90 + 5)
    assert found.median == timedelta(minutes=20)


def test_the_median_of_an_even_number_lies_between(db):
    for number, minutes in enumerate((10, 20, 40, 100)):
        fired("Disk", NOON + timedelta(hours=number), minutes=minutes)

    assert of("Disk").median == timedelta(minutes=30)


def test_nights_are_those_of_the_portal(settings):
    settings.TIME_ZONE = "Europe/Stockholm"  # summer time ended on 25 October
    for at in ("10-24T20:30", "10-24T19:30", "10-26T21:30", "10-26T20:30", "10-26T05:30"):
        fired("Disk", datetime.fromisoformat(f"2026-{at}:00+00:00"))

    assert of("Disk").by_night == 2


def test_clocks_change_in_the_second_that_they_do():
    zone = ZoneInfo("Europe/Stockholm")
    summer, winter = offsets(zone, datetime(2026, 10, 1, tzinfo=UTC), AT)

    assert summer[1] == 7200
    assert winter == (datetime(2026, 10, 25, 1, tzinfo=UTC), 3600)


def test_what_people_did(rita, alice, disk_fills_up):
    taken, by_hand, followed, _ = days(4, "Disk", runbook=disk_fills_up)
    Alert.objects.filter(pk=taken.pk).update(acknowledged_at=taken.starts_at, acknowledged_by=rita)
    Alert.objects.filter(pk=by_hand.pk).update(resolved_by=rita)
    run = Run.objects.start(disk_fills_up, by=alice)
    Run.objects.filter(pk=run.pk).update(started_at=followed.starts_at + timedelta(minutes=1))
    found = of("Disk")

    assert (found.acknowledged, found.ended_by_hand, found.with_run) == (1, 1, 1)
    assert (found.acted_upon, found.times) == (3, 4)


def test_a_deployment_of_its_service_counts_and_one_of_another_does_not(alice, disk_fills_up):
    orders, other = (Service.objects.create(slug=each, name=each) for each in ("orders", "x"))
    first, second = days(2, "Disk", service=orders)
    for alert, service in ((first, orders), (second, other)):
        run = Run.objects.start(disk_fills_up, by=alice)
        deploys = {"kind": "deployment", "service": service, "started_at": alert.starts_at}
        Run.objects.filter(pk=run.pk).update(**deploys)

    assert of("Disk").with_deployment == of("Disk").acted_upon == 1


def test_how_often_it_was_muted_and_how_it_was_rated(rita, alice):
    first, second = days(2, "Disk")
    for _ in range(2):
        Muting.objects.create(
            alert=first, by="silence", why="x", began_at=NOON, ended_at=NOON, is_withheld=True
        )
    Rating.objects.create(alert=first, person=rita, is_useful=True, at=NOON)
    Rating.objects.create(alert=first, person=alice, is_useful=False, at=NOON)
    Rating.objects.create(alert=second, person=alice, is_useful=False, at=NOON)
    found = of("Disk")

    assert (found.muted, found.useful, found.noise) == (1, 1, 2)


def test_few_say_nothing(olga):
    days(2, "Disk")

    assert advice(olga, "Disk") == (
        Suggestion.NONE,
        "Fired 2 times: too seldom to say more.",
        "",
    )


def test_delete_what_nobody_acts_upon_and_calls_noise(olga, rita, alice):
    first, *_ = days(6, "Disk")
    for person in (rita, alice):
        Rating.objects.create(alert=first, person=person, is_useful=False, at=NOON)

    assert advice(olga, "Disk")[:2] == (
        Suggestion.DELETE,
        "Fired 6 times, nobody acted upon it; rated noise 2 of 2 times.",
    )


def test_one_word_for_it_saves_it(olga, rita, alice):
    first, *_ = days(6, "Disk")
    Rating.objects.create(alert=first, person=rita, is_useful=False, at=NOON)
    Rating.objects.create(alert=first, person=alice, is_useful=True, at=NOON)

    assert advice(olga, "Disk").suggestion == Suggestion.KEEP


def test_merge_what_always_fires_together(olga):
    days(6, "Disk")
    days(9, "Slow", NOON + timedelta(minutes=2))

    assert advice(olga, "Disk") == (
        Suggestion.MERGE,
        "6 of 6 times within 5 minutes of Slow: merge the rules in the tool that sends them.",
        "Slow",
    )
    assert advice(olga, "Slow").suggestion == Suggestion.RATE


def test_what_is_ignored_is_to_be_rated_first(olga, rita):
    first, *_ = days(6, "Disk")
    assert advice(olga, "Disk")[:2] == (
        Suggestion.RATE,
        "Fired 6 times, nobody acted upon it and nobody rated it: rate it useful or noise.",
    )

    Rating.objects.create(alert=first, person=rita, is_useful=True, at=NOON)
    assert advice(olga, "Disk").suggestion == Suggestion.KEEP


def test_what_needs_nobody_is_folded_below_what_does(client_of, nina, now):
    for number in range(4):
        fired("Seldom", now - timedelta(days=6, hours=number), minutes=600)
    days(5, "Disk", now - timedelta(days=6), severity="warning", minutes=1)
    page = client_of(nina).get(f"{PAGE}?order=total").content.decode()

    assert (
        page.index(">Disk</a>") < page.index("<summary>Nothing to do") < page.index(">Seldom</a>")
    )
    assert "No suggestion" in page and 'name="order"' in page
    lines = b"".join(client_of(nina).get(f"{PAGE}csv/?order=total").streaming_content).decode()
    assert lines.index('"Disk"') < lines.index('"Seldom"')


def test_an_outage_in_which_everything_fires_pairs_nothing(db):
    for number in range(CROWD + 1):
        days(6, f"Alert{number}", NOON + timedelta(seconds=number))

    assert companions_of(Alert.objects.since(SINCE)) == {}


def test_lower_what_wakes_people_for_nothing(olga, rita):
    rows = days(6, "Disk", NIGHT)
    Alert.objects.filter(pk=rows[0].pk).update(acknowledged_at=NIGHT + timedelta(hours=10))

    assert advice(olga, "Disk")[:2] == (
        Suggestion.LOWER,
        "Urgent, fired 6 times between 22:00 and 06:00, never acted upon at night.",
    )
    Alert.objects.filter(pk=rows[0].pk).update(acknowledged_at=NIGHT + timedelta(hours=1))
    assert advice(olga, "Disk").suggestion == Suggestion.KEEP


def test_lower_what_is_urgent_and_hardly_ever_acted_upon(olga):
    rows = days(10, "Disk")
    Alert.objects.filter(pk=rows[0].pk).update(acknowledged_at=NOON)

    assert advice(olga, "Disk").reason == "Urgent, but acted upon 1 of 10 times."


def test_raise_what_people_always_act_upon(olga):
    rows = days(6, "Disk", severity="Warning ")
    Alert.objects.filter(pk__in=[each.pk for each in rows]).update(acknowledged_at=NOON)

    assert advice(olga, "Disk")[:2] == (
        Suggestion.RAISE,
        "Not urgent, but acted upon 6 of 6 times.",
    )


def test_raise_what_is_useful_and_may_wait(olga, rita):
    for alert in days(6, "Disk", severity="info")[:3]:
        Rating.objects.create(alert=alert, person=rita, is_useful=True, at=NOON)

    assert advice(olga, "Disk").reason == "Not urgent, but rated useful 3 of 3 times."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Slow", "Disk"]),
        ("order=median", ["Disk", "Slow"]),
        ("order=name", ["Disk", "Slow"]),
        ("order=total", ["Disk", "Slow"]),
        ("days=7", ["Slow"]),
        ("team=db", ["Disk"]),
        ("service=orders", ["Disk"]),
        ("service=none", ["Slow"]),
        ("name=Slow", ["Slow"]),
        ("suggestion=none", ["Slow", "Disk"]),
        ("suggestion=delete", []),
    ],
)
def test_it_is_narrowed_and_ordered(olga, query, found):
    team = Team.objects.create(slug="db", name="Databases")
    orders = Service.objects.create(slug="orders", name="Orders", owner=team)
    fired("Disk", minutes=600, service=orders)
    days(3, "Slow", AT - timedelta(days=3, hours=1), minutes=1)

    assert [line.name for line in report(olga, query).lines] == found


@pytest.mark.parametrize(
    "query",
    ["days=8", "order=odd", "team=nobody", "service=nowhere", "suggestion=x", "days=7&days=30"],
)
def test_what_is_not_understood_is_refused(api, client_of, nina, query):
    assert api(nina).get(f"{API}?{query}").status_code == 400
    page = client_of(nina).get(f"{PAGE}?{query}")
    assert page.status_code == 400 and "Not understood" in page.content.decode()


def test_the_page_says_why(client_of, nina, now):
    days(6, "Disk", now - timedelta(days=6), severity="warning")
    page = client_of(nina).get(PAGE).content.decode()

    assert "Disk" in page and "nobody acted upon it and nobody rated it" in page
    assert "The portal changes no rule" in page
    assert "Nothing matches" in client_of(nina).get(f"{PAGE}?name=x").content.decode()


def test_an_empty_report_says_what_to_do(client_of, nina):
    assert "Nothing fired in 30 days" in client_of(nina).get(PAGE).content.decode()


def test_spreadsheets_get_it_and_execute_nothing(client_of, nina, now):
    days(2, "=cmd()", now - timedelta(days=3), minutes=1)
    answer = client_of(nina).get(f"{PAGE}csv/")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert lines[1].startswith('"\'=cmd()","critical","2","120","60"')
    assert client_of(nina).get(f"{PAGE}csv/?days=x").headers["Location"] == f"{PAGE}?days=x"


def test_programs_get_the_same(api, nina, now):
    days(6, "Disk", now - timedelta(days=6), severity="warning")
    fired("Slow", now - timedelta(days=1), severity="warning")
    first = api(nina).get(f"{API}?limit=1").json()
    [row] = first["results"]

    assert (row["name"], row["times"], row["total_seconds"]) == ("Disk", 6, 3600)
    assert (row["suggestion"], row["acted_upon"], row["merge_with"]) == ("rate", 0, None)
    following = api(nina).get(first["next"]).json()["results"]
    assert [each["name"] for each in following] == ["Slow"]


def test_nobody_reads_it_without_signing_in():
    assert Client().get(PAGE).status_code == 302
    assert Client().get(API).status_code == 401
