"""A whole text that stands on a page beside a part of itself: with anchors of its own."""

import re
from html import unescape

from portal.core.markdown.code_html import LANGUAGES
from portal.core.markdown.substitution import TAG, Filled, Values, fill_html

PREFIX = "whole-"
OPENING_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")+>')
ANCHOR = re.compile(r' (id="|href="#)(?=(?:h|fn|fnref)-)')
BLOCK = re.compile(r'(<div class="code"><div class="code-head">.*?</pre></div>)', re.DOTALL)
LABEL = re.compile(r"<span>(.*?)</span>", re.DOTALL)
CODE = re.compile(r"<code>(.*)</code>", re.DOTALL)
NOT_TYPED = re.compile(r'<span class="hl-p">.*?</span>|<samp>.*?</samp>', re.DOTALL)
NAME_OF = {label: names[0] for label, _, names in LANGUAGES}


def filled_whole(html: str, values: Values) -> Filled:
    """The sanitised HTML of a text with the values in place and anchors that no step has."""
    pieces = BLOCK.split(html)
    filled = (
        fill_html(piece, [_command(piece)] if number % 2 else [], values).html
        for number, piece in enumerate(pieces)
    )
    return Filled(OPENING_TAG.sub(_with_own_anchors, "".join(filled)))


def contents(toc: list[dict]) -> list[dict]:
    """The entries of its table of contents, leading there."""
    return [{**entry, "id": PREFIX + entry["id"]} for entry in toc]


def _command(block: str) -> dict:
    """What the HTML of a code block says, as `Rendered.steps` has it of those in steps."""
    label, code = LABEL.search(block), CODE.search(block)
    return {
        "language": _language(unescape(label[1]) if label else ""),
        "text": unescape(TAG.sub("", NOT_TYPED.sub("", code[1]))) if code else "",
    }


def _language(label: str) -> str:
    name = label.partition(" ")[0]
    return "" if name == "Code" else NAME_OF.get(name, name)


def _with_own_anchors(tag: re.Match) -> str:
    return ANCHOR.sub(rf" \1{PREFIX}", tag[0])
