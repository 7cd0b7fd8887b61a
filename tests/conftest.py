"""What all tests share: five people, one a role, and clients that sign in as them."""

import os
import shutil
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.test import Client

from portal.accounts.models import Token, User
from portal.core.api import ratelimit
from portal.core.media.chromium import NAMES
from tests import rows
from tests.people import WrittenPerson, make_person, written_of
from tests.reading import Reader

pytest_plugins = [
    "tests.suite.executed",
    "tests.suite.fixtures",
    "tests.suite.garbage",
    "tests.suite.middleware",
    "tests.suite.migrated",
    "tests.suite.order",
    "tests.suite.outside",
    "tests.suite.shared",
    "tests.suite.templates",
    "tests.suite.tokens",
]


@pytest.fixture(autouse=True)
def forget_rates():
    """What one test asked for must not count against the next."""
    caches["process"].clear()
    ratelimit.counts().forget()


@pytest.fixture(scope="session")
def people_written() -> dict[str, WrittenPerson]:
    """By the name of a person."""
    return {}


def person_fixture(username: str, role: str):
    @pytest.fixture(name=username)
    def person(db, people_written):
        if username in people_written:
            return people_written[username].again()
        person = make_person(username, role)
        people_written[username] = written_of(person)
        return User.objects.get(pk=person.pk)

    return person


nina = person_fixture("nina", "reader")
rita = person_fixture("rita", "responder")
alice = person_fixture("alice", "author")
paul = person_fixture("paul", "approver")
olga = person_fixture("olga", "operator")


@pytest.fixture
def people(nina, rita, alice, paul, olga):
    """The five by their role."""
    return {person.role: person for person in (nina, rita, alice, paul, olga)}


@pytest.fixture(scope="session")
def rows_made() -> dict[tuple, rows.Made]:
    """By their name, and how the database stood before."""
    return {}


@pytest.fixture
def once(db, rows_made):
    """Make rows that many tests begin with: once(name, make)."""
    return partial(rows.once, rows_made)


@pytest.fixture
def client():
    """A browser that nobody signed in to."""
    return Reader()


@pytest.fixture
def client_of():
    """A browser that is signed in as a person."""

    def client_of(person, **options):
        client = Reader(**options)
        client.force_login(person, backend="portal.accounts.backends.RoleBackend")
        return client

    return client_of


@pytest.fixture
def api():
    """A program that signs in with a new token of a person, with the scopes given or all."""

    def api(person, *scopes, **options):
        _, plain = Token.objects.issue(person, "test", list(scopes or ("read", "write")), days=1)
        return Client(headers={"Authorization": f"Bearer {plain}"}, **options)

    return api


@pytest.fixture
def roles(db):
    return {group.name: group for group in Group.objects.all()}


@pytest.fixture(scope="session")
def update_asked():
    """Whether a file of what is expected is to be written anew; never on CI."""

    def update_asked(flag: str) -> bool:
        wanted = bool(os.environ.get(flag))
        if wanted and os.environ.get("CI"):
            pytest.fail(f"{flag} is set, and CI is no place to write what is expected")
        return wanted

    return update_asked


@pytest.fixture(scope="session")
def lacking():
    """Skip the test because this machine lacks something; on CI, where all must run, fail it."""

    def lacking(reason: str) -> None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)

    return lacking


@pytest.fixture(scope="session")
def need(lacking):
    """The path of a program."""

    def need(program: str) -> str:
        path = shutil.which(program)
        return path or lacking(f"{program} is not installed")

    return need


@pytest.fixture(scope="session")
def chromium(lacking):
    """The path of the browser; the build without windows, if it is there, starts in a quarter."""
    return next(filter(None, map(shutil.which, NAMES)), None) or lacking(
        "Chromium is not installed"
    )
