"""What lists are narrowed to: the same words everywhere, any of repeated values, what changed."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from onboarding.models import Guide, Question
from portal.accounts.models import Team
from portal.architecture.models import Service, Zone
from portal.notifications.models import Delivery
from runbooks.models import Run, Runbook
from tests.onboarding.world import make_guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(api, olga):
    client = api(olga)

    def get(path: str, member: str = "slug", **query):
        given = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
        answer = client.get(f"/api/v1/{path}{'&' if '?' in path else '?'}{given}")
        assert answer.status_code == 200, answer.content
        return [row[member] for row in answer.json()["results"]]

    return get


def ago(**span) -> str:
    return (timezone.now() - timedelta(**span)).isoformat()


@pytest.fixture
def runbooks(alice, publish, disk):
    """One published, one draft, one archived."""
    Runbook.objects.start("Draft", by=alice, text="x", kind="deployment")
    old = publish(Runbook.objects.start("Old", by=alice, text="x", kind="rollback").newest).runbook
    old.archive(by=alice)
    return disk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["disk-fills-up", "draft"]),
        ("state=published", ["disk-fills-up"]),
        ("state=unpublished", ["draft"]),
        ("state=draft", ["draft"]),
        ("state=archived", ["old"]),
        ("state=all", ["disk-fills-up", "draft", "old"]),
        ("state=archived&state=draft", ["draft", "old"]),
        ("kind=deployment&kind=rollback&state=all", ["draft", "old"]),
        ("alert=DiskFillsUp&alert=Other", ["disk-fills-up"]),
    ],
)
def test_runbooks(runbooks, get, query, found):
    assert sorted(get(f"runbooks/?{query}")) == found


def test_runbooks_that_changed_include_archived_ones(runbooks, get):
    Runbook.objects.filter(slug="disk-fills-up").update(changed_at=ago(days=3))

    assert sorted(get("runbooks/", changed_since=ago(days=1))) == ["draft", "old"]
    assert sorted(get("runbooks/?state=current", changed_since=ago(days=1))) == ["draft"]
    assert get("runbooks/", changed_since="2999-01-01T00:00:00Z") == []


def test_guides_and_questions(alice, get):
    make_guide(alice, slug="first").archive(by=alice)
    Guide.objects.start("Second", by=alice)
    for slug, is_published in (("a", True), ("b", False)):
        more = {"topic": "T", "question": f"{slug}?", "answer": "x"}
        Question(slug=slug).write(by=alice, is_published=is_published, **more)

    assert get("guides/") == ["second"]
    assert get("guides/?state=archived") == ["first"]
    assert sorted(get("guides/?state=archived&state=unpublished")) == ["first", "second"]
    assert sorted(get("guides/", changed_since=ago(hours=1))) == ["first", "second"]
    assert get("questions/?state=unpublished") == ["b"]
    assert get("questions/?state=all&topic=T&topic=U") == ["a", "b"]
    assert get("questions/", changed_since=ago(hours=-1)) == []


def test_runs_and_deliveries(disk, alice, get):
    old, new = (Run.objects.start(disk, by=alice, parameters={"host": "x"}) for _ in range(2))
    Run.objects.filter(pk=old.pk).update(started_at=ago(days=3))
    old.entries.update(at=ago(days=3))
    Delivery.objects.post(key="x", to=["ops@example.org"], subject="X", text="x")

    assert get("runs/", "id", changed_since=ago(days=1)) == [new.pk]
    old.note("Still here", by=alice)
    assert get("runs/", "id", changed_since=ago(days=1)) == [new.pk, old.pk]
    assert get("runs/?state=running&state=failed", "id") == [new.pk, old.pk]
    assert get("runs/?runbook=disk-fills-up&runbook=other&state=all", "id") == [new.pk, old.pk]
    assert get("deliveries/?state=waiting&state=sent", "subject") == ["X"]
    assert get("deliveries/?state=sent", "subject") == []


def test_what_was_deleted_from_the_catalog_is_told(api, olga, get):
    Zone.objects.create(slug="old", name="Old")
    service = Service.objects.create(slug="gone", name="Gone")
    Service.objects.create(slug="kept", name="Kept")
    service.delete()
    client = api(olga)

    found = client.get("/api/v1/services/", {"changed_since": ago(hours=1)}).json()
    assert [row["slug"] for row in found["results"]] == ["kept"]
    assert found["deleted"] == ["gone"]
    assert "deleted" not in client.get("/api/v1/services/").json()
    later = client.get("/api/v1/zones/", {"changed_since": ago(hours=-1)}).json()
    assert (later["results"], later["deleted"]) == ([], [])


def test_a_question_that_was_deleted_is_told_to_those_who_could_see_it(api, olga, nina):
    for slug, is_published in (("where", True), ("secret", False), ("when", True), ("kept", True)):
        Question(slug=slug).write(
            topic="T", question=f"{slug}?", answer="x", is_published=is_published
        )
    Question.objects.get(slug="where").delete()
    Question.objects.filter(slug__in=("secret", "when")).delete()

    def told(person, **query) -> dict:
        return api(person).get("/api/v1/questions/", query).json()

    assert sorted(told(nina, changed_since=ago(hours=1))["deleted"]) == ["when", "where"]
    assert sorted(told(olga, changed_since=ago(hours=1))["deleted"]) == ["secret", "when", "where"]
    assert told(nina, changed_since=ago(hours=-1))["deleted"] == []
    assert "deleted" not in told(nina)
    Question(slug="when").write(topic="T", question="When?", answer="At night.")
    assert told(nina, changed_since=ago(hours=1))["deleted"] == ["where"]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01T00:00:00Z", "99999-01-01", "%00", "1"])
def test_what_is_no_time_is_refused(api, olga, text):
    for path in ("runbooks", "runs", "guides", "services", "questions", "deliveries"):
        answer = api(olga).get(f"/api/v1/{path}/?changed_since={text}")
        assert answer.status_code == 400, path


def test_another_word_is_refused(api, olga):
    for path in ("runbooks", "runs", "guides", "questions", "deliveries", "assignments"):
        answer = api(olga).get(f"/api/v1/{path}/?state=new")
        assert answer.json()["errors"][0]["pointer"] == "/state", path


@pytest.mark.parametrize(
    "path",
    [
        "runbooks/?service=",
        "runbooks/?owner=",
        "guides/?owner=",
        "questions/?owner=",
        "catalog/configuration/?service=",
        "search/?q=x&service=",
        "search/?q=x&owner=",
    ],
)
def test_a_slug_that_nobody_has_is_refused_with_the_nearest(api, olga, path):
    Team.objects.create(slug="orders", name="Orders")
    Service.objects.create(slug="orders", name="Orders")
    client = api(olga)

    answer = client.get(f"/api/v1/{path}order")
    assert answer.status_code == 400
    assert "“order”. Did you mean “orders”?" in answer.json()["detail"]
    assert client.get(f"/api/v1/{path}orders").status_code == 200


def test_what_may_be_said_once_is_refused_twice(api, olga):
    client = api(olga)

    for path in ("runbooks", "runs", "teams"):
        answer = client.get(f"/api/v1/{path}/?limit=1&limit=2")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/limit"
    assert client.get("/api/v1/runbooks/?fields=slug&fields=title").status_code == 200


def test_user_names_stand_beside_display_names(disk, alice, api, olga):
    run = Run.objects.start(disk, by=alice, parameters={"host": "x"})
    client = api(olga)

    version = client.get("/api/v1/runbooks/disk-fills-up/versions/1/").json()
    assert (version["author"], version["author_user"]) == ("Alice Author", "alice")
    assert (version["reviewer"], version["reviewer_user"]) == ("Paul Approver", "paul")
    found = client.get(f"/api/v1/runs/{run.pk}/").json()
    assert (found["started_by"], found["started_by_user"]) == ("Alice Author", "alice")
    assert (found["leads"], found["leads_name"]) == ("alice", "Alice Author")
    [entry] = client.get(f"/api/v1/runs/{run.pk}/log/").json()["results"]
    assert (entry["by"], entry["by_user"]) == ("Alice Author", "alice")


def test_who_ended_a_run_is_named_once_it_has_ended(disk, alice, api, olga):
    run = Run.objects.start(disk, by=alice, parameters={"host": "x"})
    client = api(alice)

    found = client.get(f"/api/v1/runs/{run.pk}/").json()
    assert (found["ended_by"], found["ended_by_user"]) == ("", None)
    run.abort(by=olga, reason="Wrong host")
    found = client.get(f"/api/v1/runs/{run.pk}/").json()
    assert (found["ended_by"], found["ended_by_user"]) == (olga.display_name, "olga")
