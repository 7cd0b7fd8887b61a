"""Operators give roles, passwords and teams, and revoke tokens; nobody else does."""

import pytest
from django.urls import reverse

from portal.accounts.models import Team, Token, User

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")
TOKENS = reverse("admin:accounts_token_changelist")
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def operator(client_of, olga):
    return client_of(olga)


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
