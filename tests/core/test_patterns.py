"""Patterns of authors: matched in time and memory that grow with the text, or refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.markdown import MarkdownTooSlow, front_matter, parameters, render
from portal.core.markdown.budget import Budget
from portal.core.markdown.patterns import BadPattern, compiled, fits
from portal.core.markdown.values import checked
from tests.programs import bare_environment

ROOT = Path(__file__).resolve().parents[2]
NESTED = ["((a{1,99}){1,99}){1,99}", "(((a{99}){99}){99}){99}", "((\\w{1,500})*){1,500}"]
HOSTILE = [*NESTED, "(a|a|b|aa)*c", "(a*)*b", "(.*a){20}", "x{1000}{1000}", "\\p{L}{1000}"]


def declared(pattern: str):
    return render(f"---\nparameters:\n  - {{name: x, pattern: '{pattern}'}}\n---\n{{{{ x }}}}\n")


def test_the_whole_value_has_to_match():
    assert fits("db[0-9]+", "db12")
    assert not fits("db[0-9]+", "db12x")
    assert not fits("db|web", "dbweb")


@pytest.mark.parametrize(
    "pattern", ["^v\\d+(\\.\\d+){2}$", "(?i)prod|test", "[\\w.-]{1,253}", "ä+"]
)
def test_what_authors_write_is_taken(pattern):
    assert declared(pattern).problems == []


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?!prod).*", "looks ahead or behind"),
        ("(?<=v)[0-9]+", "looks ahead or behind"),
        ("(?>a+)b", "atomic group"),
        ("(a|b)\\1", "refers back"),
        ("(?P<a>x)(?P=a)", "refers back"),
        ("[a-z]++", "possessive"),
        ("db[0-9]+\\Z", "\\Z"),
        ("(", "not a regular expression"),
        ("a{1,5000}", "at most {1,1000}"),
        *((pattern, "repeats too much") for pattern in NESTED[:2]),
        ("a" * 201, "longer than 200"),
    ],
)
def test_a_refusal_says_what_to_write(pattern, said):
    with pytest.raises(BadPattern) as refusal:
        compiled(pattern)

    assert said in str(refusal.value)


def test_the_editor_and_the_import_are_told_at_the_line():
    (problem,) = (
        each for each in declared("(?!prod).*").problems if each["code"] == "bad-parameter"
    )

    assert problem["line"] == 3
    assert problem["detail"].startswith("The pattern of x looks ahead")


def test_a_value_of_a_stored_pattern_that_cannot_be_checked_says_who_changes_it():
    stored = declared("[a-z]+").parameters
    stored[0]["pattern"] = "(?!prod).*"

    _, wrong = checked(stored, {"x": "test"})

    assert "looks ahead" in wrong["x"] and "owner" in wrong["x"]


PROGRAM = """
import django, resource, sys
django.setup()
from portal.core.markdown import MarkdownTooSlow, front_matter, parameters, render
from portal.core.markdown.budget import Budget
from portal.core.markdown.values import checked

def text(pattern):
    return f"---\\nparameters:\\n  - {{name: x, pattern: '{pattern}'}}\\n---\\nx"

stored = render(text("a")).parameters
has = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + 64 * 2**20,) * 2)
for pattern in sys.argv[1:]:
    render(text(pattern))
    stored[0]["pattern"] = pattern
    checked(stored, {"x": "a" * 1000})
print("ended")
"""


def test_no_pattern_takes_the_memory_of_the_process():
    """All of them in one that may take 64 MB more than it has: previewed, and matched."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, *HOSTILE],
        capture_output=True,
        text=True,
        env=bare_environment(DJANGO_SETTINGS_MODULE="tests.settings"),
        cwd=ROOT,
    )

    assert told.stdout == "ended\n", told.stderr


def test_patterns_take_their_time_from_the_budget_of_the_text():
    front = front_matter.read("---\nparameters:\n  - {name: x, pattern: a}\n---\nx\n")

    with pytest.raises(MarkdownTooSlow):
        parameters.declared(front, Budget(seconds=-1))


def test_only_as_many_patterns_are_compiled_as_there_may_be_parameters():
    entries = "".join(f"  - {{name: a{n}, pattern: 'a{{{n + 1}}}'}}\n" for n in range(300))
    compiled.cache_clear()

    rendered = render(f"---\nparameters:\n{entries}---\nx\n")

    assert compiled.cache_info().misses == len(rendered.parameters) == 50
    assert "At most 50" in rendered.problems[0]["detail"]
