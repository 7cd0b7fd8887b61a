"""Everybody sees what was written to them; operators see all and send again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.ops.checks import NO_MAIL
from portal.notifications.models import Beat, Delivery

PAGE = "/notifications/"
LIST = "/api/v1/deliveries/"
ADMIN = reverse("admin:notifications_delivery_changelist")
pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(rita, paul):
    """One to each of two people."""
    for person in (rita, paul):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
        person.refresh_from_db()
        to = {"key": "x", "to": [person], "subject": f"To {person.username}", "text": "<b>Hi</b>"}
        Delivery.objects.post(**to)
    return Delivery.objects.all()


def test_a_person_sees_their_own(letters, client_of, rita):
    page = client_of(rita).get(PAGE).content.decode()

    assert "To rita" in page and "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "To paul" not in page


def test_nobody_else_sees_any(letters, client, client_of, olga):
    assert client.get(PAGE).status_code == 302
    assert "To rita" not in client_of(olga).get(PAGE).content.decode()


def test_a_state_can_be_chosen(letters, client_of, rita):
    browser = client_of(rita)

    assert "To rita" in browser.get(PAGE, {"state": "waiting"}).content.decode()
    assert "To rita" not in browser.get(PAGE, {"state": "sent"}).content.decode()
    assert "To rita" not in browser.get(PAGE, {"state": "lost", "page": "x"}).content.decode()


def test_the_page_says_that_no_mail_server_is_configured(client_of, rita, settings):
    settings.EMAIL_BACKEND = NO_MAIL
    page = client_of(rita).get(PAGE).content.decode()

    assert "No mail server is configured" in page
    assert "Your profile has no e-mail address" in page
    assert "No messages yet" in page
    assert "No engine has run yet" in page


def test_the_page_says_when_an_engine_beat(client_of, rita):
    Beat.objects.beat("a", at=timezone.now() - timedelta(minutes=2))

    assert "Engine beat 2 min ago" in client_of(rita).get(PAGE).content.decode()


def test_programs_see_their_own_and_operators_all(letters, api, rita, olga):
    (mine,) = api(rita, "notifications:read").get(LIST).json()["results"]
    everything = api(olga).get(LIST).json()["results"]

    assert (mine["recipient"], mine["to"], mine["state"]) == ("rita", "rita@example.org", "waiting")
    assert {each["recipient"] for each in everything} == {"rita", "paul"}


def test_programs_read_page_by_page(letters, api, olga):
    client = api(olga)
    first = client.get(LIST, {"limit": 1}).json()
    second = client.get(first["next"]).json()

    assert [each["subject"] for each in first["results"] + second["results"]] == [
        "To paul",
        "To rita",
    ]
    assert second["next"] is None


def test_programs_are_told_what_they_ask_wrongly(api, rita, nina):
    assert api(rita).get(LIST, {"state": "lost"}).status_code == 400
    assert api(rita, "runbooks:read").get(LIST).status_code == 403
    assert api(nina).post(LIST, {}, content_type="application/json").status_code == 405


def chosen(deliveries) -> dict:
    return {"action": "send_again", "_selected_action": [each.pk for each in deliveries]}


def test_an_operator_sends_again_what_ended(letters, client_of, olga):
    letters.filter(subject="To rita").update(state="failed", attempts=16, last_error="No.")

    page = client_of(olga).post(ADMIN, chosen(letters), follow=True).content.decode()

    again = letters.get(subject="To rita")
    assert (again.state, again.attempts) == ("waiting", 0)
    assert "Queued: 1." in page
    assert "To paul (paul@example.org): It is still on its way." in page


def test_an_operator_stops_what_waits(letters, client_of, olga):
    letters.filter(subject="To rita").update(state="sent", sent_at=timezone.now())

    asked = chosen(letters) | {"action": "expire"}
    page = client_of(olga).post(ADMIN, asked, follow=True).content.decode()

    assert "Expired: 1." in page
    states = dict(letters.values_list("subject", "state"))
    assert states == {"To rita": "sent", "To paul": "expired"}


def test_what_expired_and_what_was_forgotten_is_shown_as_such(letters, client_of, api, rita):
    letters.get(subject="To rita").expire(by=None, at=timezone.now())
    letters.update(text="")

    page = client_of(rita).get(PAGE, {"state": "expired"}).content.decode()
    assert "Expired: it had waited too long" in page
    assert "Its text was removed, as it is old." in page
    (row,) = api(rita).get(LIST, {"state": "expired"}).json()["results"]
    assert (row["text"], row["sent_at"]) == ("", None)


def test_only_operators_enter_the_list(letters, client_of, paul):
    assert client_of(paul).get(ADMIN).status_code == 403
    assert client_of(paul).post(ADMIN, chosen(letters)).status_code == 403


def test_nobody_writes_a_delivery_by_hand(letters, client_of, olga):
    browser, one = client_of(olga), letters.first()
    change = reverse("admin:notifications_delivery_change", args=[one.pk])
    delete = reverse("admin:notifications_delivery_delete", args=[one.pk])

    assert browser.get(reverse("admin:notifications_delivery_add")).status_code == 403
    assert browser.get(change).status_code == 200
    assert browser.post(change, {"subject": "X"}).status_code == 403
    assert browser.post(delete, {"post": "yes"}).status_code == 403
    assert letters.get(pk=one.pk).subject == one.subject


def test_readiness_tells_of_the_engine_and_does_not_depend_on_it(client):
    now = timezone.now()
    assert client.get("/readyz").json() == {"database": "ok", "engine": "never"}

    Beat.objects.beat("a", at=now - timedelta(minutes=1))
    silent = client.get("/readyz")
    assert silent.status_code == 200
    assert silent.json()["engine"] == f"silent since {Beat.objects.get().at.isoformat()}"

    Beat.objects.beat("b", at=now)
    assert client.get("/readyz").json()["engine"] == "ok"


def test_a_beat_is_written_every_five_seconds_at_most(django_assert_num_queries):
    now = timezone.now()
    Beat.objects.beat("a", at=now)

    with django_assert_num_queries(1):
        Beat.objects.beat("a", at=now + timedelta(seconds=4))
    Beat.objects.beat("a", at=now + timedelta(seconds=6))

    assert Beat.objects.get().at == now + timedelta(seconds=6)


def test_a_beat_of_the_future_is_no_sign_of_life():
    now = timezone.now()
    Beat.objects.beat("jumped", at=now + timedelta(days=30))
    Beat.objects.beat("silent", at=now - timedelta(minutes=1))

    assert Beat.objects.word(now).startswith("silent since")
    Beat.objects.beat("jumped", at=now)
    assert Beat.objects.word(now) == "ok"


def test_engines_that_are_long_gone_are_forgotten():
    now = timezone.now()
    Beat.objects.beat("old", at=now - timedelta(days=8))
    Beat.objects.beat("new", at=now)

    assert [beat.name for beat in Beat.objects.all()] == ["new"]


@pytest.mark.parametrize(("path", "most"), [(PAGE, 5), (LIST, 3), (ADMIN, 5)])
def test_many_deliveries_cost_no_more_questions(
    client_of, olga, path, most, django_assert_max_num_queries
):
    browser = client_of(olga)
    Delivery.objects.bulk_create(
        Delivery(key=f"n{n}", to="o@example.org", recipient=olga, subject="Look", text="x")
        for n in range(300)
    )
    browser.get(path)
    most += path == PAGE and connection.vendor == "postgresql"  # the time there

    with django_assert_max_num_queries(most):
        assert browser.get(path).content.count(b"Look") >= 50
