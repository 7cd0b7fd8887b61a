"""What the benchmark may not pass over in silence."""

import pytest

from bench.asking import NothingAnswered, check, get
from bench.report import (
    Row,
    row_of_burst,
    row_of_escalations,
    row_of_outbox,
    rows_of,
    rows_of_import,
    rows_of_query,
)
from bench.targets import BESIDE_HEALTHCHECKS, MANY, NAMED, TARGETS

ORDER = {"path": "/page/?a=b", "headers": {}, "shows": "row", "times": 2, "unchanged": False}


def answering(body: bytes, status: str = "200 OK", **headers):
    class Body(list):
        def close(self):
            pass

    def application(environ, start_response):
        matches = "HTTP_IF_NONE_MATCH" in environ
        start_response("304 Not Modified" if matches else status, list(headers.items()))
        return Body([body])

    return application


def test_it_asks_again_with_the_headers_that_worked():
    assert check(answering(b"row row"), ORDER) == {}
    again = check(answering(b"row row", ETag='"1"'), ORDER | {"unchanged": True})
    assert again == {"HTTP_IF_NONE_MATCH": '"1"'}


@pytest.mark.parametrize(
    ("body", "status"), [(b"row", "200 OK"), (b"", "200 OK"), (b"row row", "302 Found")]
)
def test_too_few_rows_no_body_and_another_status_are_no_answer(body, status):
    with pytest.raises(NothingAnswered):
        check(answering(body, status), ORDER)


def test_an_answer_that_never_is_304_is_none():
    with pytest.raises(NothingAnswered, match="no ETag"):
        check(answering(b"row row"), ORDER | {"unchanged": True})
    with pytest.raises(NothingAnswered):
        get(answering(b"row"), "/", {}, 304)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("", 1, "", 2.0, least=2), "met"),
        (Row("", 1, "", 1.99, least=2), "MISSED"),
        (Row("", 1, "", 3.0, most=3), "met"),
        (Row("", 1, "", 3.01, most=3), "MISSED"),
        (Row("", 1, "", 0.1), ""),
        (Row("", 1, "", 9.0, error="nothing", least=2), "MISSED: nothing"),
    ],
)
def test_a_verdict_is_that_of_the_budget(row, verdict):
    assert row.verdict == verdict


def test_a_target_without_an_answer_is_missed_even_without_a_budget():
    (row,) = rows_of(NAMED["compare"], "SQLite", {1000: {"error": "empty"}})
    assert row.verdict == "MISSED: empty"


def test_an_import_of_too_few_files_and_a_search_without_its_index_are_missed():
    done, short = {"made": 10, "seconds": 1, "peak_mb": 90}, {"made": 9, "seconds": 1, "peak_mb": 1}
    assert [row.verdict for row in rows_of_import("", 1, done, done, 10)] == ["met", "met"]
    assert "9 runbooks" in rows_of_import("", 1, short, done, 10)[0].verdict
    outbox = {"with_dead": 1.1, "without": 1.0, "sent": 10}
    assert row_of_outbox("", outbox, 10).verdict == "met"
    assert row_of_outbox("", outbox | {"with_dead": 1.3}, 10).verdict == "MISSED"
    assert "9 messages" in row_of_outbox("", outbox | {"sent": 9}, 10).verdict
    assert rows_of_query("rare", "", 1, {"ours_ms": 0, "raw_ms": 1}).verdict.startswith("MISSED")


def test_a_burst_that_lost_or_doubled_an_alert_is_missed():
    whole = {"alerts": 10, "twice": 0, "came": [1]}
    again = whole | {"came": [2]}
    times = {"first": 2.0, "again": 1.0}

    def verdict(found, replayed):
        return row_of_burst("", {"found": found, "replayed": replayed, **times}, 10).verdict

    assert verdict(whole, again) == ""
    for wrong in ({"alerts": 9}, {"twice": 1}, {"came": [1, 2]}):
        assert verdict(whole | wrong, again).startswith("MISSED")
        assert verdict(whole, again | wrong).startswith("MISSED")


def test_what_is_sent_is_posted():
    asked = []

    def application(environ, start_response):
        asked.append((environ["REQUEST_METHOD"], environ["wsgi.input"].read()))
        return answering(b"ok")(environ, start_response)

    get(application, "/in/", {}, sent="{}")
    get(application, "/page/", {})

    assert asked == [("POST", b"{}"), ("GET", b"")]


def test_growth_is_judged_beside_the_ratio():
    few = {"ours_ms": 1.0, "theirs_ms": 3.0, "ratio": 3.0, "growth": 1.0}
    rows = rows_of(NAMED["API detail"], "SQLite", {1000: few, MANY: few | {"growth": 1.3}})
    assert [row.verdict for row in rows] == ["met", "met", "MISSED"]


def test_the_budgets_are_those_that_were_agreed():
    agreed = {target.name: (target.budget(1000), target.budget(MANY)) for target in TARGETS}
    assert {name: budget for name, budget in agreed.items() if any(budget)} == {
        "API detail": (2, 2),
        "API detail, 304": (2, 2),
        "API list of 50": (2, 2),
        "runbook page": (1.3, 1.3),
        "list page": (1.3, 1.3),
        "search, rare word": (1, 10),
        "page of a run": (1, 1),
        "page of a service": (1, 1),
        "diagram, its page": (1, 1),
        "ping of a heartbeat": (0.5, 0.5),
        "webhook of 10 alerts, repeated": (0.4, 0.4),
        "diagram, its picture": (1, 1),
    }
    assert NAMED["home to runbook page"].most == 3
    assert BESIDE_HEALTHCHECKS.least == 3
    lists = ("alerts now", "history of alerts", "API list of alerts")
    assert [NAMED[each].growth for each in lists] == [1.3] * 3
    incidents = [each for each in TARGETS if "list of incidents" in each.name]
    assert [each.growth for each in incidents] == [1.3] * 6
    assert NAMED["page of an incident"].most == 1 / 0.3


def test_steps_that_were_called_twice_or_alone_are_missed():
    told = {"called": 10, "twice": 0, "p99": 1.9, "median": 0.2, "pages": 3, "page_seconds": 0.1}

    def verdict(**other):
        return row_of_escalations("", told | other, 10).verdict

    assert verdict() == "met"
    assert verdict(p99=2.1) == "MISSED"
    assert "2 of them twice" in verdict(twice=2) and "9 were called" in verdict(called=9)
    assert "no page was read" in verdict(pages=0)
