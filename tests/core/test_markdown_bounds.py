"""Whatever the text, rendering ends: with a page, or with a refusal that says what to do."""

from time import thread_time

import pytest
from django.urls import clear_url_caches, get_resolver

from portal.core.markdown import (
    MarkdownError,
    MarkdownTooLarge,
    MarkdownTooSlow,
    document,
    render,
)
from portal.core.markdown.budget import HTML_LIMIT, SECONDS, Budget

SIZE = 128 * 1024
# what lies above the budget is a single step that was under way
HARD_CAP = 4 * SECONDS  # on a slow machine a step takes its time, too
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
    "cells too many": "|a|\n|-|\n" + "|b" * 60_000,
    "parameters": "---\nparameters:\n"
    + "".join(f"- name: a{n}\n" for n in range(1_000))
    + f"---\n{'{{ a1 }} {{ b }}' * 8_000}",
    "deep front matter": f"---\na: {'[' * 15_000}\n---\n",
    "long front matter": f"---\n{'a: b' + chr(10)}" + "a: b\n" * 20_000 + "---\n",
    "code of equals": f"```ini\n{'=' * 19_000}\n```\n",
    "code of quotes": "```python\n" + "\"'\n" * 6_000 + "```\n",
    "tabs in tabs": "\n".join("    " * depth + '=== "a"' for depth in range(250)),
    "session": "```console\n" + "$ echo 'a\n" * 10_000 + "```\n",
    "session of answers": "```console\n$ a\n" + "# b\n" * 25_000 + "```\n",
    "session of prompts": "```console\n" + "a@b:" + "c" * 100_000 + "\n```\n",
    "session of quotes": "```console\n$ '" + "#\\'" * 30_000 + "\n```\n",
    "front matter with mistakes": "---\n" + "a: b: c\n" * 2_000 + "---\n",
    "front matter without a line": "---\n" + "a: 2024-99-99\n" * 1_000 + "---\n",
    "code of comments": "```js\n" + "[a/*\n" * 3_900 + "```\n",
}
# As LIMITS, of any size, for they take all the time there is: as often as `n` says.
GROWING = {
    "image uses": lambda n: f"[a]: http://x/{'y' * n(65_000)}\n\n{'![a]' * n(15_000)}",
    "wide table": lambda n: "\n".join(each * n(20_000) + "|" for each in ("|a", "|-", "|b")) + "\n",
    "short rows": lambda n: (
        "\n".join(each * n(2_000) + "|" for each in ("|a", "|-")) + "\nb" * n(60_000)
    ),
    "footnote uses": lambda n: "[^1]: a\n\n" + "[^1]" * n(30_000),
    "footnote chain": lambda n: (
        "\n".join(f"[^{k}]: [^{k + 1}]" for k in range(n(8_000))) + "\n\n[^0]"
    ),
    "footnotes in steps": lambda n: f"[^1]: {'a ' * n(30_000)}\n\n" + "- [ ] x[^1]\n" * n(5_000),
    "sections": lambda n: "## a\n\nb\n\n" * n(14_000),
    "containers in containers": lambda n: ":::a\n" * n(15_000) + ":::\n" * n(15_000),
    "containers that end too late": lambda n: "- :::a\n" * n(9_000) + ":::\n" * n(9_000),
    "details in details": lambda n: "<details>\n" * n(6_000) + "</details>\n" * n(5_000),
    "contents": lambda n: "[TOC]\n\n" * n(3_000) + "## a\n\n" * n(10_000),
    "blocks of code": lambda n: "    ```\n    a\n    ```\n\nb\n\n" * n(5_000),
}


@pytest.fixture
def allow(monkeypatch):
    """Give each rendering another budget than the usual."""

    def allow(seconds, size=HTML_LIMIT):
        monkeypatch.setattr(Budget.__init__, "__defaults__", (seconds, size))

    return allow


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_whatever_is_repeated_ends(unit, allow):
    a_third_ends((unit * SIZE)[: SIZE // 3], allow)


@pytest.mark.parametrize("text", LIMITS.values(), ids=LIMITS)
def test_what_comes_to_a_limit_ends(text):
    ends(text[:SIZE])


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_what_takes_all_the_time_ends(text, allow):
    a_third_ends(text(lambda count: count // 3), allow)


def a_third_ends(text, allow):
    """With a third of what is allowed: what grows faster than the text shows there, too."""
    allow(SECONDS / 3, HTML_LIMIT // 3)
    ends(text, part=1 / 3)


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
    clear_url_caches()
    document._load_addresses.cache_clear()

    rendered = render("[a](b)", resolve=lambda path: str(get_resolver()._populated))

    assert 'href="True"' in rendered.html


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
