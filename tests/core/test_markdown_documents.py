"""Runbooks that other teams really wrote."""

import re
from html import unescape
from itertools import pairwise

import pytest

from portal.core.markdown import render
from tests.suite.shared import DATA

FOLDERS = {"runbooks-prometheus-operator": 121, "incident-response-pagerduty": 37}
FILES = [path for folder in FOLDERS for path in sorted((DATA / folder).rglob("*.md"))]
CODE = re.compile(r"^( *)(```|~~~).*?^\1\2|`[^`\n]*`", re.DOTALL | re.MULTILINE)
ADDRESS = re.compile(r"<(https?:|mailto:|[^<>\s]+@)")
READ = re.compile(r"<(br\b|/?(details|summary)>)")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.mark.parametrize("name", FOLDERS)
def test_all_of_them_are_read(shared, name):
    folder = shared(name)

    assert sum(path.is_relative_to(folder) for path in FILES) == FOLDERS[name]


@each_file
def test_no_placeholder_is_lost(path):
    source = CODE.sub("", path.read_text())
    placeholders = [
        word for word in re.findall(r"<[A-Za-z/!][^<>\n]*>", source) if not ADDRESS.match(word)
    ]
    shown = unescape(re.sub(r"<[^>]*>", "", render(path.read_text()).html))

    assert [word for word in placeholders if word not in shown and not READ.match(word)] == []


@each_file
def test_it_has_a_title_where_it_says_one(path):
    source = path.read_text()
    heading = re.search(r"^# (.+)$|^title: ?(.+)$", CODE.sub("", source), re.MULTILINE)

    assert bool(render(source).title) == bool(heading) or "{{ replace" in source


@each_file
def test_headings_never_jump(path):
    levels = [1, *(entry["level"] for entry in render(path.read_text()).toc)]

    assert all(after - before <= 1 for before, after in pairwise(levels))


@each_file
def test_its_steps_are_numbered_and_named(path):
    steps = render(path.read_text()).steps

    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))
    assert all(0 < len(step["title"]) <= 200 for step in steps)


def test_a_runbook_in_sections_can_be_run():
    steps = render(
        next(path for path in FILES if path.stem == "etcdBackendQuotaLowSpace").read_text()
    )

    assert [step["title"] for step in steps.steps][:2] == ["Meaning", "Impact"]


def test_a_procedure_in_lists_can_be_run():
    text = next(path for path in FILES if path.stem == "during_an_incident").read_text()

    steps = render(text).steps
    assert steps[0]["title"] == "Join the incident call and chat (see links above)."
    assert "dedicated proxy" in steps[0]["text"]
