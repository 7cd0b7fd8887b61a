"""What is shown once is not kept for a repeated request, and not answered to it."""

import pytest

from portal.accounts.models import Replay
from portal.monitoring.models import Heartbeat, Intake, PingKey
from portal.notifications.models import Channel

pytestmark = pytest.mark.django_db
HOOK = {"name": "Hook", "kind": "webhook", "to": "https://hooks.example.org/ops"}
GRAFANA = {"name": "Grafana", "kind": "grafana", "is_signed": True}
JOB = {"name": "Report", "every_seconds": 3600}
MAKING = [
    ("channels/", HOOK, {"secret"}, Channel),
    ("intakes/", GRAFANA, {"key", "address", "secret"}, Intake),
    ("heartbeats/", JOB, {"ping_url"}, Heartbeat),
    ("ping-keys/", {"name": "Hosts"}, {"key", "address"}, PingKey),
]


@pytest.fixture
def post(bearer, olga):
    def post(path: str, body: dict | None = None, key: str = "once"):
        about = {"content_type": "application/json", "headers": {"Idempotency-Key": key}}
        answer = bearer(olga).post(f"/api/v1/{path}", body or {}, **about)
        assert answer.status_code in (200, 201), answer.content
        assert answer["Cache-Control"] == "no-store"
        return answer

    return post


def assert_shown_once(first, second, secrets: set[str]) -> None:
    before, after = first.json(), second.json()

    assert second["Idempotency-Replayed"] == "true"
    assert second.status_code == first.status_code
    assert all(before[name] and after[name] is None for name in secrets)
    assert before | dict.fromkeys(secrets) == after
    for record in Replay.objects.all():
        kept = bytes(record.body).decode() + str(record.headers)
        assert not [name for name in secrets if before[name] in kept]


@pytest.mark.parametrize(("path", "body", "secrets", "model"), MAKING)
def test_what_is_made_twice_is_one_and_shows_its_secret_once(post, path, body, secrets, model):
    first, second = post(path, body), post(path, body)

    assert_shown_once(first, second, secrets)
    assert second["Location"] == first["Location"]
    assert model.objects.count() == 1


def test_a_secret_is_replaced_once_and_shown_once(post):
    slug = post("channels/", HOOK).json()["slug"]
    first, second = (post(f"channels/{slug}/rotate/", key="rotate") for _ in range(2))

    assert_shown_once(first, second, {"secret"})
    assert first.json()["secret"] == Channel.objects.get().secret


def test_no_cache_keeps_the_address_that_a_job_calls(post, bearer, olga, nina):
    address = f"/api/v1/heartbeats/{post('heartbeats/', JOB).json()['id']}/"

    assert bearer(olga).get(address)["Cache-Control"] == "no-store"
    assert bearer(nina).get(address)["Cache-Control"] == "private, no-cache"


def test_a_verb_of_a_heartbeat_keeps_no_address(post):
    made = post("heartbeats/", JOB).json()
    first, second = (post(f"heartbeats/{made['id']}/pause/", key="pause") for _ in range(2))

    assert_shown_once(first, second, {"ping_url"})
