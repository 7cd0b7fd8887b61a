from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import Token, User

pytestmark = pytest.mark.django_db


def issue(*arguments):
    said = StringIO()
    call_command("issue_token", *arguments, stdout=said)
    return said.getvalue()


def test_it_prints_the_token_and_nothing_else(nina):
    said = issue("nina", "--scope", "read", "--scope", "runbooks:write", "--days", "7")

    token = Token.objects.signing_in(said.strip(), at=timezone.now())
    assert said == f"{said.strip()}\n"
    assert token.user == nina
    assert token.scopes == ["read", "runbooks:write"]
    assert (token.expires_at - token.created_at).days == 7


@pytest.mark.parametrize("scopes", [["read", "write"], ["read,write"]])
def test_scopes_may_be_given_together(nina, scopes):
    issue("nina", "--scope", *scopes)

    assert Token.objects.get().scopes == ["read", "write"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody", "--scope", "read"], "Nobody signs in as “nobody”"),
        (["nina", "--scope", "everything"], "Unknown scope: everything"),
        (["nina"], "Choose one or more of"),
        (["nina", "--scope", "read", "--days", "0"], "A token lives from 1 to 3650 days, not 0"),
        (
            ["nina", "--scope", "read", "--days", "3651"],
            "A token lives from 1 to 3650 days, not 3651",
        ),
    ],
)
def test_it_says_what_is_wrong_and_issues_nothing(nina, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        issue(*arguments)

    assert not Token.objects.exists()


def test_somebody_who_left_gets_no_token(nina):
    User.objects.update(is_active=False)

    with pytest.raises(CommandError, match="may not sign in any more"):
        issue("nina", "--scope", "read")


def make_person(monkeypatch, *arguments, password):
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command("make_person", *arguments, stdout=StringIO())


def test_the_first_person_is_made_with_a_password_from_standard_input(monkeypatch):
    make_person(
        monkeypatch, "olga", "--role", "operator", "--name", "Olga", password="a long one!!"
    )

    person = authenticate(username="olga", password="a long one!!")
    assert person.role == "operator"
    assert person.is_staff


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("olga", "short", "too short"),
        ("olga", "", "too short"),
        ("nina", "a long one!!", "already exists"),
        ("o l g a", "a long one!!", "valid username"),
    ],
)
def test_a_person_that_cannot_be_is_refused(nina, monkeypatch, username, password, sentence):
    with pytest.raises(CommandError, match=sentence):
        make_person(monkeypatch, username, "--role", "reader", password=password)

    assert User.objects.count() == 1
