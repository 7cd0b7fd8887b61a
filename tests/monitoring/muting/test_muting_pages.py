"""What people see of what is muted, and do about it; without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.monitoring.models import Alert, Maintenance, Muting, Silence, Window
from portal.monitoring.models.silences import LONGEST
from portal.monitoring.muting import expiry, verbs
from portal.monitoring.silences.forms import SilenceForm
from portal.notifications.models import Delivery

from .conftest import matcher

pytestmark = pytest.mark.django_db
NEW = {"matchers": 'service="orders"', "until": "1h", "reason": "The disk is replaced"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def responder(client_of, rita):
    return client_of(rita)


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_one_click_snoozes_an_alert_on_the_list(responder, fire, now):
    alert = fire(at=now)
    answer = responder.post(
        f"/monitoring/alerts/{alert.pk}/snooze/", {"until": "30m", "from": "now"}
    )

    assert answer.headers["Location"] == "/monitoring/alerts/"
    silence = Silence.objects.get()
    assert silence.ends_at - silence.starts_at == timedelta(minutes=30)
    text = text_of(responder, "/monitoring/alerts/")
    assert "g-muted" in text
    assert "Silenced" in text
    assert "End snooze" in text


def test_until_the_next_morning_is_that_of_the_reader(responder, fire, rita, now):
    rita.time_zone = "Asia/Kathmandu"
    rita.save()
    alert = fire(at=now)
    responder.post(f"/monitoring/alerts/{alert.pk}/snooze/", {"until": "morning"})

    ends = Silence.objects.get().ends_at
    assert (ends.hour, ends.minute) == (2, 15)
    assert now + timedelta(hours=1) <= ends < now + timedelta(hours=25)


def test_another_span_is_refused(responder, fire, now):
    alert = fire(at=now)
    answer = responder.post(f"/monitoring/alerts/{alert.pk}/snooze/", {"until": "for ever"})

    assert (answer.status_code, Silence.objects.count()) == (400, 0)


def test_the_page_of_an_alert_explains_what_muted_it(responder, fire, rita, now):
    verbs.silence(
        [matcher("service", "=", "orders")],
        by=rita,
        at=now,
        ends_at=now + timedelta(hours=1),
        reason="Known",
    )
    alert = fire(at=now)
    text = text_of(responder, alert.get_absolute_url())
    assert f"Silenced by {rita}: “Known”" in text
    assert "Nobody was told: it was muted." in text

    verbs.end(Silence.objects.get(), by=rita)
    text = text_of(responder, alert.get_absolute_url())
    assert "At the end it still fired, but nobody was reached." in text
    assert "Still fires: DiskFillsUp" in text


def test_a_preview_names_what_would_be_muted_and_keeps_nothing(responder, fire, now):
    fire(at=now)
    fire(of="payments", at=now)
    answer = responder.post("/monitoring/silences/new/", {**NEW, "preview": "1"})
    text = " ".join(answer.content.decode().split())

    assert "Would mute 1 alert that fires now" in text
    assert "The disk is replaced" in text
    assert not Silence.objects.exists()


def test_matchers_are_enough_for_a_preview(responder, fire, now):
    fire(at=now)
    sent = {"matchers": NEW["matchers"], "until": "other", "reason": "", "preview": "1"}
    answer = responder.post("/monitoring/silences/new/", sent)
    wrong = responder.post("/monitoring/silences/new/", {**sent, "matchers": "x"})

    text = " ".join(answer.content.decode().split())
    assert "Would mute 1 alert that fires now" in text and 'class="errors"' not in text
    assert "Would mute" not in wrong.content.decode() and "is no matcher" in wrong.content.decode()
    assert "formnovalidate" in text
    assert (
        text.index('name="until"') < text.index('name="ends_at"') < text.index('name="starts_at"')
    )


def test_an_end_that_is_too_late_is_said_at_its_field(responder, fire, rita, now):
    sent = NEW | {"until": "other", "ends_at": "2999-01-01T00:00"}
    new = responder.post("/monitoring/silences/new/", sent).content.decode()
    row = verbs.silence(
        [matcher("service", "=", "orders")],
        by=rita,
        at=now,
        ends_at=now + timedelta(hours=1),
        reason="Known",
    )
    edited = responder.post(
        f"{row.get_absolute_url()}edit/",
        {"matchers": "service=orders", "reason": "x", "ends_at": "2999-01-01T00:00", "revision": 0},
    ).content.decode()

    for page in (new, edited):
        errors = page[page.index('id="id_ends_at_error"') :]
        assert f"at most {LONGEST.days} days" in errors[: errors.index("</ul>")]
        assert "the alert rule in your tool" in errors[: errors.index("</ul>")]


def test_the_longest_silence_stands_in_one_place():
    said = SilenceForm.base_fields["ends_at"].help_text

    assert timedelta(minutes=expiry.MOST_MINUTES) == LONGEST
    assert f"at most {LONGEST.days} days" in said


def test_a_snooze_ends_where_it_was_ended(responder, fire, rita, now):
    alert = fire(at=now)
    row = verbs.snooze(alert, by=rita, at=now, ends_at=now + timedelta(hours=1))
    page = text_of(responder, alert.get_absolute_url())
    assert "End snooze" in page
    assert f"Snoozed by {rita}<" in page and "“Snoozed”" not in page
    assert "“Snoozed”" not in text_of(responder, row.get_absolute_url())

    ended = responder.post(f"{row.get_absolute_url()}end/", {"from": "alert"}, follow=True)
    assert ended.redirect_chain[-1][0] == alert.get_absolute_url()
    assert "The snooze is over." in ended.content.decode()


def test_a_silence_is_created_extended_and_ended(responder, fire, rita, now):
    alert = fire(at=now)
    made = responder.post("/monitoring/silences/new/", NEW)
    silence = Silence.objects.get()
    assert (made.headers["Location"], silence.created_by) == (silence.get_absolute_url(), rita)
    assert Muting.objects.get().alert == alert

    responder.post(f"{silence.get_absolute_url()}extend/", {"hours": "4"})
    responder.post(f"{silence.get_absolute_url()}end/")
    again = responder.post(f"{silence.get_absolute_url()}end/")
    silence.refresh_from_db()
    assert (again.status_code, silence.ended_by) == (409, rita)
    text = text_of(responder, "/monitoring/silences/")
    assert "Past" in text
    assert "The disk is replaced" in text


def test_it_is_filled_in_with_the_labels_of_an_alert(responder, fire, now):
    alert = fire(at=now, instance="<b>db1")
    text = text_of(responder, f"/monitoring/silences/new/?alert={alert.pk}")

    assert "alertname=&quot;DiskFillsUp&quot;" in text
    assert "instance=&quot;&lt;b&gt;db1&quot;" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": " "}, "This field is required"),
        ({"matchers": "x"}, "is no matcher"),
        ({"matchers": 'a=~"("'}, "not a regular expression"),
        ({"matchers": "a!=b"}, "nearly everything"),
        ({"matchers": "a=b\n" * 30}, "at most 20"),
        ({"until": "other"}, "Say when it ends"),
        ({"until": "other", "ends_at": "2020-01-01T00:00"}, "later than now"),
        ({"until": "other", "ends_at": "2999-01-01T00:00"}, "at most 30 days"),
        ({"until": "x"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(responder, change, said):
    answer = responder.post("/monitoring/silences/new/", NEW | change)
    text = answer.content.decode()

    assert said in text
    assert "matchers" in text
    assert not Silence.objects.exists()


def test_hostile_labels_are_text(responder, fire, rita, now):
    hostile = "<script>alert(1)</script>"
    verbs.silence(
        [matcher(hostile, "=", hostile)],
        by=rita,
        at=now,
        ends_at=now + timedelta(hours=1),
        reason=hostile,
    )
    alert = fire(hostile, at=now, **{hostile: hostile})
    assert alert.muted_by == "silence"
    for address in (
        "/monitoring/alerts/",
        alert.get_absolute_url(),
        "/monitoring/silences/",
        Silence.objects.get().get_absolute_url(),
        f"/monitoring/silences/new/?alert={alert.pk}",
    ):
        assert hostile not in text_of(responder, address)


def test_maintenance_is_planned_seen_and_cancelled(responder, service, now):
    service("orders")
    given = {
        "title": "Storage move",
        "services": ["orders"],
        "starts_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
        "minutes": "90",
        "zone": "Europe/Berlin",
    }
    made = responder.post("/monitoring/maintenance/new/", given)
    plan = Maintenance.objects.get()
    assert made.headers["Location"] == plan.get_absolute_url()
    assert "Under way" in text_of(responder, "/monitoring/maintenance/")
    assert "End now" in text_of(responder, plan.get_absolute_url())

    responder.post(f"/monitoring/maintenance/windows/{Window.objects.get().pk}/end/")
    again = responder.post(f"{plan.get_absolute_url()}cancel/")
    assert again.status_code == 409
    assert "Over" in text_of(responder, "/monitoring/maintenance/")


def test_a_cancelled_window_is_called_so(responder, rita, now):
    about = {"title": "Move", "starts_at": now + timedelta(days=1), "duration": timedelta(hours=1)}
    plan = verbs.plan(by=rita, at=now, services=[], is_for_all=True, **about)
    late = {"starts_at": now + timedelta(days=2), "ends_at": now + timedelta(days=3)}
    verbs.cancel(plan, by=rita, at=now)
    Window.objects.create(maintenance=plan, **late)  # as an older engine made it meanwhile
    page = text_of(responder, "/monitoring/maintenance/")
    states = [each.split("</tr>")[0] for each in page.split('<td class="nowrap">')[1:]]

    assert "Over or cancelled" in page and len(states) == 2
    assert all("Cancelled" in each and "Planned" not in each for each in states)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": "1"}, "greater than or equal to 5"),
        ({"cron": "every day"}, "2 of five fields"),
        ({"cron": "0 3 * * *", "zone": "Mars"}, "no time zone"),
        ({"services": []}, "Name its services"),
        ({"services": ["nothing"]}, "No service"),
        ({"starts_at": "2020-01-01T00:00"}, "begins today"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_field(responder, service, now, change, said):
    service("orders")
    given = {
        "title": "Storage move",
        "services": ["orders"],
        "starts_at": f"{now:%Y-%m-%dT%H:%M}",
        "minutes": "90",
    }
    text = responder.post("/monitoring/maintenance/new/", given | change).content.decode()

    assert said in text
    assert "Storage move" in text
    assert not Maintenance.objects.exists()


def test_all_that_is_wrong_with_a_plan_is_said_at_once(responder, db):
    given = {"title": "", "starts_at": "2020-01-01T00:00", "minutes": "90", "cron": "0 3 30 2 *"}
    text = responder.post("/monitoring/maintenance/new/", given | {"zone": "Mars"}).content.decode()

    for said in ("field is required", "Name its services", "begins today", "no 30th", "time zone"):
        assert said in text
    assert "Not understood" not in text  # the fields say it


def test_next_runs_are_shown_before_it_is_planned(responder, db):
    given = {"title": "Storage", "cron": "0 3 * * 0", "zone": "Europe/Riga", "preview": "1"}
    text = responder.post("/monitoring/maintenance/new/", given).content.decode()

    assert "At 03:00 on Sunday" in text and text.count(", 03:00</li>") == 5
    assert 'value="Storage"' in text and not Maintenance.objects.exists()


def test_what_recurs_is_said_in_words_the_next_window_first(responder, service, rita, now):
    about = {"starts_at": now, "duration": timedelta(hours=1), "by": rita, "at": now}
    plan = Maintenance.objects.plan(
        title="x", services=[service("orders")], cron="0 3 * * 0", zone="Asia/Tokyo", **about
    )
    first, second, *_ = plan.windows.order_by("starts_at")
    second.cancelled_at = now
    second.save()
    page = responder.get(plan.get_absolute_url())

    assert "At 03:00 on Sunday, in Asia/Tokyo" in page.content.decode()
    assert ", 03:00 Tokyo" in page.content.decode()
    windows = [window for window, *_ in page.context["lines"]]
    assert windows[0] == first and windows[-1] == second
    assert windows[1:-1] == sorted(windows[1:-1], key=lambda each: each.starts_at)


def test_readers_see_and_may_not_mute(client_of, nina, fire, rita, now):
    alert = fire(at=now)
    silence = verbs.snooze(alert, by=rita, at=now, ends_at=now + timedelta(hours=1))
    reader = client_of(nina)
    text = text_of(reader, "/monitoring/alerts/")
    assert "g-muted" in text
    assert "End s" not in text
    assert "snooze/" not in text
    for address in (
        f"{alert.get_absolute_url()}snooze/",
        f"{silence.get_absolute_url()}end/",
        "/monitoring/silences/new/",
        "/monitoring/maintenance/new/",
    ):
        assert reader.post(address, {"until": "2h"}).status_code == 403
    assert Silence.objects.count() == 1


def test_the_rail_and_the_first_page_count_what_is_not_muted(responder, fire, rita, now):
    alert = fire(at=now)
    assert "DiskFillsUp" in text_of(responder, "/")
    verbs.snooze(alert, by=rita, at=now, ends_at=now + timedelta(hours=1))

    assert "Alerts to acknowledge" not in text_of(responder, "/")
    assert Alert.objects.calling().count() == 0
    assert Delivery.objects.count() == 1
