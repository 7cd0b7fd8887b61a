"""The dialect is CommonMark: every example of its specification, but for those listed with why."""

import json
import re
from html import unescape
from itertools import chain

import pytest
from markdown_it.renderer import RendererHTML

from portal.core.markdown import front_matter, render
from portal.core.markdown.parser import PARSER
from tests.suite.shared import DATA

SPEC = DATA / "commonmark" / "spec.json"
EXAMPLES = json.loads(SPEC.read_text()) if SPEC.exists() else []

RAW_HTML = "raw HTML is shown as text"
SCHEME = "only http, https, mailto, tel and relative addresses become links"
BARE = "a bare web address is a link"
WIKI = "a page in two brackets is a link, as in wikis"
EXCEPTIONS = {
    **dict.fromkeys((21, 31, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643), RAW_HTML),
    **dict.fromkeys(range(148, 192), RAW_HTML),
    **dict.fromkeys((201, 308, 309), RAW_HTML),
    **dict.fromkeys(chain(range(613, 618), (623,), range(625, 632)), RAW_HTML),
    **dict.fromkeys((596, 598, 599, 601), SCHEME),
    **dict.fromkeys((602, 608, 611), BARE),
    590: WIKI,
}


def test_it_agrees_with_the_specification_but_for_the_listed_examples(shared):
    shared("commonmark/spec.json")
    differing = {example["example"] for example in EXAMPLES if not agrees(example)}

    assert len(EXAMPLES) == 652
    assert differing == EXCEPTIONS.keys()


INDENTED_FENCE = 134  # is a fence on the page: nobody means its marks to be a command
AS_TEXT = [example for example in EXAMPLES if example["example"] != INDENTED_FENCE]


@pytest.mark.parametrize("example", AS_TEXT, ids=lambda example: str(example["example"]))
def test_the_page_shows_the_same_text_as_the_plain_rules(example):
    # the paragraph keeps a first heading from becoming the title
    text = f"x\n\n{example['markdown']}"

    assert visible(render(text).html) == visible(by_plain_rules(text))


def agrees(example):
    """Whether our parser and the library's own renderer give the HTML of the specification."""
    body = front_matter.read(example["markdown"]).body
    return without_empty_line(by_plain_rules(body)) == without_empty_line(example["html"])


def by_plain_rules(text):
    env = {}
    return RendererHTML(PARSER).render(PARSER.parse(text, env), PARSER.options, env)


def without_empty_line(html):
    """The specification breaks the line in an empty quotation; it means the same."""
    return html.replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")


def visible(html):
    html = re.sub(r'<div class="code-head">.*?</div>|<figcaption>.*?</figcaption>', "", html)
    html = re.sub(r'<span class="n">\d+</span>', "", html)
    return unescape(re.sub(r"<[^>]*>", " ", html)).split()
