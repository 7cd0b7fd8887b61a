"""HTML comments are comments: not shown, and nothing is derived from them."""

import pytest

from portal.core.markdown import render
from portal.core.markdown.budget import HTML_LIMIT, Budget

TEXT = """\
<!-- owner: platform
- [ ] not a step

## Not a section

[gone](gone.md) ![](gone.png) {{ gone }}
-->
# Disk full

Look. <!-- [never](never.md) --> Then go on.

<!-- one line -->
- [ ] Look {check} <!-- TODO: which one? -->
- [ ] Go
<!--

```sh
rm -rf /
```
-->
"""


@pytest.fixture
def rendered():
    return render(TEXT)


def test_a_title_after_one_is_the_title(rendered):
    assert rendered.title == "Disk full"
    assert rendered.lede == "Look.  Then go on."


def test_none_of_it_is_shown_or_found_by_a_search(rendered):
    for shown in (rendered.html, rendered.plain, str(rendered.steps)):
        for word in ("owner", "not a step", "gone", "never", "TODO", "rm -rf", "--"):
            assert word not in shown


def test_nothing_is_derived_from_it(rendered):
    assert [step["title"] for step in rendered.steps] == ["Look", "Go"]
    assert [step["commands"] for step in rendered.steps] == [[], []]
    assert rendered.steps[0]["check"]
    assert (rendered.links, rendered.toc, rendered.problems) == ([], [], [])


def test_a_use_in_a_comment_is_none():
    text = "---\nparameters: [{name: host}]\n---\nGo. <!-- {{ host }} {{ other }} -->\n"

    assert [problem["code"] for problem in render(text).problems] == ["unused-parameter"]


def test_lines_are_counted_with_those_of_comments():
    text = "<!-- a\n\nb -->\n\nSee [x](x.md)\n<!-- c --> <!-- d -->\n[y](y.md)\n"

    assert [link["line"] for link in render(text).links] == [5, 7]


@pytest.mark.parametrize(
    "text",
    [
        "`<!-- a -->`",
        "```html\n<!-- a -->\n```",
        "    <!-- a -->",
        "\\<!-- a -->",
        "- x\n\n      <!-- a -->",
        "<!-- b -->\n\n```html\n<!-- a -->\n<!-- b -->\n```",
    ],
)
def test_in_code_it_is_text(text):
    assert "&lt;!-- a --&gt;" in render(text).html


@pytest.mark.parametrize("text", ["<!-- a\n\nb", "x <!-- a", "<!- a -->", "<! a>"])
def test_without_its_end_it_is_text(text):
    assert "&lt;!" in render(text).html
    assert "a" in render(text).plain


@pytest.mark.parametrize(
    "comment", ["<!-->", "<!--->", "<!---->", "<!-- -- -->", "<!--a--><!--b-->"]
)
def test_every_form_of_it_vanishes(comment):
    assert render(f"x\n\n{comment}\n\ny\n").html == "<p>x</p>\n<p>y</p>\n"


def test_what_follows_its_end_on_a_later_line_is_read_as_a_line_of_its_own():
    assert render("<!-- a\n\nb --> ## Heading\n\nx\n").toc[0]["title"] == "Heading"


def test_what_follows_on_its_line_is_text():
    assert render("<!-- a --> words\n").html == "<p>words</p>\n"


def test_at_the_edge_it_ends_no_list():
    text = "10. a\n<!-- why -->\n    ```sh\n    id\n    ```\n<!--\n\nmore\n-->\n11. b\n"
    rendered = render(text)

    assert rendered.html.count("<ol") == 1
    assert [len(step["commands"]) for step in rendered.steps] == [1, 0]


def test_in_a_quote_it_leaves_the_quote_whole():
    html = render("> a\n>\n> <!-- b\n>\n> c -->\n>\n> d\n").html

    assert html.count("<blockquote>") == 1
    assert "<p>a</p>\n<p>d</p>" in html


def test_in_a_heading_it_is_no_part_of_title_and_anchor():
    rendered = render("Text\n\n## Look <!-- omit in toc -->\n")

    assert (rendered.toc[0]["title"], rendered.anchors) == ("Look", ["look"])


def test_an_image_beside_one_still_stands_alone():
    assert "<figure>" in render("![A](a.png) <!-- b -->\n").html


@pytest.mark.parametrize(
    "text",
    ["<!--\n" * 20_000, "x <!-- " * 15_000, "<!-- a --> x\n" * 9_000, "{check} <!--" * 9_000],
)
def test_thousands_of_them_take_no_longer_than_words(text, monkeypatch):
    """Half a second on a quick machine, more on a slow one; what grows with the square, minutes."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (3.0, HTML_LIMIT))

    render(text)
