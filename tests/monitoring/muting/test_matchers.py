"""Matchers mean what they mean in Alertmanager, and hostile ones are refused."""

import pytest
from django.core.exceptions import ValidationError

from portal.monitoring.models.matchers import MOST, Matcher, read, ready, validate

from .conftest import matcher

LABELS = {"alertname": "DiskFillsUp", "severity": "warning", "instance": "db1:9100", "empty": ""}


@pytest.mark.parametrize(
    ("line", "is_matched"),
    [
        ('alertname="DiskFillsUp"', True),
        ("alertname=DiskFillsUp", True),
        ("alertname = DiskFillsUp", True),
        ("alertname=diskfillsup", False),
        ("alertname!=DiskFillsUp", False),
        ("alertname!=Other", True),
        ('alertname=~"Disk.*"', True),
        ('alertname=~"Disk"', False),  # the whole value
        ('severity=~"warning|info"', True),
        ('severity!~"warning|info"', False),
        ('instance!~"db2.*"', True),
        ('instance=~"db\\d:9100"', True),
        ('missing=""', True),
        ('empty=""', True),
        ('missing!=""', False),
        ('missing=~".*"', True),
        ('missing=~".+"', False),
        ('missing!="x"', True),
        ('missing!~"x"', True),
    ],
)
def test_one_label(line, is_matched):
    assert ready(read(line))(LABELS) == is_matched


def test_all_have_to_match_and_none_match_nothing():
    assert ready(read('alertname="DiskFillsUp"\nseverity="warning"'))(LABELS)
    assert not ready(read('alertname="DiskFillsUp"\nseverity="critical"'))(LABELS)
    assert not ready([])(LABELS)


@pytest.mark.parametrize(
    "value",
    ['a "quoted" one', "back\\slash", "two\nlines", "db\\d+", "", " spaces ", "<b>=~!", "ü"],
)
def test_what_is_written_is_read_again(value):
    row = Matcher("label.of/some-tool", "=", value)
    assert read(str(row)) == [row]


@pytest.mark.parametrize(
    "line", ["", "alertname", "=x", "{}", 'a="b', "a==b", 'a="b" c="d"', "a~=b", "a = = b"]
)
def test_what_is_no_matcher_is_refused_or_matches_nothing(line):
    try:
        column = [each._asdict() for each in read(line)]
        validate(column)
    except ValidationError as error:
        assert error.messages
    else:
        assert column[0]["value"] in ("=b", "= b")


@pytest.mark.parametrize(
    "column",
    [
        [],
        [matcher("missing", "=", "")],
        [matcher("missing", "!=", "x")],
        [matcher("alertname", "=~", ".*")],
        [matcher("a", "!~", "x"), matcher("b", "=", "")],
    ],
)
def test_what_would_match_nearly_everything_is_refused(column):
    with pytest.raises(ValidationError, match="nearly everything"):
        validate(column)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("alertname=x", "are a list"),
        ([{"name": "a"}], "are a list"),
        ([{**matcher("a", "=", "b"), "isRegex": "true"}], "are a list"),
        ([matcher("a", "=", 1)], "are a list"),
        ([matcher("a", "==", "b")], "no operator"),
        ([matcher("", "=", "b")], "names a label"),
        ([matcher("a", "=", "\x00")], "at most"),
        ([matcher("a", "=", "x" * 1001)], "at most"),
        ([matcher("a", "=~", "(")], "not a regular expression"),
        ([matcher("a", "=~", "(?=x)")], "looks ahead"),
        ([matcher("a", "=~", "((a{1,99}){1,99}){1,99}")], "repeats too much"),
        ([matcher("a", "=~", "x" * 201)], "longer than 200"),
        ([matcher("a", "=", "b")] * 10_000, f"at most {MOST}"),
    ],
)
def test_hostile_matchers_are_refused_with_a_reason(column, said):
    with pytest.raises(ValidationError) as refused:
        validate(column)
    assert said in " ".join(refused.value.messages)


def test_ten_thousand_lines_are_refused_before_they_are_read():
    with pytest.raises(ValidationError, match="10000 matchers"):
        read("a=b\n" * 10_000)


def test_an_expression_that_keeps_other_engines_busy_is_quick():
    assert not ready(read('a=~"(a+)+b"'))({"a": "a" * 1000})
