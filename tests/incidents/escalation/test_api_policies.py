"""Escalation policies through the API, and the dry run."""

import pytest

from incidents.models import EscalationPolicy, Rotation
from portal.accounts.models import Team
from tests.incidents.world import make_policy, make_service

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
ALL = "/api/v1/escalation-policies/"
JSON = "application/json"


def test_it_creates_reads_changes_and_archives_one(api, olga, rita):
    Team.objects.create(slug="shop", name="Shop")
    make_service()
    Rotation.objects.make(by=olga, at=NOW, slug="week", name="Week", time_zone="UTC")
    steps = [
        {"delay_minutes": 0, "rotations": ["week"], "people": ["rita"]},
        {"delay_minutes": 10, "urgency": "low", "teams": ["shop"]},
    ]
    given = {"name": "Shop, tier 1", "team": "shop", "services": ["checkout"], "steps": steps}
    client = api(olga)

    made = client.post(ALL, given, content_type=JSON)
    assert made.status_code == 201, made.content
    said = made.json()
    assert said["services"] == ["checkout"] and said["slug"] == "shop-tier-1"
    assert [(each["people"], each["rotations"]) for each in said["steps"]] == [
        (["rita"], ["week"]),
        ([], []),
    ]

    path = made.headers["Location"]
    change = {"rounds": 3, "steps": steps[:1]}
    stale = {"If-Match": '"p0-0"'}
    assert client.patch(path, change, content_type=JSON).status_code == 428
    assert client.patch(path, change, content_type=JSON, headers=stale).status_code == 412
    tag = {"If-Match": client.get(path).headers["ETag"]}
    changed = client.patch(path, change, content_type=JSON, headers=tag)
    assert changed.status_code == 200 and len(changed.json()["steps"]) == 1
    archived = client.post(f"{path}archive/", content_type=JSON)
    assert archived.status_code == 200 and archived.json()["archived_at"], archived.content
    assert client.get(ALL).json()["results"] == []
    assert len(client.get(f"{ALL}?state=archived").json()["results"]) == 1


@pytest.mark.parametrize(
    ("steps", "pointer"),
    [([{"delay_minutes": 0}], "targets"), ([{"people": ["nobody"]}], "people")],
)
def test_a_step_that_aims_at_nobody_is_refused(api, olga, steps, pointer):
    answer = api(olga).post(ALL, {"name": "Shop", "steps": steps}, content_type=JSON)

    assert answer.status_code == 400 and pointer in answer.content.decode()
    assert not EscalationPolicy.objects.exists()


def test_there_is_one_catch_all(api, olga, rita):
    make_policy(rita, is_catch_all=True)

    answer = api(olga).post(ALL, {"name": "Second", "is_catch_all": True}, content_type=JSON)

    assert answer.status_code == 400 and "catch-all" in answer.content.decode()


def test_who_may_not_change_policies_cannot(api, rita):
    assert api(rita).post(ALL, {"name": "Shop"}, content_type=JSON).status_code == 403


def test_the_dry_run_says_each_minute(api, nina, rita, paul):
    policy = make_policy(rita, paul, rounds=1)

    said = api(nina).get(f"{ALL}{policy.slug}/dry-run/?at=2026-05-16T02:30:00Z&severity=SEV1")

    found = said.json()
    assert [(each["minute"], each["targets"][0]["called"][0]["username"]) for each in
            found["steps"]] == [(0, "rita"), (5, "paul")]  # fmt: skip
    assert found["steps"][0]["targets"][0]["called"][0]["ways"][0]["kind"] == "mail"
    assert found["steps"][0]["targets"][0]["called"][0]["ways"][0]["reaches"] == ""
    assert "rita@example.org" not in said.content.decode()
    assert (found["severity"], found["ends_at"]) == ("SEV1", "2026-05-16T02:40:00Z")
    assert api(nina).get(f"{ALL}{policy.slug}/dry-run/?at=soon").status_code == 400
