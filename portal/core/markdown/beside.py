"""A whole text that stands on a page beside a part of itself: with anchors of its own."""

import re
from html import unescape

from portal.core.markdown.code_html import LANGUAGES
from portal.core.markdown.substitution import TAG, Filled, Values, fill_html

PREFIX = "whole-"
OPENING_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")+>')
ANCHOR = re.compile(r' (id="|href="#)(?=(?:h|fn|fnref)-)')
BLOCK = re.compile(
    r'<div class="code"><div class="code-head"><span>(?P<label>.*?)</span>.*?'
    r"<code>(?P<code>.*?)</code></pre></div>",
    re.DOTALL,
)
PROMPT = re.compile(r'<span class="hl-p">.*?</span>', re.DOTALL)
NAME_OF = {label: names[0] for label, _, names in LANGUAGES}


def filled_whole(html: str, values: Values) -> Filled:
    """The sanitised HTML of a text with the values in place and anchors that no step has."""
    whole = fill_html(html, commands_in(html), values).html
    return Filled(OPENING_TAG.sub(_with_own_anchors, whole))


def contents(toc: list[dict]) -> list[dict]:
    """The entries of its table of contents, leading there."""
    return [{**entry, "id": PREFIX + entry["id"]} for entry in toc]


def commands_in(html: str) -> list[dict]:
    """All code blocks, also those of no step, as `Rendered.steps` has those of a step."""
    return [
        {
            "language": _language(unescape(found["label"])),
            "text": unescape(TAG.sub("", PROMPT.sub("", found["code"]))),
        }
        for found in BLOCK.finditer(html)
    ]


def _language(label: str) -> str:
    name = label.partition(" ")[0]
    return "" if name == "Code" else NAME_OF.get(name, name)


def _with_own_anchors(tag: re.Match) -> str:
    return ANCHOR.sub(rf" \1{PREFIX}", tag[0])
