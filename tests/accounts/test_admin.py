"""Operators give roles, passwords and teams, and revoke tokens; nobody else does."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Team, Token, User
from portal.core.web.keys import LONG

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")
TOKENS = reverse("admin:accounts_token_changelist")
NEW_TOKEN = "/account/profile/tokens/new/"
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def operator(client_of, olga):
    """The browser of an operator who typed the password just now."""
    client = client_of(olga)
    session = client.session
    session["account_authentication_methods"] = [{"at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(olga.pk)
    session.save()
    return client


def page(user) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def typed(user, **changes) -> dict:
    active = {"is_active": "on"} if user.is_active else {}
    known = {"username": user.username, "name": user.name, "email": user.email, "role": user.role}
    return {**known, **active, "time_zone": "", **changes}


def test_a_new_person_gets_a_role_and_with_it_the_admin_or_not(operator):
    for name, role, staff in (("rosa", "reader", False), ("anton", "author", True)):
        person = {"username": name, "name": "", "email": "", "role": role}
        operator.post(ADD, {**person, "password1": PASSWORD, "password2": PASSWORD})
        made = User.objects.get(username=name)
        assert (made.role, made.is_staff, made.is_superuser) == (role, staff, False)
        assert made.check_password(PASSWORD)


def test_the_form_of_a_new_person_has_the_words_of_the_portal(operator):
    page = operator.get(ADD).content.decode()

    assert "User name" in page and "E-mail address" in page and "Password again" in page
    assert "150 characters" not in page and "created a user" not in page
    assert "<title>New person · " in page


def test_a_weak_password_is_refused(operator):
    person = {"username": "rosa", "role": "reader", "password1": "12345", "password2": "12345"}

    assert operator.post(ADD, person).status_code == 200
    assert not User.objects.filter(username="rosa").exists()


def test_a_role_replaces_the_one_before(operator, paul):
    operator.post(page(paul), typed(paul, role="reader"))

    paul = User.objects.get(pk=paul.pk)
    assert (paul.role, paul.is_staff) == ("reader", False)
    assert [group.name for group in paul.groups.all()] == ["reader"]


def test_a_city_names_the_time_zone_of_a_person(operator, nina):
    operator.post(page(nina), typed(nina, time_zone="Berlin"))

    assert User.objects.get(pk=nina.pk).time_zone == "Europe/Berlin"


def test_nothing_else_can_be_slipped_in(operator, nina):
    forged = typed(nina, is_staff="on", is_superuser="on", groups=[1, 2, 3], user_permissions=[1])
    operator.post(page(nina), forged)

    nina = User.objects.get(pk=nina.pk)
    assert (nina.is_staff, nina.is_superuser, nina.role) == (False, False, "reader")
    assert not nina.user_permissions.exists()


def test_an_account_is_switched_off_not_deleted(operator, client_of, nina):
    changed = typed(nina)
    del changed["is_active"]
    operator.post(page(nina), changed)

    assert not User.objects.get(pk=nina.pk).is_active
    delete = reverse("admin:accounts_user_delete", args=[nina.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 403


def test_the_last_operator_stays(operator, olga):
    for changed in (typed(olga, role="reader"), {**typed(olga), "is_active": ""}):
        assert b"last operator" in operator.post(page(olga), changed).content
    assert User.objects.get(pk=olga.pk).role == "operator"


def test_a_password_is_set_for_somebody(operator, nina):
    address = reverse("admin:auth_user_password_change", args=[nina.pk])
    operator.post(
        address, {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert User.objects.get(pk=nina.pk).check_password(PASSWORD)


def test_an_operator_cannot_take_over_a_superuser(operator):
    root = User.objects.create_superuser("root", password=PASSWORD)
    password = reverse("admin:auth_user_password_change", args=[root.pk])

    assert operator.post(page(root), typed(root, role="reader")).status_code == 403
    assert operator.post(password, {"password1": "x", "password2": "x"}).status_code == 403


def test_only_operators_change_people(client_of, nina, rita, alice, paul):
    for person in (nina, rita, alice, paul):
        browser = client_of(person)
        for address in (USERS, ADD, page(nina), TOKENS):
            assert browser.get(address, follow=True).status_code == 403, address
        assert browser.post(page(nina), typed(nina, role="operator")).status_code in (302, 403)
    assert User.objects.get(pk=nina.pk).role == "reader"


def test_the_list_costs_the_same_however_long(operator, django_assert_num_queries, people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as spent:
            operator.get(USERS)
        return len(spent)

    cost()
    before = cost()
    for number in range(10):
        User.objects.create_user(f"person{number}").take_role("reader")
    assert cost() == before


def test_people_are_found_by_role(operator, people):
    rows = operator.get(USERS, {"role": "approver"}).context["cl"].result_list
    assert [row.username for row in rows] == ["paul"]


def test_a_team_has_members(operator, alice, paul):
    address = reverse("admin:accounts_team_add")
    operator.post(address, {"name": "Platform", "slug": "platform", "members": [alice.pk, paul.pk]})

    assert set(Team.objects.get().members.all()) == {alice, paul}


def test_tokens_are_revoked_and_never_shown_or_changed(operator, alice):
    token, plain = Token.objects.issue(alice, "pipeline", ["read"], days=9)
    shown = reverse("admin:accounts_token_change", args=[token.pk])
    for address in (TOKENS, shown):
        content = operator.get(address).content.decode()
        assert plain not in content
        assert token.digest not in content
    assert operator.post(shown, {"name": "x"}).status_code == 403

    operator.post(TOKENS, {"action": "revoke", "_selected_action": [token.pk]})

    token.refresh_from_db()
    assert token.revoked_at


def test_the_list_of_tokens_says_whose_for_what_and_how_long(operator, alice):
    now = timezone.now()
    issue = Token.objects.issue
    used, _ = issue(alice, "pipeline", ["read", "runbooks:write"], days=9)
    issue(alice, "old", ["read"], days=1, at=now - timedelta(days=3))
    issue(alice, "lost", ["read"], days=9)[0].revoke(at=now)
    Token.objects.filter(pk=used.pk).update(last_used_at=now)
    table = operator.get(TOKENS).context["cl"].result_list
    page = operator.get(TOKENS).content.decode()

    assert {token.name for token in table} == {"pipeline", "old", "lost"}
    for word in ("Alice Author", "read, runbooks:write", "Active", "Expired", "Revoked", "Never"):
        assert f">{word}<" in page
    for state, name in {"active": "pipeline", "expired": "old", "revoked": "lost"}.items():
        rows = operator.get(TOKENS, {"state": state}).context["cl"].result_list
        assert [token.name for token in rows] == [name]


@pytest.fixture
def unconfirmed(client, olga):
    """The browser of an operator who has a password, and has not typed it lately."""
    olga.set_password(PASSWORD)
    olga.save()
    client.force_login(olga)
    return client


@pytest.mark.parametrize(
    "changes",
    [{"email": ""}, {"email": None}, {"role": "operator"}, {"username": "n"}, {"is_active": None}],
)
@pytest.mark.parametrize("quoted", ["{}", "_2B{}", "{}_0A"])
def test_who_gets_into_an_account_is_changed_with_the_password_only(
    unconfirmed, nina, changes, quoted
):
    User.objects.filter(pk=nina.pk).update(email="nina@example.org")
    nina.refresh_from_db()
    given = {name: value for name, value in typed(nina, **changes).items() if value is not None}
    address = page(nina).replace(f"/{nina.pk}/", f"/{quoted.format(nina.pk)}/")
    asked = unconfirmed.post(address, given)

    assert asked["Location"].startswith("/account/confirm/")
    same = User.objects.get(pk=nina.pk)
    assert (same.email, same.role, same.username) == (nina.email, "reader", "nina")
    assert same.is_active


def test_accounts_and_passwords_are_made_with_the_password_only(unconfirmed, olga, nina):
    password = {"password1": "another " + PASSWORD, "password2": "another " + PASSWORD}
    new = {"username": "rosa", "name": "Rosa", "email": "", "role": "operator"}
    changes = [reverse("admin:auth_user_password_change", args=[who.pk]) for who in (olga, nina)]
    for address in (ADD, *changes):
        asked = unconfirmed.post(address, {**new, **password, "usable_password": "true"})
        assert asked["Location"].startswith("/account/confirm/")
        kept = unconfirmed.session["account_reauthentication_state"]["request"]
        assert "rosa" in kept and "another" not in kept
    assert not User.objects.filter(username="rosa").exists()
    assert User.objects.get(pk=olga.pk).check_password(PASSWORD)

    asked = unconfirmed.post(ADD, {**new, **password})
    again = unconfirmed.post(asked["Location"], {"password": PASSWORD, "next": ADD})
    assert 'value="rosa"' in again.content.decode()
    unconfirmed.post(ADD, {**new, **password})
    assert User.objects.get(username="rosa").role == "operator"


def test_another_address_of_a_person_asks_the_operator_for_the_password(unconfirmed, nina):
    client = unconfirmed
    moved = typed(nina, email="nina@elsewhere.example", name="Nina R.")
    asked = client.post(page(nina), moved)

    assert asked["Location"].startswith("/account/confirm/")
    assert User.objects.get(pk=nina.pk).email == nina.email
    client.post(asked["Location"], {"password": PASSWORD, "next": page(nina)})
    nina.refresh_from_db()
    assert (nina.email, nina.name) == ("nina@elsewhere.example", "Nina R.")


@pytest.mark.parametrize("given_up", ["by opening a page that asks", "by waiting"])
def test_what_was_given_up_is_not_carried_out_by_the_next_password(unconfirmed, nina, given_up):
    asked = unconfirmed.post(page(nina), typed(nina, role="operator"))
    if given_up == "by waiting":
        session = unconfirmed.session
        session["reauthentication_waits_since"] -= 16 * 60
        session.save()
    else:
        assert unconfirmed.get(NEW_TOKEN)["Location"].startswith("/account/confirm/")
    unconfirmed.post(asked["Location"], {"password": PASSWORD, "next": page(nina)})

    assert User.objects.get(pk=nina.pk).role == "reader"


QUERY = "?_changelist_filters=is_active__exact%3D1"


def test_nothing_typed_is_lost_where_the_address_has_a_query(unconfirmed, nina):
    moved = typed(nina, email="nina@elsewhere.example", name="Nina R.")
    asked = unconfirmed.post(f"{page(nina)}{QUERY}", moved)
    shown = unconfirmed.get(asked["Location"])
    following = shown.context["redirect_field_value"]

    saved = unconfirmed.post(asked["Location"], {"password": PASSWORD, "next": following})

    nina.refresh_from_db()
    assert (nina.email, nina.name) == ("nina@elsewhere.example", "Nina R.")
    assert saved["Location"] == f"{USERS}?is_active__exact=1"


def test_what_is_shown_again_after_the_password_is_sent_where_it_belongs(unconfirmed, olga):
    new = {"username": "rosa", "name": "Rosa", "email": "", "role": "operator"}
    for address, given in (
        (f"{ADD}{QUERY}", new),
        ("/account/profile/?a=b", {"email": "rosa@example.org", "time_zone": "Nowhere"}),
        ("/account/profile/tokens/new/?a=b", {"name": "rosa", "days": "no number"}),
    ):
        unconfirmed.logout()
        unconfirmed.force_login(olga)
        asked = unconfirmed.post(address, given)
        again = unconfirmed.post(asked["Location"], {"password": PASSWORD})
        text = again.content.decode()
        assert f'action="{address}"' in text and 'value="rosa' in text


def test_whatever_else_is_changed_of_a_person_needs_no_password(operator, nina):
    answer = operator.post(page(nina), typed(nina, name="Nina R."))

    assert answer["Location"] == USERS


def test_a_time_zone_is_searched_by_its_city(operator, nina):
    shown = operator.get(page(nina)).content.decode()

    assert 'placeholder="Europe/Berlin"' in shown
    assert '<option value="America/New_York">' in shown


def test_members_are_ticked_while_they_are_few_and_searched_when_there_are_many(operator, people):
    address = reverse("admin:accounts_team_add")
    few = operator.get(address).content.decode()
    User.objects.bulk_create(User(username=f"person{number}") for number in range(LONG))
    many = operator.get(address).content.decode()
    found = operator.get(
        reverse("admin:autocomplete"),
        {"app_label": "accounts", "model_name": "team", "field_name": "members", "term": "person7"},
    )

    assert few.count('type="checkbox" name="members"') == len(people)
    assert 'type="checkbox" name="members"' not in many
    assert "admin-autocomplete" in many
    assert [each["text"] for each in found.json()["results"]] == ["person7"]


def test_deleting_a_team_names_the_team_and_no_joins(operator, alice):
    team = Team.objects.create(name="Platform", slug="platform")
    team.members.add(alice)
    shown = operator.get(reverse("admin:accounts_team_delete", args=[team.pk])).content.decode()

    assert "Delete team “Platform”?" in shown
    assert "relationship" not in shown
