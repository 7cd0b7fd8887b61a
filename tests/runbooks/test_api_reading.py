from urllib.parse import quote

import pytest

from portal.search import query
from runbooks.models import Gap, Runbook

pytestmark = pytest.mark.django_db
URL = "/api/v1/runbooks/"


def test_it_gives_the_text_and_what_is_known_of_it(bearer, nina, disk):
    answer = bearer(nina).get(f"{URL}disk-fills-up/")

    assert answer.status_code == 200
    assert answer.json()["text"] == disk.published.text
    assert answer.json()["alerts"] == ["DiskFillsUp"]
    assert answer.json()["version"] == 1
    assert answer["ETag"] == disk.etag


@pytest.mark.parametrize("name", ["two words", "a/b", "x" * 201, "tail\n", "\u2028", " "])
def test_what_no_alert_is_called_is_not_counted(bearer, client_of, nina, name):
    for client, address in ((bearer(nina), "/api/v1/alerts/"), (client_of(nina), "/r/alert/")):
        assert client.get(f"{address}{quote(name)}/").status_code in (200, 404)

    assert not Gap.objects.exists()


def test_looking_whether_an_alert_has_a_runbook_counts_nothing(bearer, nina):
    assert bearer(nina).head("/api/v1/alerts/DiskFillingUp/").status_code == 200
    assert not Gap.objects.exists()


@pytest.mark.parametrize("accept", ["text/markdown", "text/html"])
def test_a_text_has_no_members_to_choose_from(bearer, nina, disk, accept):
    address = f"{URL}disk-fills-up/?fields=slug"
    answer = bearer(nina).get(address, headers={"Accept": accept})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/fields"


@pytest.mark.parametrize(("accept", "member"), [("text/markdown", "text"), ("text/html", "html")])
def test_it_gives_the_text_itself(bearer, nina, disk, accept, member):
    answer = bearer(nina).get(f"{URL}disk-fills-up/", headers={"Accept": accept})

    assert answer["Content-Type"] == f"{accept}; charset=utf-8"
    assert answer.content.decode() == getattr(disk.published, member)


def test_it_answers_304_with_one_small_query(bearer, nina, disk, django_assert_num_queries):
    client = bearer(nina)
    etag = client.get(f"{URL}disk-fills-up/")["ETag"]

    with django_assert_num_queries(2):  # who signs in, and the tag
        answer = client.get(f"{URL}disk-fills-up/", headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert answer.content == b""


def test_detail_takes_two_queries(bearer, nina, disk, django_assert_num_queries):
    client = bearer(nina)
    client.get(f"{URL}disk-fills-up/")

    with django_assert_num_queries(2):
        client.get(f"{URL}disk-fills-up/")


def test_a_change_of_anything_shown_changes_the_tag(bearer, nina, disk):
    before = bearer(nina).get(f"{URL}disk-fills-up/")["ETag"]
    disk.describe(title="The disk fills up")
    after = bearer(nina).get(f"{URL}disk-fills-up/", headers={"If-None-Match": before})

    assert after.status_code == 200
    assert after["ETag"] != before


def test_a_former_address_redirects(bearer, nina, disk):
    disk.describe(slug="disk-full")

    answer = bearer(nina).get(f"{URL}disk-fills-up/")

    assert answer.status_code == 301
    assert answer["Location"] == f"{URL}disk-full/"


def test_readers_do_not_learn_of_drafts(bearer, nina, alice):
    Runbook.objects.start("Secret plan", by=alice, text="Canary")

    assert bearer(nina).get(f"{URL}secret-plan/").status_code == 404
    assert bearer(nina).get(f"{URL}secret-plan/versions/").status_code == 404
    assert bearer(nina).get(URL).json()["results"] == []
    assert bearer(nina).get("/api/v1/search/?q=canary").json()["total"] == 0
    assert bearer(alice).get(f"{URL}secret-plan/").json()["text"] == "Canary"


@pytest.mark.parametrize("number", [0, 2, 99])
def test_readers_see_no_open_version_by_number(bearer, nina, alice, disk, number):
    disk.draft("Canary", author=alice, based_on=1)

    assert bearer(nina).get(f"{URL}disk-fills-up/versions/{number}/").status_code == 404
    assert bearer(nina).get(f"{URL}disk-fills-up/compare/1/{number}/").status_code == 404


@pytest.mark.parametrize("order", ["title", "-title", "changed", "-changed", "review_due"])
def test_pages_hold_every_row_once_forwards_and_back(bearer, alice, publish, order):
    for number in range(7):
        runbook = Runbook.objects.start(f"Number {number % 3}", by=alice, text="Text")
        if number % 2:
            publish(runbook.newest)
    client, seen, pages = bearer(alice), [], []
    address = f"{URL}?limit=2&fields=slug&order={order}"
    while address:
        page = client.get(address).json()
        pages.append([row["slug"] for row in page["results"]])
        address, last = page["next"], page
    seen = [slug for page in pages for slug in page]
    assert sorted(seen) == sorted(Runbook.objects.values_list("slug", flat=True))

    back = []
    while last["previous"]:
        last = client.get(last["previous"]).json()
        back.append([row["slug"] for row in last["results"]])
    assert back[::-1] == pages[:-1]


def test_a_list_takes_the_same_queries_for_any_number_of_rows(
    bearer, alice, disk, django_assert_num_queries
):
    client = bearer(alice)
    client.get(URL)
    with django_assert_num_queries(2):
        client.get(URL)
    for number in range(10):
        Runbook.objects.start(f"Another {number}", by=alice, alerts=[f"Another{number}"])
    with django_assert_num_queries(2):
        client.get(URL)


def test_fields_are_chosen(bearer, nina, disk):
    client = bearer(nina)

    assert client.get(f"{URL}?fields=title,slug").json()["results"] == [
        {"slug": "disk-fills-up", "title": "Disk fills up"}
    ]
    assert "text" not in client.get(f"{URL}disk-fills-up/?omit=text").json()
    assert "Known: slug" in client.get(f"{URL}?fields=password").json()["detail"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=troubleshooting", 1),
        ("kind=rollback", 0),
        ("section=runbooks&kind=troubleshooting&kind=rollback", 1),
        ("alert=DiskFillsUp", 1),
        ("alert=Other", 0),
        ("state=archived", 0),
        ("state=published", 1),
        ("stale=true", 0),
        ("stale=false", 1),
        ("search=rotate", 1),
        ("search=rotat", 1),
        ("search=nowhere", 0),
    ],
)
def test_lists_are_filtered(bearer, nina, disk, query, found):
    assert len(bearer(nina).get(f"{URL}?{query}").json()["results"]) == found


@pytest.mark.parametrize("name", ["owner", "service"])
def test_a_list_refuses_an_owner_and_a_service_that_nobody_knows(bearer, nina, disk, name):
    answer = bearer(nina).get(f"{URL}?{name}=nothing")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


def test_words_find_what_is_archived_where_that_is_asked_for(bearer, nina, alice, disk):
    disk.archive(by=alice)
    client = bearer(nina)

    for state, found in (("archived", 1), ("all", 1), ("current", 0)):
        answer = client.get(f"{URL}?search=rotate&state={state}").json()
        assert len(answer["results"]) == found, state


@pytest.mark.parametrize(
    "query",
    [
        "kind=x",
        "section=x",
        "state=x",
        "stale=maybe",
        "order=x",
        "limit=0",
        "limit=9999",
        "cursor=x",
    ],
)
def test_wrong_parameters_are_told(bearer, nina, query):
    answer = bearer(nina).get(f"{URL}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/" + query.split("=")[0]


def test_steps_and_parameters_are_derived(bearer, nina, disk):
    answer = bearer(nina).get(f"{URL}disk-fills-up/steps/").json()

    assert [step["number"] for step in answer["steps"]] == [1, 2]
    assert answer["steps"][1]["check"] is True
    assert answer["parameters"][0]["name"] == "host"


def test_commands_say_which_way_they_belong_to(bearer, alice, nina, publish):
    text = (
        '1. Go\n\n   === "Linux"\n\n       ```sh\n       id\n       ```\n\n2. Look\n\n       date\n'
    )
    publish(Runbook.objects.start("Two ways", by=alice, text=text).newest)

    steps = bearer(nina).get(f"{URL}two-ways/steps/").json()["steps"]

    assert [step["commands"] for step in steps] == [
        [{"alternative": "Linux", "language": "sh", "text": "id"}],
        [{"alternative": "", "language": "", "text": "date"}],
    ]


def test_compare_goes_down_to_the_word(bearer, alice, disk):
    disk.draft(disk.published.text.replace("Rotate", "Compress"), author=alice, based_on=1)

    answer = bearer(alice).get(f"{URL}disk-fills-up/compare/1/2/").json()

    changed = [row for row in answer["rows"] if row["kind"] == "changed"]
    assert {"text": "Compress", "changed": True} in changed[0]["new"]
    assert (answer["words_added"], answer["words_removed"]) == (1, 1)


def test_an_alert_finds_its_runbook(bearer, nina, disk):
    answer = bearer(nina).get("/api/v1/alerts/DiskFillsUp/").json()

    assert answer["runbook"]["slug"] == "disk-fills-up"
    assert answer["nearest"] == []


@pytest.mark.parametrize("name", ["DiskFillsUp", "diskfillsup"])
def test_what_is_archived_answers_no_alert(bearer, nina, alice, disk, name):
    address = f"/api/v1/alerts/{name}/"
    assert bearer(nina).get(address).json()["runbook"]["slug"] == "disk-fills-up"

    disk.archive(by=alice)

    assert bearer(nina).get(address).json()["runbook"] is None


def test_an_unknown_alert_offers_the_nearest_and_counts_the_gap(bearer, nina, alice, disk):
    answer = bearer(nina).get("/api/v1/alerts/DiskFillingUp/").json()

    assert answer["runbook"] is None
    assert answer["nearest"][0]["slug"] == "disk-fills-up"
    assert Gap.objects.get().name == "DiskFillingUp"
    assert bearer(alice).get("/api/v1/gaps/").json()["results"][0]["count"] == 1


def test_a_draft_answers_no_alert_yet_in_the_api_as_on_the_page(bearer, alice):
    Runbook.objects.start("Shop down", by=alice, text="1. Go", alerts=["ShopDown"])
    answer = bearer(alice).get("/api/v1/alerts/ShopDown/").json()

    assert answer["runbook"] is None
    assert [row["slug"] for row in answer["nearest"]] == ["shop-down"]
    assert Gap.objects.get().name == "ShopDown"


def test_the_small_lists(bearer, nina, disk):
    client = bearer(nina)

    assert len(client.get("/api/v1/sections/").json()["results"]) == 6
    assert client.get("/api/v1/services/").status_code == 200
    assert client.get("/api/v1/teams/").status_code == 200


def test_search_forgives_a_typo(bearer, nina, disk):
    answer = bearer(nina).get("/api/v1/search/?q=rotaet").json()

    assert answer["corrected"] == "rotate"
    assert "**Rotate**" in answer["results"][0]["excerpt"]


def test_what_everything_has_is_not_ranked_but_the_named_come_first(
    bearer, nina, alice, disk, publish, monkeypatch
):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 2)
    for title in ("Rotate keys", "Other one", "Other two"):
        publish(Runbook.objects.start(title, by=alice, text="Rotate the logs.").newest)

    answer = bearer(nina).get("/api/v1/search/?q=rotate").json()

    assert answer["total"] == 2
    assert [hit["slug"] for hit in answer["results"]] == ["rotate-keys", "other-two"]
    assert "**Rotate**" in answer["results"][1]["excerpt"]


def test_a_page_in_the_middle_leads_to_the_first_the_next_and_the_one_before(
    bearer, nina, disk, alice
):
    for number in range(4):
        Runbook.objects.start(f"Number {number}", by=alice, text="T").adopt("Text")
    client = bearer(nina)
    second = client.get(client.get(f"{URL}?limit=2").json()["next"])

    links = dict(part.split("; ")[::-1] for part in second["Link"].split(", "))
    assert links['rel="first"'] == f"<http://testserver{URL}?limit=2>"
    assert set(links) == {'rel="first"', 'rel="next"', 'rel="prev"'}
