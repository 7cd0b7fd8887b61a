"""The status page: what colleagues see, what everybody sees, and what nobody may."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents import jobs, notices
from incidents.models import (
    AffectedService,
    Communication,
    Component,
    StatusSubscription,
)
from incidents.models.subscriptions import CONFIRM, LEAVE
from incidents.statuspage import public
from incidents.statuspage.page import StatusPage
from incidents.statuspage.states import State
from portal.core.problems import Stale
from portal.monitoring.models import Maintenance
from portal.notifications.models import Delivery
from tests.notifications.conftest import mailbox  # noqa: F401

from .world import declare, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PUBLIC = "/status/public/"
VALUES = {"impact": "Cards are refused", "not_affected": "Browsing", "workaround": "Pay by bill"}
SECRET = "shard db-7 in prod-eu1"


@pytest.fixture(autouse=True)
def shown(settings, tmp_path):
    settings.PUBLIC_STATUS = True
    settings.DATA_DIR = tmp_path


@pytest.fixture
def checkout(olga):
    service = make_service("checkout-backend")
    Component.objects.add(by=olga, service=service, public_name="Payments", is_public=True)
    return service


def tell(incident, by, text="{{ impact }}", at=None, **more):
    row = Communication.objects.draft(
        incident,
        audience="customers",
        moment=more.pop("moment", "notice"),
        by=by,
        at=at or timezone.now(),
        values=VALUES,
        **{"subject": "Payments fail", "internal_text": SECRET, "public_text": text} | more,
    )
    row.send(by=by, at=at)
    return row


def states(*, public: bool, at=None) -> dict[str, State]:
    page = StatusPage(at or timezone.now(), public=public)
    return {str(line.component): line.state for line in page.lines}


def test_it_shows_what_customers_were_told_and_nothing_internal(rita, checkout):
    incident = declare(rita, title=SECRET, description=SECRET, services=[checkout])
    incident.affect(checkout, impact="down", by=rita)
    tell(incident, rita)

    answer = Client().get(PUBLIC)

    assert answer.status_code == 200
    assert "Cards are refused" in answer.text and "Payments" in answer.text
    assert "Down" in answer.text and "Some systems are down" in answer.text
    for secret in (SECRET, incident.name, "checkout", "SEV2", rita.display_name):
        assert secret not in answer.text.replace("/status", "")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_colleagues_see_what_was_not_told_outside(client_of, nina, rita, checkout):
    incident = declare(rita, title=SECRET, services=[checkout])

    page = client_of(nina).get("/status/").text

    assert SECRET in page and incident.name in page and "Degraded" in page
    assert SECRET not in Client().get(PUBLIC).text
    assert states(public=True) == {"Payments": State.OPERATIONAL}
    assert states(public=False) == {"Payments": State.DEGRADED}


@pytest.mark.parametrize("of_it", [{"is_restricted": True}, {"is_drill": True}])
def test_neither_page_shows_what_is_restricted_or_a_drill(client_of, nina, rita, checkout, of_it):
    incident = declare(rita, title="First", services=[checkout])
    tell(incident, rita)
    type(incident).objects.update(**of_it, title=SECRET)

    inside, outside = client_of(nina).get("/status/").text, Client().get(PUBLIC).text

    assert SECRET not in inside and "Cards are refused" not in inside + outside
    assert "Cards are refused" not in Client().get(PUBLIC + "feed.atom").text
    assert states(public=False) == {"Payments": State.OPERATIONAL}


def test_it_is_nowhere_unless_it_is_switched_on(settings, rita):
    settings.PUBLIC_STATUS = False

    for address in (PUBLIC, PUBLIC + "feed.atom", PUBLIC + "confirm/1:x/", PUBLIC + "leave/1:x/"):
        assert Client().get(address).status_code == 404
    assert Client().post(PUBLIC + "subscribe/", {"email": "a@example.org"}).status_code == 404
    assert Client().get("/status/").status_code == 302


def test_states_follow_impact_maintenance_and_the_end(rita, olga, checkout):
    now = timezone.now()
    incident = declare(rita, services=[checkout], at=now - timedelta(days=3))
    incident.affect(checkout, impact="restored", by=rita)
    assert states(public=False) == {"Payments": State.OPERATIONAL}
    AffectedService.objects.update(impact="down")
    incident.resolve(by=rita, at=now - timedelta(days=2))

    page = StatusPage(now, public=False)
    (line,) = page.lines
    assert line.state == State.OPERATIONAL
    assert {bar.state for bar in line.troubled} == {State.DOWN}
    assert 2 <= len(line.troubled) <= 3 and len(line.bars) == 90
    assert page.past == []  # nobody outside was told

    Maintenance.objects.plan(
        title=SECRET,
        services=[checkout],
        by=olga,
        at=now,
        starts_at=now - timedelta(minutes=5),
        duration=timedelta(hours=1),
    )
    assert states(public=True) == {"Payments": State.MAINTENANCE}
    text = Client().get(PUBLIC).text
    assert "In maintenance" in text and SECRET not in text
    assert states(public=True, at=now + timedelta(hours=2)) == {"Payments": State.OPERATIONAL}


def test_what_is_over_stands_below_with_its_messages(rita, checkout):
    incident = declare(rita, services=[checkout])
    tell(incident, rita)
    incident.resolve(by=rita, text=SECRET)
    tell(incident, rita, moment="resolution", subject="Over", public_text="All is well")

    page = StatusPage(timezone.now(), public=True)

    assert page.current == []
    (told,) = page.past
    assert told.headline == str(Component.objects.get())  # not what was being looked into
    assert [each.public_text for each in told.messages] == ["All is well", "Cards are refused"]
    assert SECRET not in Client().get(PUBLIC).text


def test_it_asks_as_much_for_many_as_for_few(client_of, nina, rita, olga, checkout):
    def queries(draw) -> int:
        with CaptureQueriesContext(connection) as asked:
            draw()
        return len(asked)

    tell(declare(rita, services=[checkout]), rita)
    client = client_of(nina)
    inside, outside = (lambda: client.get("/status/")), (lambda: public.drawn(NOW))
    inside()  # what is remembered of the rail
    few = queries(inside), queries(outside)
    for number in range(4):
        service = make_service(f"other-{number}")
        Component.objects.add(by=olga, service=service, public_name=f"P{number}", is_public=True)
        tell(declare(rita, services=[service]), rita)

    assert (queries(inside), queries(outside)) == few


HOSTILE = "<script>alert(1)</script> ]]> &amp; <!-- saved copy -->"


def test_hostile_words_are_words_in_page_feed_and_mail(rita, checkout):
    StatusSubscription.objects.create(email="a@example.org", asked_at=NOW, confirmed_at=NOW)
    incident = declare(rita, services=[checkout])
    row = tell(incident, rita, text=HOSTILE, subject=HOSTILE)

    page, feed = Client().get(PUBLIC), Client().get(PUBLIC + "feed.atom")

    assert "<script>alert" not in page.text
    assert page.text.count("<!-- saved copy -->") == 1
    entry = ET.fromstring(feed.content).find("{*}entry")
    assert entry is not None and entry.findtext("{*}title") == HOSTILE
    assert entry.findtext("{*}summary") == HOSTILE
    assert Delivery.objects.get(key=row.key, to="a@example.org").subject == HOSTILE


# Without the database


class Away:
    """The database does not answer."""

    def __call__(self, *_):
        raise OperationalError("server closed the connection")


def test_the_saved_copy_is_served_while_the_database_is_away(rita, checkout):
    tell(declare(rita, services=[checkout]), rita)
    assert jobs.StatusFile()(NOW)

    with connection.execute_wrapper(Away()):
        page, feed = Client().get(PUBLIC), Client().get(PUBLIC + "feed.atom")
        with_cookie = Client()
        with_cookie.cookies["session"] = "x"
        signed_in = with_cookie.get(PUBLIC)

    assert page.status_code == feed.status_code == signed_in.status_code == 200
    assert "Saved copy" in page.text and "Cards are refused" in page.text
    assert ET.fromstring(feed.content).find("{*}entry") is not None
    assert "Saved copy" not in Client().get(PUBLIC).text


def test_without_a_copy_it_says_that_it_is_away():
    with connection.execute_wrapper(Away()):
        answer = Client(raise_request_exception=False).get(PUBLIC)

    assert answer.status_code == 503


def test_the_engine_writes_what_changed_every_few_seconds(rita, checkout, settings):
    write, later = jobs.StatusFile(), NOW + timedelta(seconds=20)

    assert write(NOW) and not write(NOW)
    assert not write(later)
    tell(declare(rita, services=[checkout]), rita)
    assert write(later + timedelta(seconds=20))
    settings.PUBLIC_STATUS = False
    assert not write(later + timedelta(minutes=2))


# Subscriptions


def subscribe(email: str, **more):
    return Client(**more).post(PUBLIC + "subscribe/", {"email": email})


def test_who_confirms_is_mailed_and_leaves_by_the_link():
    answer = subscribe(" Ana@Example.org ")
    row = StatusSubscription.objects.get()
    mail = Delivery.objects.get()
    link = mail.text.partition("open ")[2].split()[0]
    path = "/" + link.split("/", 3)[3]

    assert answer.status_code == 200 and (row.email, mail.to) == ("ana@example.org",) * 2
    assert Client().get(path).status_code == 200
    assert not StatusSubscription.objects.confirmed().exists()  # a scanner opened it
    assert Client().post(path).status_code == Client().post(path).status_code == 200
    assert StatusSubscription.objects.confirmed().get() == row

    leave = f"{PUBLIC}leave/{row.token(LEAVE)}/"
    assert Client().get(leave).status_code == 200
    assert StatusSubscription.objects.exists()
    assert Client().post(leave).status_code == Client().post(leave).status_code == 200
    assert not StatusSubscription.objects.exists()


def test_nobody_learns_who_subscribed_and_nobody_is_mailed_again_at_once():
    first = subscribe("ana@example.org")
    StatusSubscription.objects.create(email="bo@example.org", asked_at=NOW, confirmed_at=NOW)

    answers = [subscribe("ana@example.org"), subscribe("bo@example.org")]

    assert {each.text for each in answers} == {first.text}
    assert Delivery.objects.count() == 1


def test_an_hour_later_the_link_is_mailed_again():
    subscribe("ana@example.org")
    StatusSubscription.objects.update(asked_at=NOW - timedelta(hours=2))

    subscribe("ana@example.org")

    assert Delivery.objects.filter(to="ana@example.org").count() == 2


def test_what_is_no_address_or_too_much_is_refused():
    wrong = subscribe("a@b")
    assert wrong.status_code == 400 and 'value="a@b"' in wrong.text
    assert "This is not an e-mail address" in wrong.text and "/subscribe/" in wrong.text
    statuses = [subscribe(f"a{number}@example.org").status_code for number in range(7)]

    assert statuses == [200] * 5 + [429] * 2


def test_links_that_are_old_or_made_up_are_refused():
    row = StatusSubscription.objects.create(email="a@example.org", asked_at=NOW)
    token = row.token(CONFIRM)
    for wrong in ("1:x", "x", row.token(LEAVE)):
        assert Client().post(f"{PUBLIC}confirm/{wrong}/").status_code == 404
    StatusSubscription.objects.update(asked_at=NOW - timedelta(days=3))

    assert Client().post(f"{PUBLIC}confirm/{token}/").status_code == 404
    jobs.forget_subscriptions(NOW)
    assert not StatusSubscription.objects.exists()


@pytest.mark.anywhere
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_link_to_leave_that_is_cut_leaves_nobody(verb):
    row = StatusSubscription.objects.create(email="a@example.org", asked_at=NOW)
    for wrong in ("garbage", row.token(LEAVE)[:-3], row.token(CONFIRM)):
        answer = getattr(Client(), verb)(f"{PUBLIC}leave/{wrong}/")
        assert answer.status_code == 404 and "not complete" in answer.content.decode()

    assert StatusSubscription.objects.exists()


def test_operators_see_and_remove_subscribers(client_of, olga, rita):
    for email in ("ana@example.org", "bo@example.net"):
        StatusSubscription.objects.create(email=email, asked_at=NOW)
    address, client = "/status/subscribers/", client_of(olga)
    row = StatusSubscription.objects.get(email="ana@example.org")

    assert f'href="{address}"' in client.get("/status/").text
    assert "ana@example.org" in client.get(address).text
    assert "ana@example.org" not in client.get(f"{address}?q=.net").text
    assert client_of(rita).get(address).status_code == 403
    assert client_of(rita).post(f"{address}{row.pk}/remove/").status_code == 403
    assert client.post(f"{address}{row.pk}/remove/").status_code == 302
    assert [each.email for each in StatusSubscription.objects.all()] == ["bo@example.net"]
    assert client.post(f"{address}{row.pk}/remove/").status_code == 404


# Components


def test_without_components_it_claims_nothing(client_of, olga):
    assert "No components yet" in Client().get(PUBLIC).text
    page = client_of(olga).get("/status/").text

    assert "No components yet" in page and "All systems operational" not in page
    assert 'href="/status/components/new/"' in page


def test_the_bars_have_a_key(checkout):
    page = Client().get(PUBLIC).text

    keys = page.split('class="keys')[1].split("</ul>")[0]
    assert all(word in keys for word in ("Operational", "In maintenance", "Degraded", "Down"))


def test_operators_learn_how_the_public_page_is_switched_on_and_where_it_is(
    client_of, olga, settings
):
    assert f'href="{PUBLIC}"' in client_of(olga).get("/status/").text
    settings.PUBLIC_STATUS = False
    page = client_of(olga).get("/status/").text

    assert "PORTAL_PUBLIC_STATUS=1" in page and f'href="{PUBLIC}"' not in page


def test_operators_keep_components(client_of, olga, rita):
    service, client = make_service("search"), client_of(olga)
    about = {"public_name": "Search", "position": 1, "is_public": "on"}

    made = client.post("/status/components/new/", about | {"service": service.pk})
    row = Component.objects.get()
    edit = f"/status/components/{row.pk}/"
    changed = client.post(edit, about | {"public_name": "Find", "revision": 0})
    stale = client.post(edit, about | {"public_name": "Seek", "revision": 0})
    again = client.post("/status/components/new/", about | {"service": service.pk})

    assert made.status_code == changed.status_code == 302
    assert stale.status_code == 400 and "was changed meanwhile" in stale.text
    assert again.status_code == 400
    assert client_of(rita).get(edit).status_code == 403
    assert client_of(rita).post(edit + "remove/").status_code == 403
    asked = client.get(edit).text.split("<details")[1].split("</details>")[0]
    assert "disappears from the public page, too" in asked and f"{edit}remove/" in asked
    assert client.post(edit + "remove/").status_code == 302
    assert not Component.objects.exists()


def test_a_component_refuses_what_it_cannot_show(olga, checkout):
    row = Component.objects.get()

    with pytest.raises(ValidationError):
        row.change({"public_name": "a\u202eb"}, by=olga)
    assert not row.change({"public_name": "Payments"}, by=olga)
    assert row.change({"position": 2}, by=olga, based_on=0)
    with pytest.raises(Stale):
        row.change({"position": 3}, by=olga, based_on=0)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_one_click_in_the_mail_program_leaves(mailbox, settings, scheme):  # noqa: F811
    settings.ADDRESS = f"{scheme}://portal.example.org"
    row = StatusSubscription.objects.create(email="a@example.org", asked_at=NOW, confirmed_at=NOW)
    text = f"All is well.\n\n{notices.farewell(row.token(LEAVE))}\n"
    for kind in (notices.UPDATES.name, notices.CALLS.name):
        Delivery.objects.post_each({row.email: text}, key=kind, subject="Status", kind=kind)
    while due := Delivery.claim(timezone.now()):
        due.send(timezone.now())

    one, other = mailbox.messages
    address = f"{scheme}://portal.example.org{PUBLIC}leave/{row.token(LEAVE)}/"
    assert one["List-Unsubscribe"].replace("\r\n", "").replace(" ", "") == f"<{address}>"
    wanted = "List-Unsubscribe=One-Click" if scheme == "https" else None
    assert one["List-Unsubscribe-Post"] == wanted
    assert other["List-Unsubscribe"] is None

    program = Client(enforce_csrf_checks=True)
    body = {"List-Unsubscribe": "One-Click"}
    assert program.post(address.partition(".org")[2], body).status_code == 200
    assert not StatusSubscription.objects.exists()


def test_what_ended_without_a_word_says_that_it_ended(rita, checkout):
    incident = declare(rita, services=[checkout])
    tell(incident, text="We are working on it. Next update: 14:51 UTC.", by=rita)
    assert "<b>Resolved</b>" not in public.drawn(timezone.now())["public.html"]

    incident.resolve(by=rita)
    assert "<b>Resolved</b>" in public.drawn(timezone.now())["public.html"]

    tell(incident, text="It works again.", by=rita, moment="resolution")
    assert public.drawn(timezone.now())["public.html"].count("<b>Resolved</b>") == 0
