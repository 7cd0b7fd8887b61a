"""What readers type for parameters: checked, and told what was expected."""

import pytest

from portal.core.markdown import render
from portal.core.markdown.values import checked

DECLARED = """\
---
parameters:
  - {name: host, pattern: "db[0-9]+"}
  - {name: count, type: number, required: false}
  - {name: day, type: date, required: false}
  - {name: zone, type: choice, choices: [eu, us], default: eu}
  - {name: password, type: secret}
---
{{ host }} {{ count }} {{ day }} {{ zone }} {{ password }}
"""


@pytest.fixture(scope="module")
def declared():
    return render(DECLARED).parameters


def test_defaults_fill_what_is_left_out(declared):
    values, wrong = checked(declared, {"host": "db1"})

    assert wrong == {}
    assert values == {"host": "db1", "count": "", "day": "", "zone": "eu"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("host", "web1", "db[0-9]+"),
        ("host", "db1x", "db[0-9]+"),
        ("host", "", "needed"),
        ("host", None, "needed"),
        ("host", "db1\nrm", "Line breaks"),
        ("host", "db1\x00", "control"),
        ("host", "db1\u202e", "control"),
        ("host", ["db1"], "text or a number"),
        ("host", {"a": 1}, "text or a number"),
        ("host", "db" + "1" * 2000, "At most"),
        ("count", "three", "number is expected"),
        ("count", "1_000", "number is expected"),
        ("count", "nan", "number is expected"),
        ("day", "31.01.2026", "date is expected"),
        ("day", "2026-02-30", "date is expected"),
        ("day", "20260131", "date is expected"),
        ("zone", "mars", "eu, us"),
        ("password", "hunter2", "never sent"),
        ("pasword", "x", "no such parameter"),
    ],
)
def test_wrong_values_are_told_what_was_expected(declared, name, value, said):
    _, wrong = checked(declared, {"host": "db1", name: value})

    assert list(wrong) == [name]
    assert said in wrong[name]


def test_the_refusal_of_a_secret_does_not_repeat_it(declared):
    values, wrong = checked(declared, {"host": "db1", "password": "hunter2"})

    assert "hunter2" not in str((values, wrong))
