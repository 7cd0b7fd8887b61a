import pytest

from runbooks.models import Runbook, State, Version
from runbooks.problems import WrongState

pytestmark = pytest.mark.django_db
URL = "/api/v1/runbooks/"
DISK = f"{URL}disk-fills-up/"


def post(client, url, data=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        url, {} if data is None else data, content_type="application/json", headers=headers
    )


def test_a_version_goes_from_draft_to_published(bearer, alice, paul, disk):
    author, approver = bearer(alice), bearer(paul)
    drafted = post(
        author, f"{DISK}versions/", {"text": "New text", "note": "Why"}, If_Match=disk.etag
    )
    assert drafted.status_code == 201
    address = drafted["Location"]
    submitted = post(author, f"{address}submit/", If_Match=drafted["ETag"])
    approved = post(approver, f"{address}approve/", {"note": "Good"}, If_Match=submitted["ETag"])
    published = post(approver, f"{address}publish/", If_Match=approved["ETag"])

    assert published.json()["state"] == "published"
    assert author.get(DISK).json()["text"] == "New text"
    assert disk.versions.get(number=1).state == State.SUPERSEDED


def test_a_runbook_is_made(bearer, alice):
    answer = post(bearer(alice), URL, {"title": "New one", "kind": "rollback", "text": "1. Go"})

    assert answer.status_code == 201
    assert answer["Location"] == f"{URL}new-one/"
    assert Runbook.objects.get().newest.author == alice


def test_a_write_without_if_match_is_refused(bearer, alice, disk):
    answer = post(bearer(alice), f"{DISK}versions/", {"text": "New"})

    assert answer.status_code == 428
    assert answer.json()["current"] == bearer(alice).get(DISK)["ETag"]


def test_a_stale_write_names_the_tag_and_the_difference(bearer, alice, disk):
    client, stale = bearer(alice), disk.etag
    first = post(client, f"{DISK}versions/", {"text": "First"}, If_Match=stale)
    second = post(client, f"{DISK}versions/", {"text": "Second"}, If_Match=stale)

    assert second.status_code == 412
    assert second.json()["current"] == second["ETag"] == first["ETag"]
    assert second.json()["difference"] == "/runbooks/disk-fills-up/compare/1/2/"
    assert disk.versions.count() == 2


def test_a_verb_on_what_was_changed_says_where_to_look(bearer, paul, disk):
    answer = post(bearer(paul), f"{DISK}archive/", If_Match='"v0-00000000"')

    assert answer.status_code == 412
    assert answer.json()["difference"] == disk.get_absolute_url()


@pytest.mark.parametrize(
    ("verb", "body"), [("versions/", {"text": "Next"}), ("restore/", {"number": 1})]
)
def test_the_current_tag_is_the_one_that_reading_the_runbook_gives(bearer, alice, disk, verb, body):
    client = bearer(alice)
    refused = post(client, DISK + verb, body, If_Match='"v1-bad"')
    current = refused.json()["current"]

    assert (refused.status_code, current) == (412, client.get(DISK)["ETag"])
    again = post(client, DISK + verb, body, If_Match=current)
    assert again.status_code == 201


def test_a_newer_draft_is_read_before_it_is_followed(bearer, alice, disk):
    draft = disk.draft("Half", author=alice, based_on=1)
    refused = post(bearer(alice), f"{DISK}versions/", {"text": "x"}, If_Match=disk.etag)

    assert (refused.status_code, refused.json()["current"]) == (412, draft.etag)


def test_nobody_approves_their_own(bearer, paul, disk):
    version = disk.draft("Mine", author=paul, based_on=1)
    version.submit(by=paul)

    answer = post(bearer(paul), f"{DISK}versions/2/approve/", If_Match=version.etag)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/api/problems/own-work"


def test_what_is_not_approved_is_not_published(bearer, alice, paul, disk):
    version = disk.draft("Text", author=alice, based_on=1)

    answer = post(bearer(paul), f"{DISK}versions/2/publish/", If_Match=version.etag)

    assert answer.status_code == 409
    assert disk.versions.get(number=2).state == State.DRAFT


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        ("nina", "versions/", 403),
        ("rita", "versions/", 403),
        ("nina", "feedback/", 201),
        ("alice", "archive/", 403),
        ("paul", "archive/", 200),
        ("nina", "archive/", 403),
        ("alice", "confirm-review/", 200),
        ("nina", "confirm-review/", 403),
    ],
)
def test_roles_decide(request, bearer, disk, who, verb, status):
    person = request.getfixturevalue(who)
    body = {"versions/": {"text": "x"}, "feedback/": {"helpful": True}}.get(verb, {})
    condition = {} if verb == "feedback/" else {"If_Match": disk.etag}
    answer = post(bearer(person), DISK + verb, body, **condition)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [
        (("read",), 200, 403),
        (("runbooks:read",), 200, 403),
        (("runbooks:write",), 200, 201),
        (("architecture:write",), 403, 403),
    ],
)
def test_scopes_decide(bearer, alice, disk, scopes, read, write):
    client = bearer(alice, *scopes)

    assert client.get(DISK).status_code == read
    assert post(client, f"{DISK}versions/", {"text": "x"}, If_Match=disk.etag).status_code == write


def test_a_repeated_request_is_done_once(bearer, alice):
    client, body = bearer(alice), {"title": "Once", "text": "x"}
    first = post(client, URL, body, Idempotency_Key="k1")
    again = post(client, URL, body, Idempotency_Key="k1")
    other = post(client, URL, {"title": "Else"}, Idempotency_Key="k1")

    assert again.content == first.content
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert Runbook.objects.count() == 1


def test_two_people_with_one_key_get_their_own_answers(bearer, alice, paul):
    first = post(bearer(alice), URL, {"title": "Once", "text": "x"}, Idempotency_Key="k1")
    second = post(bearer(paul), URL, {"title": "Once", "text": "x"}, Idempotency_Key="k1")
    other = post(bearer(paul), URL, {"title": "Once", "text": "x"}, Idempotency_Key="k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in second
    assert first["Location"] != second["Location"]
    assert other.content == second.content != first.content
    assert [version.author for version in Version.objects.order_by("pk")] == [alice, paul]


def test_an_error_does_not_use_up_the_key(bearer, alice):
    client = bearer(alice)

    assert post(client, URL, {"title": ""}, Idempotency_Key="k").status_code == 400
    assert post(client, URL, {"title": "Good"}, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"title": ""}, 400, "/title"),
        ({"title": "x", "kind": "poem"}, 400, "/kind"),
        ({"title": "x", "alerts": ["two words"]}, 400, "/alerts/0"),
        ({"title": "x", "owner": "nobody"}, 400, "/owner"),
        ({"title": "x", "text": "a\x00b"}, 400, "/text"),
        ({"title": "x", "text": "a" * 200_000}, 413, "/text"),
        ({"title": "x", "review_days": 10**12}, 400, "/review_days"),
        ({"title": "x", "slug": "a b"}, 400, "/slug"),
        ([], 400, ""),
        ({"title": "x", "text": {"a": 1}}, 400, "/text"),
    ],
)
def test_bad_input_says_where(bearer, alice, body, status, pointer):
    answer = post(bearer(alice), URL, body)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert Runbook.objects.count() == 0


@pytest.mark.parametrize("body", [b"{", b"NaN", b'{"title": NaN}', b"[" * 100_000, b"\xff"])
def test_broken_json_is_told(bearer, alice, body):
    answer = bearer(alice).post(URL, body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_other_media_types_and_methods_are_told(bearer, alice, disk):
    client = bearer(alice)

    assert client.post(URL, b"a=b", content_type="text/plain").status_code == 415
    assert client.get(URL, headers={"Accept": "image/png"}).status_code == 406
    deleted = client.delete(DISK)
    assert deleted.status_code == 405
    assert deleted["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_fields_that_are_not_offered_are_refused_and_change_nothing(bearer, alice, disk):
    body = {
        "title": "Mine",
        "published": None,
        "head": 9,
        "revision": 0,
        "archived_at": "2020-01-01",
    }
    answer = bearer(alice).patch(
        DISK, body, content_type="application/json", headers={"If-Match": disk.etag}
    )
    disk.refresh_from_db()

    assert answer.status_code == 400
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {f"/{name}" for name in body if name != "title"}
    assert (disk.title, disk.head, disk.archived_at) == ("Disk fills up", 1, None)
    assert disk.published.number == 1


def test_an_alert_of_another_runbook_is_a_conflict(bearer, alice, disk):
    answer = post(bearer(alice), URL, {"title": "Second", "alerts": ["DiskFillsUp"]})

    assert answer.status_code == 409
    assert "Disk fills up" in answer.json()["detail"]
    assert Runbook.objects.count() == 1


def test_restore_copies_an_old_version(bearer, alice, disk, publish):
    publish(disk.draft("Worse", author=alice, based_on=1))
    disk.refresh_from_db()
    answer = post(bearer(alice), f"{DISK}restore/", {"number": 1}, If_Match=disk.newest.etag)

    assert answer.status_code == 201
    assert answer.json()["restored_from"] == 1
    assert disk.versions.get(number=3).text == disk.versions.get(number=1).text


def test_merge_leads_everything_to_the_other(bearer, alice, paul, disk, publish):
    other = Runbook.objects.start("Disk is full", by=alice, text="Better", alerts=["DiskFull"])
    publish(other.newest)

    answer = post(bearer(paul), f"{DISK}merge/", {"into": "disk-is-full"}, If_Match=disk.etag)

    assert answer.json()["merged_into"] == "disk-is-full"
    found = bearer(paul).get("/api/v1/alerts/DiskFillsUp/").json()
    assert found["runbook"]["slug"] == "disk-is-full"


def test_what_the_portal_says_itself_is_not_taken(bearer, nina, disk):
    answer = post(bearer(nina), f"{DISK}feedback/", {"helpful": True, "version": 1})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/version"]


def test_a_no_asks_the_owner_for_a_review(bearer, nina, disk):
    answer = post(bearer(nina), f"{DISK}feedback/", {"helpful": False, "reason": "Which disk?"})
    disk.refresh_from_db()

    assert answer.status_code == 201
    assert "Which disk?" in disk.review_asked


def test_the_tag_of_a_version_changes_when_it_is_approved(disk, alice, paul):
    version = disk.draft("Next", author=alice, based_on=1)
    version.submit(by=alice)
    before = Version.objects.get(pk=version.pk).etag
    version.approve(by=paul)

    assert Version.objects.get(pk=version.pk).etag == before[:-1] + '-approved"'
    version.publish(by=paul)
    with pytest.raises(WrongState, match="v2 is published already"):
        version.publish(by=paul)


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_after_a_version_that_was_given_up_the_tag_of_the_runbook_will_do(
    end, disk, alice, paul, bearer
):
    version = disk.draft("Next", author=alice, based_on=1)
    version.submit(by=alice)
    version.withdraw(by=alice) if end == "withdraw" else version.reject(by=paul, note="No.")
    address = f"/api/v1/runbooks/{disk.slug}/"
    tag = bearer(alice).get(address)["ETag"]

    answer = post(bearer(alice), f"{address}versions/", {"text": "Other"}, If_Match=tag)

    assert answer.status_code == 201, answer.json()
