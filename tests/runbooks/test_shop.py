"""The runbooks of the demo's shop are such that a team would trust them."""

import subprocess

import pytest

from portal.core.markdown import render
from portal.core.markdown.substitution import fill_command
from portal.core.markdown.values import checked
from runbooks.demo import LIBRARY
from runbooks.demo.stories import DRAFTS

PAGES = sorted([*LIBRARY.rglob("*.md"), *DRAFTS.glob("*.md")])
EXAMPLES = {
    "before": "3",
    "customer": "C4410927",
    "day": "2026-11-30",
    "index": "products-20261130",
    "label": "20261031-010004F_20261101-010003D",
    "name": "shop.example.org",
    "node": "shop-node-07",
    "order": "20419956",
    "pattern": "^/p/48213$",
    "previous": "v2.6.0",
    "release": "v2.7.0",
    "revision": "41",
    "standby": "orders-db-2",
    "ticket": "PRIV-318",
    "until": "2026-11-30 09:14:00+00",
}


def value_of(parameter: dict) -> str | None:
    """One that fits; None for a secret."""
    if parameter["secret"]:
        return None
    choices = parameter["choices"]
    return choices[-1] if choices else parameter["default"] or EXAMPLES[parameter["name"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_take_the_values_and_are_shell(page):
    rendered = render(page.read_text())
    values = {each["name"]: value_of(each) for each in rendered.parameters}
    given = {name: value for name, value in values.items() if value is not None}
    scripts = []
    for command in (command for step in rendered.steps for command in step["commands"]):
        text, places = fill_command(command["text"], command["language"], values)
        assert {place.state for place in places} <= {"filled", "secret"}, command["text"]
        scripts += [text] if command["language"] == "bash" else []

    assert rendered.steps and not rendered.problems
    assert checked(rendered.parameters, given)[1] == {}
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        assert done.stderr == "", script


def test_who_follows_a_troubleshooting_page_begins_with_its_diagnosis():
    heading = "## Diagnostic commands\n"
    pages = [page.read_text() for page in LIBRARY.rglob("*.md")]
    texts = [text for text in pages if heading in text]

    assert len(texts) >= 11
    for text in texts:
        diagnosis = text.partition(heading)[2].partition("\n## ")[0]
        assert titles(diagnosis) and titles(text)[:1] == titles(diagnosis)[:1], text


def titles(text: str) -> list[str]:
    return [step["title"] for step in render(text).steps]
