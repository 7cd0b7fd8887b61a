"""Reading the index: who finds what, in which order, however it is typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.models import Guide, Question
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.search import query
from portal.search.models import Entry
from portal.search.query import find, search
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
HOSTILE = [
    *(
        '"',
        "*",
        "NEAR(",
        "' OR 1 --",
        "a AND OR NOT b",
        "title : x",
        "{title}:x",
        "x^2",
        "-x",
        "((",
    ),
    *(
        "\x00",
        "a\x00b",
        "&|!<->:*",
        "\\",
        "%s %d %%",
        "_",
        "__",
        "é" * 50,
        "日本語",
        "\u202e",
        "💥",
    ),
    *("a" * 10_000, "a b " * 3000, "'" * 10_000, "\x02x\x03", "kind : runbook", "0x", "١٢"),
]


def titles(text: str, person, **more) -> list[str]:
    return [hit.title for hit in search(text, user=person, **more).hits]


@pytest.fixture
def shelf(alice, publish):
    """Entries of every kind about Redis, hidden ones among them."""
    publish(Runbook.objects.start("Redis is slow", by=alice, text="Look.").newest)
    Runbook.objects.start("Redis draft", by=alice, text="Not yet.")
    Service.objects.create(slug="redis", name="Redis", description="Keeps sessions.")
    Guide.objects.start("Redis for beginners", by=alice)
    for number, is_published in enumerate((True, False)):
        Question(slug=f"redis-{number}").write(
            topic="Redis", question=f"Question {number}?", answer="x", is_published=is_published
        )


def test_readers_find_what_is_published_and_no_number_tells_of_the_rest(shelf, nina, alice):
    found = search("redis", user=nina)

    assert sorted(hit.title for hit in found.hits) == ["Question 0?", "Redis", "Redis is slow"]
    assert found.total == 3
    assert found.counts == {"runbook": 1, "service": 1, "question": 1}
    counts = {"runbook": 2, "service": 1, "guide": 1, "question": 2}
    assert search("redis", user=alice).counts == counts


def test_who_may_see_nothing_finds_nothing(shelf, django_user_model):
    stranger = django_user_model.objects.create_user("stranger")

    assert search("redis", user=stranger) == query.Results([], 0)


def test_a_draft_appears_when_it_is_published_and_goes_with_it(shelf, nina, publish, alice):
    draft = Runbook.objects.get(title="Redis draft")
    publish(draft.newest)
    assert "Redis draft" in titles("redis", nina)

    hidden = Question.objects.get(slug="redis-0")
    hidden.write(is_published=False)
    assert "Question 0?" not in titles("redis", nina)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("rediss", "Redis"), ("redsi slow", "Redis is slow"), ("sesions", "Redis")],
)
def test_typing_errors_are_forgiven_over_all_kinds(shelf, nina, typed, found):
    answer = search(typed, user=nina)

    assert answer.corrected and found in [hit.title for hit in answer.hits]


@pytest.mark.parametrize("title", ["Failover", "Fail over", "Fail-over", "Now fail over to B"])
def test_typing_errors_are_forgiven_across_the_words_of_a_title(nina, publish, alice, title):
    publish(Runbook.objects.start(title, by=alice, text="Look.").newest)
    Service.objects.create(slug="x", name=title)

    answer = search("failvoer", user=nina)

    assert answer.corrected == "failover"
    assert [(hit.kind.name, hit.title) for hit in answer.hits] == [
        ("runbook", title),
        ("service", title),
    ]
    assert search("failvoer", user=nina, kinds=["service"]).total == 1


def test_an_error_is_not_led_across_a_title_that_only_others_may_see(nina, alice):
    Runbook.objects.start("Fail over", by=alice, text="Not yet.")

    assert search("failvoer", user=alice).total == 1
    assert search("failvoer", user=nina).corrected is None


def test_an_error_is_not_led_to_a_word_that_only_others_may_see(shelf, nina, alice):
    Runbook.objects.start("Databse", by=alice, text="A draft with the error of its author.")
    Service.objects.create(slug="db", name="Database")

    assert search("databse", user=nina).corrected == "database"
    assert search("databse", user=alice).corrected is None
    assert search("beginers", user=nina).corrected is None


@pytest.mark.parametrize(("title", "typed"), [("Fail-over", "failover"), ("Failover", "fail over")])
def test_spaces_and_hyphens_of_titles_of_all_kinds_do_not_count(nina, title, typed):
    Service.objects.create(slug="x", name=title)
    Question(slug="q").write(topic="T", question=f"{title} when?", answer="x")

    assert titles(typed, nina) == [title, f"{title} when?"]


def test_a_title_weighs_more_than_names_and_names_more_than_the_body(alice, nina, publish):
    texts = {"Only in the body": "About kafka.", "Named": "x", "Kafka stops": "x"}
    for title, text in texts.items():
        alerts = ["KafkaDown"] if title == "Named" else []
        publish(Runbook.objects.start(title, by=alice, text=text, alerts=alerts).newest)

    assert titles("kafka", nina) == ["Kafka stops", "Named", "Only in the body"]


def test_whole_words_and_the_phrase_come_before_parts(nina):
    for number, name in enumerate(("Portable disk", "Disk of the port", "Port disk", "Porter")):
        Service.objects.create(slug=f"s{number}", name=name)

    assert titles("port disk", nina)[0] == "Port disk"
    assert set(titles("port", nina)[:2]) == {"Port disk", "Disk of the port"}


def test_a_title_that_is_the_query_is_first_even_among_very_many(nina, monkeypatch):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 3)
    Service.objects.create(slug="first", name="Queue")
    for number in range(6):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}", description="Queue")

    found = search("queue", user=nina)
    assert found.total == 3
    assert [hit.title for hit in found.hits] == ["Queue", "Queue 5", "Queue 4"]


def test_no_title_that_only_others_may_see_is_among_very_many(nina, alice, monkeypatch):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 3)
    Runbook.objects.start("Queue", by=alice, text="Not yet.")
    for number in range(6):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}")

    assert titles("queue", nina) == ["Queue 5", "Queue 4", "Queue 3"]
    assert titles("queue", alice)[0] == "Queue"


def test_a_whole_word_is_found_though_very_many_begin_so(nina, monkeypatch):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 3)
    Service.objects.create(slug="first", name="The port of it")
    for number in range(6):
        Service.objects.create(slug=f"s{number}", name=f"Portal {number}")

    assert titles("port", nina)[0] == "The port of it"


def test_kinds_and_filters_narrow(shelf, nina, alice):
    team = Team.objects.create(slug="platform", name="Platform")
    Service.objects.update(owner=team)
    Runbook.objects.get(title="Redis is slow").describe(by=alice, kind="recovery")

    def counts(**more):
        return find("redis", user=nina, **more).counts

    assert counts(kinds=["service", "question"]) == {"service": 1, "question": 1}
    assert counts(kinds=["nothing"]) == counts(kinds=[]) == {}
    assert counts(filters={"owner": ["platform"]}) == {"service": 1}
    assert counts(filters={"kind": ["recovery"], "owner": []}) == {"runbook": 1}
    assert counts(filters={"kind": ["recovery"], "owner": ["platform"]}) == {}
    assert counts(filters={"service": ["redis"]}) == {"service": 1}


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_breaks_it(shelf, nina, typed):
    assert search(typed, user=nina).total <= 3
    assert search(f"redis {typed}", user=nina, kinds=["service"]).total <= 1


def test_pages_have_each_hit_once(nina):
    for number in range(30):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}")

    pages = [titles("queue", nina, limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [len(page) for page in pages] == [10, 10, 10, 0]
    assert len({title for page in pages for title in page}) == 30


@pytest.mark.parametrize("typed", ["queue", "quue", "nothing"])
def test_it_asks_as_often_for_many_as_for_few(nina, typed):
    def asked() -> int:
        search("queue", user=nina)  # permissions are known
        with CaptureQueriesContext(connection) as queries:
            search(typed, user=nina)
        return len(queries)

    Service.objects.create(slug="s", name="Queue")
    few = asked()
    for number in range(100):
        Service.objects.create(slug=f"s{number}", name=f"Queue {number}")
    assert asked() == few <= 9


def test_excerpts_show_the_place(shelf, nina):
    [hit] = search("sessions", user=nina).hits

    assert hit.excerpt == [("Keeps ", False), ("sessions", True), (".", False)]
    assert (hit.kind.label, hit.about, hit.address) == ("Service", "Other", "/services/redis/")


def test_entries_without_their_row_break_nothing(nina):
    Entry.objects.create(
        kind="service", key=1, permission="architecture.view_service", slug="a", title="Ghost"
    )

    assert titles("ghost", nina) == ["Ghost"]
