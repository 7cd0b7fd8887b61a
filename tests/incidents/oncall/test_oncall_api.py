"""What programs ask about shifts and do to rotations."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Rotation
from incidents.models.specifications import specified
from portal.architecture.models import Service

from .world import DAY, grow_rotations, make_on_call

pytestmark = pytest.mark.django_db
LAYER = {
    "name": "Nights",
    "people": ["rita", "alice"],
    "starts_on": "2026-11-02",
    "every": 1,
    "unit": "days",
    "hand_over": "20:00",
    "hours": [{"weekdays": ["mon", "fri"], "begins": "20:00", "ends": "08:00"}],
    "on_holidays": "also",
}


@pytest.fixture
def current(rita, alice, paul):
    orders = Service.objects.create(slug="orders", name="Orders")
    return make_on_call([rita, alice], by=paul, slug="databases", services=[orders])


def post(client, address, data=None, **headers):
    return client.post(f"/api/v1/{address}", data or {}, "application/json", headers=headers)


def test_who_is_on_call_at_a_time(current, api, nina, rita, alice):
    row = Rotation.objects.get()
    at = timezone.now() + timedelta(hours=36)  # within the override
    answer = api(nina).get("/api/v1/oncall/", {"at": at.isoformat(), "service": "orders"})

    (said,) = answer.json()["results"]
    assert (said["rotation"], said["services"]) == ("databases", ["orders"])
    assert (said["state"], said["person"], said["is_override"]) == ("on_call", "rita", True)
    assert said["instead_of"] in ("rita", "alice")
    assert said["can_be_called"] is False  # nobody of the tests has an address
    assert said["next_state"] == "on_call" and said["next_person"] in ("rita", "alice")
    row.archive(by=rita, at=timezone.now())
    assert api(nina).get("/api/v1/oncall/").json()["results"] == []


def test_a_gap_is_said(current, api, nina, paul):
    current.change({"layers": []}, by=paul, at=timezone.now())
    (said,) = api(nina).get("/api/v1/oncall/").json()["results"]

    assert (said["state"], said["person"], said["can_be_called"]) == ("nobody", None, None)


@pytest.mark.parametrize(
    "query",
    ["at=yesterday", "at=0001-01-01T00:00:00Z", "service=none", "rotation=none", "when=now"],
)
def test_what_is_not_understood_is_refused(current, api, nina, query):
    assert api(nina).get(f"/api/v1/oncall/?{query}").status_code == 400


def test_shifts_tile_the_time_asked_for(current, api, nina):
    since = timezone.now().replace(microsecond=0)
    about = {"since": since.isoformat(), "until": (since + 28 * DAY).isoformat()}
    found = api(nina).get("/api/v1/rotations/databases/shifts/", about).json()["results"]

    assert all(a["ends_at"] == b["starts_at"] for a, b in itertools.pairwise(found))
    assert {each["person"] for each in found} == {"rita", "alice"}
    assert {each["layer"] for each in found} == {"Week", None}
    late = {**about, "until": (since + 93 * DAY).isoformat()}
    assert api(nina).get("/api/v1/rotations/databases/shifts/", late).status_code == 400


def test_a_rotation_is_created_read_and_changed_with_its_layers(api, paul, nina, rita, alice):
    program = api(paul)
    Service.objects.create(slug="orders", name="Orders")
    made = post(
        program, "rotations/", {"name": "Night watch", "layers": [LAYER], "services": ["orders"]}
    )
    said = made.json()

    assert (made.status_code, made["Location"]) == (201, "/api/v1/rotations/night-watch/")
    (layer,) = said["layers"]
    assert layer == LAYER | {"hand_over": "20:00:00", "ends_on": None} | {
        "hours": [{"weekdays": ["mon", "fri"], "begins": "20:00:00", "ends": "08:00:00"}]
    }
    read = api(nina).get(made["Location"])
    assert (read["ETag"], read.json()) == (said["etag"], said)
    listed = api(nina).get("/api/v1/rotations/?service=orders&fields=slug,layers").json()
    assert listed["results"] == [{"slug": "night-watch", "layers": said["layers"]}]

    def patch(data, **headers):
        return program.patch(made["Location"], data, "application/json", headers=headers)

    assert patch({"name": "N"}).status_code == 428
    changed = patch({"layers": [LAYER, LAYER | {"name": "Top"}]}, If_Match=read["ETag"])
    assert [each["name"] for each in changed.json()["layers"]] == ["Nights", "Top"]
    stale = patch({"name": "N"}, If_Match=read["ETag"])
    assert stale.status_code == 412 and len(specified(Rotation.objects.get())) == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"people": ["nina"]}, "/layers/0/people/0"),
        ({"people": []}, "/layers/0/people"),
        ({"every": 0}, "/layers/0/every"),
        ({"unit": "months"}, "/layers/0/unit"),
        ({"hours": [{"weekdays": [], "begins": "1:00", "ends": "2:00"}]}, None),
        ({"starts_on": "2026-13-01"}, "/layers/0/starts_on"),
        ({"turns": 1}, "/layers/0/turns"),
    ],
)
def test_a_layer_that_makes_no_sense_is_refused_by_its_place(
    api, paul, rita, alice, wrong, pointer
):
    answer = post(api(paul), "rotations/", {"name": "X", "layers": [LAYER | wrong]})

    assert answer.status_code == 400 and not Rotation.objects.exists()
    pointers = [each["pointer"] for each in answer.json()["errors"]]
    assert pointer is None or pointers == [pointer]


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"name": "🔥"}, "/slug", "No slug can be made of this name"),
        (
            {"layers": [LAYER, LAYER | {"starts_on": "1999-01-01"}]},
            "/layers/1/starts_on",
            "Use a year",
        ),
        ({"layers": [LAYER | {"people": ["nina"]}]}, "/layers/0/people", "cannot be on call"),
        ({"layers": [LAYER | {"hand_over": "09:00+05:00"}]}, "/layers/0/hand_over", "offset"),
    ],
)
def test_what_is_refused_of_a_rotation_is_said_of_its_place(
    api, paul, rita, alice, nina, body, pointer, said
):
    (error,) = post(api(paul), "rotations/", {"name": "Nights", **body}).json()["errors"]

    assert error["pointer"] == pointer and said in error["detail"]
    assert not Rotation.objects.exists()


@pytest.mark.anywhere
def test_somebody_who_exists_and_may_not_be_on_call_is_told_so(current, api, paul, rita, nina):
    at = "rotations/databases/"
    override = post(api(paul), f"{at}overrides/", {"person": "nina", "minutes": 5})
    swap = post(api(rita), f"{at}swaps/", {"asked": "nina"})

    for answer, pointer in ((override, "/person"), (swap, "/asked")):
        (error,) = answer.json()["errors"]
        assert error["pointer"] == pointer and "cannot be on call" in error["detail"]


@pytest.mark.anywhere
def test_nothing_is_said_of_an_end_that_was_not_sent(current, api, nina):
    late = api(nina).get("/api/v1/rotations/databases/shifts/?since=2099-12-31T00:00:00Z")

    assert late.status_code == 200


def test_overrides_are_made_listed_and_cancelled(current, api, rita, nina):
    at = timezone.now()
    program, address = api(rita), "rotations/databases/overrides/"
    data = {"person": "rita", "ends_at": (at + DAY).isoformat(), "reason": "Dentist"}
    made = post(program, address, data)

    assert made.status_code == 201 and made.json()["person"] == "rita"
    assert post(program, address, data | {"person": "alice"}).status_code == 403
    assert post(program, address, data | {"person": None}).status_code == 403
    assert post(program, address, data | {"person": "nobody"}).status_code == 400
    listed = api(nina).get(f"/api/v1/{address}").json()["results"]
    assert {each["reason"] for each in listed} == {"Dentist", "Training"}
    key = made.json()["id"]
    assert post(program, f"{address}{key}/cancel/").status_code == 200
    assert post(program, f"{address}{key}/cancel/").status_code == 409
    assert len(api(nina).get(f"/api/v1/{address}?state=all").json()["results"]) == 2


def test_swaps_are_proposed_and_answered(current, api, rita, alice, nina):
    since = timezone.now()
    about = {"since": since.isoformat(), "until": (since + 60 * DAY).isoformat()}
    found = api(nina).get("/api/v1/rotations/databases/shifts/", about).json()["results"]
    own, theirs = (
        [s for s in found[1:-1] if s["person"] == name and not s["is_override"]][-1]
        for name in ("rita", "alice")
    )
    data = {"asked": "alice", "starts_at": own["starts_at"], "ends_at": own["ends_at"]}
    data |= {"back_starts_at": theirs["starts_at"], "back_ends_at": theirs["ends_at"]}
    made = post(api(rita), "rotations/databases/swaps/", data)

    assert made.status_code == 201 and made.json()["state"] == "proposed"
    address = f"rotations/databases/swaps/{made.json()['id']}/"
    assert post(api(rita), f"{address}agree/").status_code == 403
    agreed = post(api(alice), f"{address}agree/")
    assert agreed.status_code == 200 and agreed.json()["state"] == "agreed"
    assert post(api(alice), f"{address}decline/").status_code == 409
    assert post(api(rita), "rotations/databases/swaps/", data).status_code == 409
    half = {name: to for name, to in data.items() if name != "back_ends_at"}
    assert post(api(rita), "rotations/databases/swaps/", half).status_code == 400
    assert len(api(nina).get("/api/v1/rotations/databases/swaps/").json()["results"]) == 2


def test_the_same_key_does_it_once(current, api, rita):
    program, address = api(rita), "rotations/databases/overrides/"
    data = {"person": "rita", "ends_at": (timezone.now() + DAY).isoformat()}
    first, second = (post(program, address, data, Idempotency_Key="k1") for _ in range(2))

    assert first.json() == second.json() and second["Idempotency-Replayed"] == "true"
    assert current.overrides.count() == 2


def test_it_is_archived_and_unarchived(current, api, paul, nina):
    assert post(api(nina), "rotations/databases/archive/").status_code == 403
    answer = post(api(paul), "rotations/databases/archive/")
    assert answer.status_code == 200 and answer.json()["archived_at"]
    assert api(nina).get("/api/v1/rotations/").json()["results"] == []
    assert len(api(nina).get("/api/v1/rotations/?state=archived").json()["results"]) == 1
    assert post(api(paul), "rotations/databases/unarchive/").status_code == 200


def test_a_token_needs_the_scope(current, api, nina):
    assert api(nina, "monitoring:read").get("/api/v1/oncall/").status_code == 403
    assert api(nina, "incidents:read").get("/api/v1/oncall/").status_code == 200


@pytest.mark.parametrize("address", ["oncall/", "rotations/", "rotations/databases/"])
def test_many_cost_as_many_queries_as_few(current, api, nina, rita, alice, address):
    program = api(nina)
    program.get("/api/v1/oncall/")  # notes when the token was seen
    counts = []
    for _ in range(2):
        grow_rotations(5, [rita, alice])
        with CaptureQueriesContext(connection) as asked:
            assert program.get(f"/api/v1/{address}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 16
