from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.backends import RoleBackend
from portal.accounts.models import Token, User
from portal.accounts.models.tokens import MOST_DAYS, MOST_DAYS_OF_PERSON
from portal.accounts.people.forms import TokenForm
from portal.accounts.signin.sessions import SessionStore

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": username, "password": password, **more})


def test_a_person_signs_in_and_out(client, nina):
    assert sign_in(client, "nina")["Location"] == "/"
    assert client.get("/").status_code == 200

    client.post("/account/sign-out/")
    assert client.get("/")["Location"].startswith(SIGN_IN)


def test_the_session_changes_its_name_on_signing_in(client, nina):
    client.get(SIGN_IN)
    client.cookies["session"] = "chosen-by-somebody-else"
    sign_in(client, "nina")

    assert client.cookies["session"].value != "chosen-by-somebody-else"


def test_an_old_session_is_dead_after_signing_out(client, nina):
    sign_in(client, "nina")
    old = client.cookies["session"].value
    client.post("/account/sign-out/")
    client.cookies["session"] = old

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("username", ["nina", "nobody-of-this-name"])
def test_a_wrong_password_and_an_unknown_name_read_alike(client, nina, username):
    answer = sign_in(client, username, "wrong wrong wrong")

    assert answer.status_code == 200
    assert "User name or password is wrong." in answer.content.decode()


def test_after_ten_failures_even_the_right_password_waits(client, nina, rita):
    for _ in range(10):
        sign_in(client, "nina", "wrong wrong wrong")

    assert "session" not in sign_in(client, "nina").cookies
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "rita").status_code == 302


def test_a_disabled_person_is_out_at_once(client, nina):
    sign_in(client, "nina")
    nina.is_active = False
    nina.save()

    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "///x.y",
    ],
)
def test_the_way_back_stays_in_the_house(client, nina, address):
    assert sign_in(client, "nina", next=address)["Location"] == "/"


def test_the_admin_uses_the_same_door(client, nina, alice):
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/")["Location"].startswith(SIGN_IN)


def test_nobody_makes_their_own_account(client):
    answer = client.post("/account/closed/signup/", {"username": "eve", "password1": PASSWORD})

    assert answer["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "nina reader 1"])
def test_weak_passwords_are_refused(client, nina, password):
    sign_in(client, "nina")
    body = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post("/account/password/", body)
    nina.refresh_from_db()

    assert nina.check_password(PASSWORD)


def test_a_token_is_made_after_asking_again_and_shown_once(client, nina):
    sign_in(client, "nina")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = 0
    session.save()
    assert "/account/confirm/" in client.get("/account/profile/tokens/new/")["Location"]

    client.post("/account/confirm/", {"password": PASSWORD})
    body = {"name": "pipeline", "scopes": ["read"], "days": 30}
    shown = client.post("/account/profile/tokens/new/", body).content.decode()
    token = Token.objects.get()
    assert token.hint in shown
    assert shown.count("ops_") == 1
    assert "ops_" not in client.get("/account/profile/").content.decode().replace(token.hint, "")

    client.post(f"/account/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at


def test_another_address_is_kept_after_asking_for_the_password(client, nina):
    sign_in(client, "nina")
    body = {"name": "Nina", "email": "nina@elsewhere.example", "time_zone": ""}
    asked = client.post("/account/profile/", body)
    nina.refresh_from_db()

    assert asked["Location"].startswith("/account/confirm/")
    assert nina.email != "nina@elsewhere.example"
    client.post(asked["Location"], {"password": "wrong wrong wrong"})
    nina.refresh_from_db()
    assert nina.email != "nina@elsewhere.example"
    client.post(asked["Location"], {"password": PASSWORD, "next": "/account/profile/"})
    nina.refresh_from_db()
    assert nina.email == "nina@elsewhere.example"


def test_whatever_else_is_in_the_profile_needs_no_password(client, nina):
    sign_in(client, "nina")
    body = {"name": "Nina R.", "email": nina.email, "time_zone": "Berlin"}

    assert client.post("/account/profile/", body)["Location"] == "/account/profile/"


@pytest.mark.parametrize(("ticked", "refused"), [({}, False), ({"revoke_tokens": "on"}, True)])
def test_a_new_password_ends_other_sessions_and_tokens_if_that_is_asked(
    client, nina, ticked, refused
):
    other, words = Client(), "a new horse for the battery"
    sign_in(other, "nina")
    sign_in(client, "nina")
    token, _ = Token.objects.issue(nina, "pipeline", ["read"], days=1)
    assert "Revoke my API token, too" in client.get("/account/password/").content.decode()

    body = {"oldpassword": PASSWORD, "password1": words, "password2": words}
    assert client.post("/account/password/", body | ticked).status_code == 302

    token.refresh_from_db()
    assert (token.revoked_at is not None) is refused
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_nobody_without_tokens_is_asked_about_them(client, nina):
    sign_in(client, "nina")

    assert "Revoke my API" not in client.get("/account/password/").content.decode()


@pytest.mark.parametrize("days", [0, MOST_DAYS_OF_PERSON + 1, MOST_DAYS])
def test_nobody_makes_themselves_a_token_for_longer_than_a_year(days):
    form = TokenForm({"name": "pipeline", "scopes": ["read"], "days": days})

    assert "Select a valid choice" in form.errors["days"][0]


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_no_token_lives_for_ever(nina, days):
    with pytest.raises(ValidationError, match="A token lives from 1 to"):
        Token.objects.issue(nina, "mine", ["read"], days=days)


def test_nobody_revokes_the_token_of_another(client_of, nina, rita):
    token, _ = Token.objects.issue(nina, "mine", ["read"], days=1)

    answer = client_of(rita).post(f"/account/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()

    assert answer.status_code == 404
    assert token.revoked_at is None


def test_a_wrong_time_zone_is_told(client_of, nina):
    answer = client_of(nina).post("/account/profile/", {"time_zone": "Mars/Olympus"})

    assert "is no time zone" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("europe/paris", "Europe/Paris"),
        ("utc", "UTC"),
        ("", ""),
    ],
)
def test_a_city_names_its_time_zone(client_of, nina, typed, kept):
    assert client_of(nina).post("/account/profile/", {"time_zone": typed}).status_code == 302

    nina.refresh_from_db()
    assert nina.time_zone == kept


def test_a_city_of_several_time_zones_is_asked_about(client_of, nina):
    answer = client_of(nina).post("/account/profile/", {"time_zone": "Louisville"})

    said = "may be America/Kentucky/Louisville or America/Louisville: use one of them"
    assert said in answer.content.decode()


def test_every_answer_keeps_to_itself(client_of, nina):
    for path in ("/", SIGN_IN, "/nowhere/", "/api/v1/runbooks/", "/api/v1/nowhere/"):
        headers = client_of(nina).get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"].split(",")[0] in ("no-store", "private", "max-age=0")
        assert headers["X-Request-ID"]


def test_who_signed_in_is_known_whole_and_may_do_what_the_role_says_now(nina, paul):
    user = RoleBackend().get_user(nina.pk)

    assert not user.get_deferred_fields() and user == nina
    assert user.email == nina.email and user.check_password("correct horse battery")
    assert user.get_all_permissions() == User.objects.get(pk=nina.pk).get_all_permissions()
    nina.take_role("approver")
    assert RoleBackend().get_user(nina.pk).get_all_permissions() == paul.get_all_permissions()


def test_a_session_ends_on_time_and_whoever_has_none_gets_a_new_one(client, nina):
    client.force_login(nina, backend="portal.accounts.backends.RoleBackend")
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=30))
    assert client.get("/").status_code == 200

    Session.objects.update(expire_date=timezone.now())
    assert client.get("/").status_code == 302

    store = SessionStore("no-such-session")
    assert store.load() == {} and store.session_key is None


def test_a_read_after_the_first_costs_one_query_to_sign_in(api, client_of, nina):
    for client, queries in ((api(nina), 1), (client_of(nina), 2)):
        client.get("/api/v1/runbooks/no-such/")  # notes the use of the token
        with CaptureQueriesContext(connection) as asked:
            client.get("/api/v1/runbooks/no-such/")
        own = [each["sql"] for each in asked if "runbooks_" not in each["sql"]]
        assert len(own) == queries, own
