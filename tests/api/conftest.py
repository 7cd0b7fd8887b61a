import os
import subprocess
from functools import partial
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from portal.accounts.models import Token
from portal.core.api import views
from portal.wsgi import application
from runbooks.models import Runbook
from tests.runbooks.conftest import bearer, disk, publish  # noqa: F401

from .world import make_world


@pytest.fixture
def unlimited(monkeypatch):
    """Many requests in one minute, as tests make them."""
    monkeypatch.setattr(views.requests, "quota", 10**9)
    monkeypatch.setattr(views.failures, "quota", 10**9)


@pytest.fixture
def in_process(db):
    """The application itself answers inside the test's transaction: its end does not close it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield application
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def answering(in_process, tmp_path):
    """Run a command while this thread answers; how it ended, and what it said."""

    def answering(command: list[str], **known: str) -> tuple[int, str]:
        with make_server("127.0.0.1", 0, in_process, handler_class=Quiet) as server:
            server.timeout = 0.05
            known |= {"PORTAL": f"http://127.0.0.1:{server.server_port}"}
            known |= {"PATH": "/usr/local/bin:/usr/bin:/bin"}
            with (tmp_path / "said").open("w+") as said:
                made = subprocess.Popen(command, env=known, stdout=said, stderr=subprocess.STDOUT)
                while made.poll() is None:
                    server.handle_request()
                said.seek(0)
                return made.returncode, said.read()

    return answering


@pytest.fixture
def shell(answering, need):
    """Run a script of a page with a token of somebody, while this thread answers; its output."""
    for program in ("curl", "python3"):
        need(program)

    def shell(script: str, person, scope: str, *, fails=False, **known) -> str:
        _, token = Token.objects.issue(person, "example", [scope], days=1)
        command = [need("bash"), "-e", "-o", "pipefail", "-c", script]
        code, output = answering(command, TOKEN=token, **known)
        assert (code != 0) == fails, output
        return output

    return shell


@pytest.fixture(scope="session")
def node_tool(need):
    """The path of a program of `clients/package.json`; skips, or fails on CI, without it."""
    need("node")

    def node_tool(name: str) -> Path:
        path = Path(__file__).with_name("clients") / "node_modules" / ".bin" / name
        if not path.exists():
            missing = f"{name} is not installed: run `npm ci` in tests/api/clients"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
        return path

    return node_tool


@pytest.fixture
def world(once, alice, paul, nina, olga, publish):  # noqa: F811
    """A published runbook with an open draft, a former address, feedback, a gap, a team."""
    once(("world of the API",), partial(make_world, alice, nina, olga, publish))
    return Runbook.objects.get(slug="disk-fills-up")
