"""Chromium before a running portal: who opens what, and what the browser complains about."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests.runbooks.conftest import publish  # noqa: F401

from .visiting import PATIENCE, Visit
from .world import Kept, KeptWorld, import_library, make_world, put_back

OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

AT_A_DESK = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="package")
def browser(chromium):
    """One Chromium for all of these tests. Ends with them: its event loop disturbs others."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the loop of Playwright is not Django's
        expect.set_options(timeout=PATIENCE * 1000)
        browser = playwright.chromium.launch(executable_path=chromium, args=[*OPTIONS])
        yield browser
        browser.close()


class Turns:
    """One request at a time; none while they are stopped."""

    def __init__(self):
        self.lock, self.are_stopped = threading.RLock(), False

    def __enter__(self):
        self.lock.acquire()

    def __exit__(self, *error):
        self.lock.release()

    def stop(self):
        self.lock.acquire()
        self.are_stopped = True

    def go_on(self):
        if self.are_stopped:
            self.are_stopped = False
            self.lock.release()


@pytest.fixture(scope="package", autouse=True)
def one_request_at_a_time():
    """A test database in memory has one connection for all threads: they take turns."""
    answer, turns = WSGIHandler.__call__, Turns()

    def answer_in_turn(*arguments):
        with turns:
            return answer(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", answer_in_turn)
        yield turns
        turns.go_on()


@pytest.fixture(scope="package")
def restore(django_db_setup, django_db_blocker):
    """Brings back what migrations wrote: these tests empty the database, others use it."""
    with django_db_blocker.unblock():
        restore = restoring()
        yield restore
        restore()


def restoring() -> Callable[[], None]:
    """By a copy of the whole database where it is in memory, by its rows elsewhere."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return partial(put_back, connection.connection.serialize())
    return partial(restore_rows, connection.creation.serialize_db_to_string())


def restore_rows(rows: str) -> None:
    if Group.objects.exists():
        return
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    connection.creation.deserialize_db_from_string(rows)
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def portal(restore, live_server, one_request_at_a_time):
    """The address of the portal, with what migrations wrote and nothing else.

    What a browser still sent when it was closed waits until the database is emptied and filled.
    """
    restore()
    one_request_at_a_time.go_on()
    yield live_server.url
    one_request_at_a_time.stop()


@pytest.fixture
def visit(portal, browser, one_request_at_a_time):
    """Open a browser as somebody, or as nobody; `options` are those of a context."""
    visits = []

    def visit(person=None, **options) -> Visit:
        options = {**AT_A_DESK, "base_url": portal, **options}
        visits.append(Visit(browser.new_context(**options)))
        if person:
            with one_request_at_a_time:
                cookie = session_cookie(person, portal)
            visits[-1].context.add_cookies([cookie])
        return visits[-1]

    yield visit
    for each in visits:
        each.context.close()
    with one_request_at_a_time:  # what they asked last is answered
        pass


def session_cookie(person, address: str) -> dict:
    client = Client()
    client.force_login(person, backend="portal.accounts.backends.RoleBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture(scope="session")
def kept_worlds():
    return []


@pytest.fixture(scope="session")
def kept_libraries():
    return []


@pytest.fixture
def library(portal, people, kept_libraries, one_request_at_a_time):
    """The runbooks and the catalog that ship: imported once, copied for each test."""
    with one_request_at_a_time:
        if kept_libraries:
            kept_libraries[0].copied(people)
            return
        import_library()
        if connection.vendor == "sqlite":
            kept_libraries.append(Kept())


@pytest.fixture
def world(portal, people, publish, kept_worlds, one_request_at_a_time):  # noqa: F811
    """A portal in which something of everything has happened: made once, copied for each test."""
    with one_request_at_a_time:
        if kept_worlds:
            return kept_worlds[0].copied(people)
        made = make_world(people, publish)
        if connection.vendor == "sqlite":  # elsewhere each test makes its own
            kept_worlds.append(KeptWorld(made))
        return made


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
