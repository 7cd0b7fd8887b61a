"""Whatever the text, rendering ends: with a page, or with a refusal that says what to do."""

import subprocess
import sys
from time import thread_time

import pytest

from portal.core.markdown import (
    MarkdownError,
    MarkdownTooLarge,
    MarkdownTooSlow,
    render,
)
from portal.core.markdown.budget import HTML_LIMIT, SECONDS, Budget

SIZE = 128 * 1024
# what lies above the budget is a single step that was under way
HARD_CAP = 2 * SECONDS
UNITS = [
    *(
        ">",
        "> ",
        "[",
        "![",
        "*",
        "**",
        "_",
        "*a ",
        "*a **b ",
        "`",
        "~~",
        "<",
        "<a ",
        "&",
        "\\",
    ),
    *(
        "[](",
        "[a](",
        '[a](b "',
        "[a](<b",
        '[a]: b "\n',
        "![a](",
        "[[a]]",
        "- ",
        " - a\n",
        "1. ",
    ),
    *(
        "> a\n",
        ">- ",
        "- > ",
        "# a\n",
        "a\n=\n",
        "\n",
        "\t",
        "|",
        "|a",
        "a|b\n-|-\n",
        "!!! note\n",
    ),
    *(
        "{{< hint >}}\n",
        "{{ a }}",
        "{check}\n",
        "<br>",
        "https://a.b ",
        "http:",
        ":",
        "[^",
        "[^1]",
    ),
    *(
        "[^1]: a\n",
        "[^a]: [^a]\n    ",
        "```\n",
        "```sh\n",
        "> [!NOTE]\n",
        "$ a\n",
        "\x00",
        "\ud800",
    ),
    *(
        '=== "a"\n    b\n',
        ":::a\n",
        ":::",
        "> [!a] b\n",
        "<details>\n",
        "- <details>\n</details>\n",
    ),
    *("[[", "[[a|", "{{< ref a >}}", "{{< figure a", "{% link a %}", "{{ site.url }}", "{%"),
    *("{: .a }\n", "`a`{: .a }", "* TOC\n{:toc}\n\n", '<a name="b">', "# a {: #b }\n"),
]
LIMITS = {
    "quotations": "\n".join(">" * depth + " a" for depth in range(1, 500)),
    "lists": "\n".join("  " * depth + "- a" for depth in range(350)),
    "emphasis": "*" * 40_000 + "a" + "*" * 40_000,
    "emphasis of two kinds": "*a _b " * 8_000 + "_ *" * 8_000,
    "reference uses": f"[a]: http://x/{'y' * 65_000}\n\n{'[a]' * 20_000}",
    "image uses": f"[a]: http://x/{'y' * 65_000}\n\n{'![a]' * 15_000}",
    "wide table": f"{'|a' * 20_000}|\n{'|-' * 20_000}|\n{'|b' * 20_000}|\n",
    "short rows": f"{'|a' * 2_000}|\n{'|-' * 2_000}|\n{'b' + chr(10)}" * 1 + "b\n" * 60_000,
    "cells too many": "|a|\n|-|\n" + "|b" * 60_000,
    "footnote uses": "[^1]: a\n\n" + "[^1]" * 30_000,
    "footnote chain": "\n".join(f"[^{n}]: [^{n + 1}]" for n in range(8_000)) + "\n\n[^0]",
    "footnotes in steps": f"[^1]: {'a ' * 30_000}\n\n" + "- [ ] x[^1]\n" * 5_000,
    "sections": "## a\n\nb\n\n" * 14_000,
    "parameters": "---\nparameters:\n"
    + "".join(f"- name: a{n}\n" for n in range(1_000))
    + f"---\n{'{{ a1 }} {{ b }}' * 8_000}",
    "deep front matter": f"---\na: {'[' * 15_000}\n---\n",
    "long front matter": f"---\n{'a: b' + chr(10)}" + "a: b\n" * 20_000 + "---\n",
    "code of equals": f"```ini\n{'=' * 19_000}\n```\n",
    "code of quotes": "```python\n" + "\"'\n" * 6_000 + "```\n",
    "tabs in tabs": "\n".join("    " * depth + '=== "a"' for depth in range(250)),
    "containers in containers": ":::a\n" * 15_000 + ":::\n" * 15_000,
    "containers that end too late": "- :::a\n" * 9_000 + ":::\n" * 9_000,
    "details in details": "<details>\n" * 6_000 + "</details>\n" * 5_000,
    "contents": "[TOC]\n\n" * 3_000 + "## a\n\n" * 10_000,
    "session": "```console\n" + "$ echo 'a\n" * 10_000 + "```\n",
    "session of answers": "```console\n$ a\n" + "# b\n" * 25_000 + "```\n",
    "session of prompts": "```console\n" + "a@b:" + "c" * 100_000 + "\n```\n",
    "session of quotes": "```console\n$ '" + "#\\'" * 30_000 + "\n```\n",
    "blocks of code": ("    ```\n    a\n    ```\n\nb\n\n" * 5_000),
    "front matter with mistakes": "---\n" + "a: b: c\n" * 2_000 + "---\n",
    "front matter without a line": "---\n" + "a: 2024-99-99\n" * 1_000 + "---\n",
    "code of comments": "```js\n" + "[a/*\n" * 3_900 + "```\n",
}


@pytest.fixture
def allow(monkeypatch):
    """Give each rendering another budget than the usual."""

    def allow(seconds, size=HTML_LIMIT):
        monkeypatch.setattr(Budget.__init__, "__defaults__", (seconds, size))

    return allow


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_whatever_is_repeated_ends(unit, allow):
    allow(SECONDS / 3, HTML_LIMIT // 3)  # what grows faster than the text shows at a third, too

    ends((unit * SIZE)[: SIZE // 3], part=1 / 3)


@pytest.mark.parametrize("text", LIMITS.values(), ids=LIMITS)
def test_what_comes_to_a_limit_ends(text):
    ends(text[:SIZE])


def ends(text, part=1.0):
    started = thread_time()
    try:
        rendered = render(text)
    except MarkdownError as error:
        assert str(error).endswith(".")
    else:
        assert len(rendered.html) < 3_000_000 * part
    assert thread_time() - started < HARD_CAP * part


def test_thousands_of_links_that_are_looked_up_end():
    def resolve(target):
        return str(sum(range(20_000)))

    started = thread_time()
    with pytest.raises(MarkdownTooSlow):
        render("".join(f"[a](b{n})\n" for n in range(9_000)), resolve=resolve)
    assert thread_time() - started < HARD_CAP


def test_the_first_text_of_a_process_does_not_pay_for_loading_all_addresses():
    code = """
import django; django.setup()
from django.urls import get_resolver
from portal.core.markdown import render
print(render("[a](b)", resolve=lambda path: str(get_resolver()._populated)).html)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'href="True"' in told.stdout


def test_a_text_above_the_limit_is_refused():
    with pytest.raises(MarkdownTooLarge, match="128 kB"):
        render("é" * (SIZE // 2 + 1))


def test_a_text_of_the_largest_size_is_rendered():
    paragraph = "Some `code`, a [link](x.md) and **bold** words in a line of usual length.\n\n"

    assert render((paragraph * 2_000)[:SIZE]).html


@pytest.fixture
def patient(allow):
    """Time enough for a slow processor: what is refused then is refused for its size."""
    allow(60.0)


@pytest.mark.usefixtures("patient")
def test_html_above_the_limit_is_refused():
    with pytest.raises(MarkdownTooLarge, match="2 MB"):
        render(LIMITS["reference uses"])


@pytest.mark.usefixtures("patient")
def test_endless_nesting_is_refused():
    with pytest.raises(MarkdownTooLarge, match="nested"):
        render(LIMITS["emphasis"])


def test_deep_blocks_are_shown_as_text_and_not_lost():
    assert "deepest" in render("> " * 200 + "deepest").html
    assert (
        "deepest" in render("".join("  " * depth + "- a\n" for depth in range(60)) + "deepest").html
    )


def test_a_budget_without_time_refuses():
    with pytest.raises(MarkdownTooSlow):
        Budget(seconds=-1).check_time()
