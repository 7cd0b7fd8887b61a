"""Intakes to send to, and what tools send."""

import threading
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client
from django.utils import timezone

from portal.monitoring.models import Alert, Intake
from portal.search import index
from runbooks.models import Runbook


@pytest.fixture
def intake_of(db):
    """Make an intake of a kind; returns it and its key."""

    def make(kind="alertmanager", name="", **fields):
        return Intake.objects.make(name or f"Our {kind}", kind, **fields)

    return make


@pytest.fixture
def am(intake_of):
    """An Alertmanager that is connected: `am(alert(), …)` delivers."""
    intake, key = intake_of()
    client = Client(enforce_csrf_checks=True)

    def send(*alerts, body=None, **more):
        content = body if body is not None else payload(*alerts, **more)
        return client.post(f"/in/alertmanager/{key}/", content, content_type="application/json")

    return Connected(intake, key, client, send)


class Connected(SimpleNamespace):
    def __init__(self, intake, key, client, send):
        super().__init__(intake=intake, key=key, client=client, send=send)

    def __call__(self, *alerts, **more):
        return self.send(*alerts, **more)


def payload(*alerts, **more):
    return {"version": "4", "status": "firing", "truncatedAlerts": 0, "alerts": [*alerts], **more}


def alert(name="DiskFillsUp", start="08:00:00", end=None, day="2026-11-23", **labels):
    """One alert of a delivery, as Alertmanager writes it."""
    more = {key: labels.pop(key) for key in ("annotations", "fingerprint") if key in labels}
    return {
        "status": "resolved" if end else "firing",
        "labels": {"alertname": name, **labels},
        "annotations": {},
        "startsAt": f"{day}T{start}Z",
        "endsAt": f"{day}T{end}Z" if end else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prom.example.org/graph",
        **more,
    }


def standing():
    """All episodes, without their keys and what counts deliveries."""
    columns = ("source", "fingerprint", "name", "state", "starts_at", "ends_at", "spans", "labels")
    return sorted(map(str, Alert.objects.values_list(*columns)))


@pytest.fixture
def disk_fills_up(once, alice, paul):
    """A published runbook that answers DiskFillsUp."""
    once(("monitoring", "disk"), lambda: answering("DiskFillsUp", by=alice, approver=paul))
    return Runbook.objects.get(slug="disk-fills-up")


def answering(name, *, by, approver, text="1. Look: `df -h`\n"):
    """Publish a runbook that answers the alert of this name."""
    title = "Disk fills up"
    version = Runbook.objects.start(title, by=by, text=text, alerts=[name]).newest
    with index.together():  # three verbs, one entry
        version.submit(by=by)
        version.approve(by=approver)
        version.publish(by=approver)


@pytest.fixture
def page_of():
    """The text of a page, as a person gets it."""

    def page(user, address):
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.RoleBackend")
        answer = client.get(address)
        assert answer.status_code == 200, answer.content[:2000]
        return answer.content.decode()

    return page


@pytest.fixture
def now():
    return timezone.now()


class serving:  # noqa: N801
    def __init__(self, server):
        self.server, self.thread = (
            server,
            threading.Thread(target=server.serve_forever, daemon=True),
        )

    def __enter__(self):
        self.thread.start()
        return self.server

    def __exit__(self, *error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        """Tests say what was asked."""


@pytest.fixture
def listening(shared_database, settings):
    """A server of a portal with a database of its own."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.SECURE_SSL_REDIRECT = False
    settings.ADDRESS = f"http://127.0.0.1:{server.server_port}"
    server.set_app(WSGIHandler())
    with serving(server):
        yield server
