from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Token

pytestmark = pytest.mark.django_db
URL = "/api/v1/runbooks/"


def bearing(plain):
    return Client(headers={"Authorization": f"Bearer {plain}"})


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a b", "Basic abc", "Bearer nothing", "Token x"]
)
def test_without_a_token_it_answers_401(client, header):
    answer = client.get(URL, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_token_in_the_address_opens_nothing(client, nina):
    _, plain = Token.objects.issue(nina, "x", ["read"], days=1)

    assert client.get(f"{URL}?token={plain}&access_token={plain}").status_code == 401


def test_only_a_digest_is_stored(nina):
    token, plain = Token.objects.issue(nina, "x", ["read"], days=1)

    assert plain not in str(list(Token.objects.values()))
    assert len(token.digest) == 64


def test_it_works_until_it_expires_and_not_a_second_longer(nina):
    now = timezone.now().replace(microsecond=0)
    _, plain = Token.objects.issue(nina, "x", ["read"], days=1, at=now)

    with time_machine.travel(now + timedelta(days=1, seconds=-1), tick=False):
        assert bearing(plain).get(URL).status_code == 200
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert bearing(plain).get(URL).status_code == 401


def test_revoking_and_disabling_count_at_once(nina):
    token, plain = Token.objects.issue(nina, "x", ["read"], days=1)
    client = bearing(plain)
    assert client.get(URL).status_code == 200

    nina.is_active = False
    nina.save()
    assert client.get(URL).status_code == 401

    nina.is_active = True
    nina.save()
    token.revoke(at=timezone.now())
    assert client.get(URL).status_code == 401


def test_the_last_use_is_shown(nina):
    token, plain = Token.objects.issue(nina, "x", ["read"], days=1)
    bearing(plain).get(URL)
    token.refresh_from_db()

    assert token.last_used_at is not None


def test_losing_the_role_counts_at_once(nina):
    _, plain = Token.objects.issue(nina, "x", ["read"], days=1)
    nina.groups.clear()

    assert bearing(plain).get(URL).status_code == 403


def test_a_session_writes_only_with_its_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert client.get(URL).status_code == 200
    answer = client.post(URL, {"title": "x"}, content_type="application/json")
    assert answer.status_code == 403


def test_limits_are_told_and_kept(nina, settings, monkeypatch):
    from portal.core.api import views
    from portal.core.api.ratelimit import Limiter

    monkeypatch.setattr(views, "requests", Limiter("default", 2))
    _, plain = Token.objects.issue(nina, "x", ["read"], days=1)
    client = bearing(plain)

    assert client.get(URL)["RateLimit"].startswith('"default";r=1;t=')
    assert client.get(URL).status_code == 200
    refused = client.get(URL)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
