from dataclasses import dataclass, field

import pytest
from django.test import RequestFactory
from rest_framework.test import force_authenticate

from portal.core.api import views
from portal.core.api.ratelimit import Limiter


@dataclass
class Person:
    """Who asks: what the views need of a user."""

    pk: int = 1
    may: set = field(default_factory=lambda: {"things.view_thing", "things.change_thing"})
    is_authenticated = True

    def has_perm(self, name):
        return name in self.may


@dataclass
class Key:
    """What the views need of a token."""

    scopes: set
    pk: int = 7

    def allows(self, area, *, write):
        return f"{area}:{'write' if write else 'read'}" in self.scopes


@pytest.fixture
def person():
    """Make somebody with these permissions."""
    return lambda *may: Person(may=set(may))


@pytest.fixture
def key():
    """Make a token with these scopes."""
    return lambda *scopes: Key(set(scopes))


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch):
    """Each test counts its requests from nothing."""
    monkeypatch.setattr(views, "requests", Limiter("default", 600))
    monkeypatch.setattr(views, "failures", Limiter("sign-in", 30))


@pytest.fixture
def ask():
    """Ask a view without a server: ask(View, "GET", person=…, token=…, headers={…})."""

    def ask(view, method="GET", path="/api/things/", *, person=None, token=None, **sent):
        body, kind = sent.pop("body", b""), sent.pop("content_type", "application/json")
        kwargs = sent.pop("kwargs", {})
        request = RequestFactory().generic(method, path, body, kind, **sent)
        force_authenticate(request, person or Person(), token)
        return view.as_view()(request, **kwargs)

    return ask
