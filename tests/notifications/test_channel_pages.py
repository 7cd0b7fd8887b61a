"""Operators manage channels, teams see theirs; what failed is shown to whom it concerns."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Team, User
from portal.notifications import jobs
from portal.notifications.models import Attempt, Channel, Delivery

PAGE, LIST = "/notifications/channels/", "/api/v1/channels/"
pytestmark = pytest.mark.django_db
MAIL = {"kind": "mail", "address": "disks@example.org"}
HOOK = {"kind": "webhook", "address": "https://hooks.example.org/T0KEN"}
SENT = {"kind": "webhook", "to": HOOK["address"]}


@pytest.fixture
def team(rita):
    team = Team.objects.create(slug="disks", name="Disks")
    team.members.add(rita)
    return team


@pytest.fixture
def channel(olga, team):
    return Channel.objects.add(by=olga, name="Disks", team=team, **MAIL)[0]


@pytest.fixture
def failed(channel):
    """A message that its channel did not take."""
    found = Delivery.objects.post(key="x", to=[channel], subject="It changed", text="Look.")
    found.update(state="failed", last_error="The mail server hung up.")
    return found.get()


def typed(**more):
    return {"name": "Hook", "least_urgency": "low", **HOOK} | more


def test_an_operator_adds_one_and_sees_its_secret_once(client_of, olga, team):
    browser = client_of(olga)

    made = browser.post(f"{PAGE}new/", typed(team="Disks", kinds=["runbooks-deployed"]))

    channel = Channel.objects.get()
    assert (channel.team, channel.kinds, channel.created_by) == (team, ["runbooks-deployed"], olga)
    assert channel.secret in made.content.decode()
    page = browser.get(channel.get_absolute_url()).content.decode()
    assert "https://hooks.example.org" in page and "A deployment or a rollback" in page
    assert channel.secret not in page and "T0KEN" not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"address": "nowhere"}, "Use an address such as"),
        ({"kind": "pigeon"}, "pigeon is not one of the available choices"),
        ({"team": "Nobody"}, "No team"),
        ({"name": ""}, "This field is required"),
        ({"address": "https://a:b@example.org/"}, "Leave name and password out"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client_of, olga, wrong, says):
    answer = client_of(olga).post(f"{PAGE}new/", typed(name="Typed") | wrong)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert says in page and ("name" in wrong or 'value="Typed"' in page)


def test_all_that_is_wrong_is_said_at_once(client_of, olga):
    wrong = {"name": "", "address": "nowhere", "team": "Nobody"}
    page = client_of(olga).post(f"{PAGE}new/", typed() | wrong).content.decode()

    for said in ("This field is required", "Use an address such as", "No team"):
        assert said in page


def test_a_change_keeps_the_address_that_nobody_typed(client_of, olga, channel):
    address = f"{channel.get_absolute_url()}edit/"
    changes = {"name": "Discs", "address": "", "least_urgency": "high", "revision": 1}

    answer = client_of(olga).post(address, changes, follow=True)

    channel.refresh_from_db()
    assert answer.status_code == 200
    assert (channel.name, channel.address) == ("Discs", MAIL["address"])
    assert (channel.least_urgency, channel.is_active, channel.team) == ("high", False, None)
    assert client_of(olga).post(address, changes).status_code == 412


def test_a_test_message_shows_what_became_of_it(client_of, olga, channel, mailbox):
    browser = client_of(olga)
    page = browser.post(f"{channel.get_absolute_url()}test/", follow=True)
    assert "Test message" in page.content.decode() and "Waiting" in page.content.decode()

    jobs.deliver(timezone.now())

    page = browser.get(page.redirect_chain[-1][0]).content.decode()
    assert "250 OK" in page and "Sent" in page
    assert browser.post(f"{channel.get_absolute_url()}test/", follow=True).status_code == 200
    assert Delivery.objects.count() == 1


def test_a_secret_is_replaced_and_the_new_one_shown_once(client_of, olga):
    channel, old = Channel.objects.add(by=olga, name="Hook", **HOOK)
    address, browser = channel.get_absolute_url(), client_of(olga)

    shown = browser.post(f"{address}rotate/", {"hours": "2"}).content.decode()

    channel.refresh_from_db()
    assert channel.secret in shown and old not in shown
    assert channel.old_secret == old
    assert "the old one signs, too, until" in browser.get(address).content.decode()
    assert browser.post(f"{address}rotate/", {"hours": "-1"}).status_code == 400


def test_one_is_deleted_with_its_messages(client_of, olga, failed):
    address = failed.channel.get_absolute_url()

    assert client_of(olga).post(f"{address}delete/", follow=True).status_code == 200
    assert not Channel.objects.exists() and not Delivery.objects.exists()


def test_a_team_sees_its_own_and_everybodys(client_of, api, olga, rita, nina, channel):
    Channel.objects.add(by=olga, name="All of us", **MAIL)

    for person, seen in ((rita, True), (nina, False), (olga, True)):
        page = client_of(person).get(PAGE).content.decode()
        names = [each["name"] for each in api(person).get(LIST).json()["results"]]
        assert ("Disks" in names, "All of us" in names) == (seen, True)
        assert ("/channels/disks/" in page, "All of us" in page) == (seen, True)
        status = 200 if seen else 404
        assert client_of(person).get(channel.get_absolute_url()).status_code == status
        assert api(person).get(f"{LIST}disks/").status_code == status


@pytest.mark.parametrize("verb", ["edit", "test", "rotate", "delete"])
def test_only_operators_change_any(client_of, rita, channel, verb):
    answer = client_of(rita).post(f"{channel.get_absolute_url()}{verb}/", {"hours": "1"})

    assert answer.status_code == 403
    assert not Delivery.objects.exists()


def test_a_failure_is_shown_to_whom_it_concerns(client_of, failed, rita, nina, olga):
    Channel.objects.update(failures=1, failing_since=timezone.now())

    for person, seen in ((rita, True), (nina, False), (olga, True)):
        page = client_of(person).get("/").content.decode()
        assert ("Channels that fail" in page) == seen
        status = 200 if seen else 404
        assert client_of(person).get(failed.get_absolute_url()).status_code == status


def test_a_person_sends_again_what_did_not_reach_them(client_of, nina, rita, olga):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    nina.refresh_from_db()
    mine = Delivery.objects.post(key="x", to=[nina], subject="S", text="T").get()
    address = f"{mine.get_absolute_url()}send-again/"
    assert client_of(nina).post(address).status_code == 403  # it is on its way
    Delivery.objects.update(state="failed", attempts=16)

    assert client_of(rita).post(address).status_code == 404
    assert client_of(nina).post(address).status_code == 302

    mine.refresh_from_db()
    assert (mine.state, mine.attempts) == ("waiting", 0)


def test_programs_add_change_and_delete(api, olga, team):
    program, json = api(olga), {"content_type": "application/json"}

    made = program.post(LIST, {"name": "Hook", "team": "disks", **SENT}, **json)
    assert made.status_code == 201
    row = made.json()
    assert row["secret"] == Channel.objects.get().secret
    assert (row["to"], row["state"]) == ("https://hooks.example.org", "active")
    one = made.headers["Location"]
    assert "secret" not in program.get(one).json()
    off = program.patch(one, {"is_active": False}, headers={"If-Match": row["etag"]}, **json)
    assert off.json()["state"] == "off"
    stale = program.patch(one, {"name": "X"}, headers={"If-Match": row["etag"]}, **json)
    assert stale.status_code == 412
    assert program.delete(one).status_code == 428
    assert program.delete(one, headers={"If-Match": off.headers["ETag"]}).status_code == 204
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "nowhere"},
        {"kind": "pigeon"},
        {"kinds": ["pigeons"]},
        {"team": "nobody"},
        {"secret": "mine"},
        {"least_urgency": "never"},
    ],
)
def test_programs_are_told_what_is_wrong(api, olga, wrong):
    body = {"name": "Hook", **SENT} | wrong

    answer = api(olga).post(LIST, body, content_type="application/json")

    assert answer.status_code == 400
    assert f'"/{next(iter(wrong))}' in answer.content.decode()


def test_programs_replace_a_secret(api, olga):
    Channel.objects.add(by=olga, name="Hook", **HOOK)
    body = {"overlap_hours": 0}

    answer = api(olga).post(f"{LIST}hook/rotate/", body, content_type="application/json")

    channel = Channel.objects.get()
    assert answer.json()["secret"] == channel.secret
    assert channel.secrets(timezone.now()) == (channel.secret,)


def test_programs_read_every_attempt(api, olga, channel, mailbox):
    found = api(olga).post(f"{LIST}disks/test/", content_type="application/json").json()
    assert (found["channel"], found["urgency"], found["history"]) == ("disks", "high", [])
    jobs.deliver(timezone.now())

    (attempt,) = api(olga).get(f"/api/v1/deliveries/{found['id']}/").json()["history"]

    assert (attempt["number"], attempt["answer"], attempt["error"]) == (1, "250 OK", "")


def grow(channel, names) -> None:
    """So many more channels that fail, messages to one, and attempts of each."""
    fails = {"failures": 1, "failing_since": timezone.now(), **MAIL}
    Channel.objects.bulk_create(Channel(slug=f"c{n}", name=f"C {n}", **fails) for n in names)
    about = {"channel": channel, "to": "x", "state": "failed", "subject": "S", "text": "T"}
    rows = Delivery.objects.bulk_create(Delivery(key=f"d{n}", **about) for n in names)
    tried = {"number": 1, "began_at": timezone.now(), "seconds": 1, "error": "No."}
    first = channel.deliveries.order_by("pk").first()
    Attempt.objects.bulk_create(Attempt(delivery=row, **tried) for row in [*rows, *[first] * 9])


@pytest.mark.parametrize("path", [PAGE, LIST, "{channel}", "{message}", "/", "/api{message}"])
def test_more_rows_cost_no_more_questions(client_of, olga, channel, failed, path):
    browser = client_of(olga)
    message = failed.get_absolute_url()
    path = path.replace("/api{message}", f"/api/v1/deliveries/{failed.pk}/")
    path = path.format(channel=channel.get_absolute_url(), message=message)

    def asked() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    grow(channel, range(3))
    few = asked()
    grow(channel, range(3, 100))

    assert asked() <= few <= 18


@pytest.mark.parametrize(("failures", "shown"), [(0, True), (1, False)])
def test_an_engine_that_stands_still_is_seen_without_mail_too(
    client_of, olga, settings, failures, shown
):
    settings.EMAIL_BACKEND = ""
    channel, _ = Channel.objects.add(by=olga, name="Hook", **HOOK)
    Delivery.objects.post(key="x", to=[channel, "ops@example.org"], subject="S", text="T")
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=1))
    Channel.objects.update(failures=failures)

    page = client_of(olga).get("/").content.decode()

    assert ("The engine does not run" in page) == shown


def test_the_preview_is_what_the_test_sends(olga):
    channel, _ = Channel.objects.add(
        by=olga, name="Hook", kind="webhook", address="https://hooks.example.org/ops"
    )
    at = timezone.now()
    sent = Delivery.objects.post_channel_test(channel, at=at)

    assert f'"urgency": "{sent.urgency}"' in channel.preview(at)


def test_the_page_of_how_we_reach_you_has_one_name(client_of, olga):
    browser, address = client_of(olga), "/notifications/settings/"
    for page in ("/notifications/", "/notifications/watched/", address):
        text = browser.get(page).content.decode()
        assert "How we reach you" in text and ">Settings<" not in text
