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


WHOLE = [
    ("10.20.30.40", "10 retries, 40 workers, 30 seconds, 20 nodes"),
    ("/var/log/app/error.log", "The app has a log in /var; log each error there"),
    ("ORA-00600", "Not 00600 but another code of ORA"),
    ("ERR_TLS_CERT_ALTNAME_INVALID", "invalid altname of a cert: tls err"),
    ("v2.14.0", "0 of 14 nodes have v2"),
    ("2001:db8::17", "17 of 2001 in db8"),
    ("admin@db.example.org", "example.org has an admin and a db"),
]


@pytest.mark.parametrize(("typed", "parts"), WHOLE)
def test_an_address_a_path_a_code_or_a_version_comes_first_as_it_stands(nina, typed, parts):
    Service.objects.create(slug="whole", name="Aside", description=f"Long. {'so ' * 90}({typed}).")
    for number in range(3):  # the same words in the title, in another order
        Service.objects.create(slug=f"s{number}", name=f"{parts} {number}", description=parts)

    assert titles(typed, nina)[0] == "Aside"
    assert titles(f"{typed} long", nina) == ["Aside"]


NOWHERE = [
    ("10.20.30.40", "In 10s of 20m the 30d and 40h", "Of 10 hosts 20 had 30 or 40"),
    ("/var/log/app/error.log", "Various logs of apps: errors", "An app in var logs its log error"),
    ("ORA-00600", "Oral history of 006001", "The 00600 is not from ORA"),
    ("v2.14.0", "v21 on 141 with 01", "0 of 14 are v2"),
    ('"redis is slow"', "Redistribute issues slowly", "Slow is what redis was"),
]


@pytest.mark.parametrize(("typed", "begun", "apart"), NOWHERE)
def test_what_stands_nowhere_is_said_and_its_parts_are_whole_words(nina, typed, begun, apart):
    Service.objects.create(slug="begun", name=begun, description=begun)
    assert search(typed, user=nina) == query.Results([], 0)

    Service.objects.create(slug="apart", name="Apart", description=apart)
    found = search(typed, user=nina)
    assert [hit.slug for hit in found.hits] == ["apart"]
    assert found.corrected == query.Terms.of(typed).spoken
    marked = [text for text, is_match in found.hits[0].excerpt if is_match]
    assert {text.lower() for text in marked} == set(query.Terms.of(typed).words)


def test_what_goes_on_behind_an_address_is_near_and_no_exact_match(nina):
    Service.objects.create(slug="longer", name="Longer", description="At 10.20.30.40:443.")
    Service.objects.create(slug="apart", name="Apart", description="4 of 10 20 30")

    found = search("10.20.30.4", user=nina)
    assert [hit.slug for hit in found.hits] == ["longer", "apart"]
    assert found.corrected == "10 20 30 4"
    found = search("10.20.30.40", user=nina)
    assert [hit.slug for hit in found.hits] == ["longer"] and found.corrected is None
    assert ("10.20.30.40", True) in found.hits[0].excerpt


def test_between_quotes_only_the_phrase_is_meant(nina):
    Service.objects.create(slug="phrase", name="One", description="When redis is slow, look.")
    Service.objects.create(slug="apart", name="Two", description="Slow is redis")

    assert titles("redis is slow", nina) == ["One", "Two"]
    for typed in ('"redis is slow"', "“redis is slow” look"):
        found = search(typed, user=nina)
        assert [hit.title for hit in found.hits] == ["One"] and found.corrected is None


def test_a_typing_error_in_an_address_is_forgiven(nina):
    Service.objects.create(slug="s", name="Web", description="See nginx.service there.")

    found = search("nginx.servce", user=nina)
    assert (found.total, found.corrected) == (1, "nginx service")


def test_a_code_is_found_in_a_title_that_writes_it_in_one_word(nina):
    Service.objects.create(slug="s", name="After ORA00600")
    Service.objects.create(slug="t", name="Orange 1006001")

    assert titles("ORA-00600", nina) == ["After ORA00600"]


def test_a_phrase_is_first_even_among_very_many(nina, monkeypatch):
    Service.objects.create(slug="whole", name="Aside", description="At 10.20.30.40.")
    for number in range(6):
        Service.objects.create(slug=f"s{number}", name=f"{number} 40 30 20 10")
    monkeypatch.setattr(query, "RANKED_AT_MOST", 3)

    assert titles("10.20.30.40", nina)[0] == "Aside"


def test_a_phrase_tells_nothing_of_what_only_others_may_see(nina, alice):
    Runbook.objects.start("Hidden", by=alice, text="At 10.20.30.40.")
    Service.objects.create(slug="seen", name="Seen", description="40 30 20 10")

    assert titles("10.20.30.40", nina) == ["Seen"]
    assert titles("10.20.30.40", alice) == ["Hidden", "Seen"]


SENTENCES = {
    "chinese": (
        "数据库主节点磁盘已满请立即检查空间",
        ["磁盘", "已满", "数据库", "盘", "磁盘已满", "空间"],
    ),
    "japanese": ("サーバーのディスクが一杯になったら再起動する", ["ディスク", "再起動", "ﾃﾞｨｽｸ"]),
    "korean": ("데이터베이스를재시작하십시오", ["베이스", "재시작", "시작하"]),
    "thai": ("เซิร์ฟเวอร์ดิสก์เต็มกรุณาตรวจสอบ", ["ดิสก์", "ตรวจสอบ", "เต็ม"]),
    "mixed": ("停止したのはnginxコンテナとＤＢだけ", ["nginx", "コンテナ", "DB"]),
    "hindi": ("सर्वर हिन्दी में", ["हिन्दी"]),
}


def test_words_inside_a_sentence_without_spaces_are_found(nina):
    for slug, (sentence, _) in SENTENCES.items():
        Service.objects.create(slug=f"{slug}-body", name=slug, description=f"A note. {sentence}。")
        Service.objects.create(slug=f"{slug}-title", name=sentence)

    for name, (_, words) in SENTENCES.items():
        for typed in words:
            found = search(typed, user=nina, kinds=["service"])
            assert [hit.slug for hit in found.hits] == [f"{name}-title", f"{name}-body"], typed
            assert found.hits[1].marks, typed


def test_letters_that_do_not_follow_each_other_are_no_word(nina):
    Service.objects.create(slug="s", name="磁带和光盘")

    assert search("磁盘", user=nina).total == 0


@pytest.mark.parametrize("typed", ["cafe", "café", "CAFÉ", "ｃａｆé"])
@pytest.mark.parametrize("written", ["Café", "Café", "ＣＡＦＥ", "cafe"])
def test_accents_and_width_do_not_count(nina, typed, written):
    Service.objects.create(slug="title", name=f"{written} 1")
    Service.objects.create(slug="body", name="Other", description=f"Behind the {written}.")

    found = search(typed, user=nina)
    assert [hit.slug for hit in found.hits] == ["title", "body"] and found.corrected is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("dsn", "dns"), ("vpm", "vpn"), ("dsk", "disk"), ("diks", "disk"), ("ddns", "dns")],
)
def test_errors_in_short_words_are_led_to_what_is_named_so(nina, typed, meant):
    Service.objects.create(slug="named", name=f"The {meant} of it")
    Service.objects.create(slug="other", name="Other", description="dan den dso, vim; and the ski")

    found = search(typed, user=nina)
    assert found.corrected == meant and [hit.slug for hit in found.hits] == ["named"]


def test_short_errors_do_not_lead_to_words_that_stand_everywhere(nina):
    for number in range(3):
        text = "You can see the abd of 12b."
        Service.objects.create(slug=f"s{number}", name=f"What the {number} is", description=text)

    for typed in ("tge", "cna", "yuo", "abc", "12a"):
        assert search(typed, user=nina).total == 0, typed


def test_a_text_of_the_longest_sentence_is_indexed(nina):
    letters = "".join(map(chr, range(0x20000, 0x20000 + 40_000)))
    Service.objects.create(slug="s", name=letters[:100], description=letters + letters[::-1])

    assert search(letters[9_000:9_002], user=nina).total == 1


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
