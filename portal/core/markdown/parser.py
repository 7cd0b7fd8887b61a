"""The one parser: CommonMark without raw HTML, and the rules that are ours."""

import re
from types import SimpleNamespace

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.footnote import footnote_plugin

from portal.core.markdown import comments, dialects, inline_rules, tables
from portal.core.markdown.blocks import INTERRUPTING
from portal.core.markdown.dialects import shortcodes

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
NESTING = 50
# a list adds two levels at once, and the parser drops what stands at NESTING
DEEPEST_BLOCK = NESTING - 2


def is_allowed(address: str) -> bool:
    """Whether an address may become a link: http, https, mailto, tel or relative."""
    scheme = SCHEME.match(address.strip())
    return scheme is None or scheme[1].lower() in ALLOWED_SCHEMES


def build_parser() -> MarkdownIt:
    """Return the configured parser; its `parse` may be used by many threads at once."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})
    parser.options.update({"tasklists": True, "alerts": True, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = is_allowed  # type: ignore[method-assign,assignment]
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    _add_block_rules(parser)
    _add_inline_rules(parser)
    dialects.add_rules(parser)
    comments.add_rules(parser)
    _finish_lazy_set_up(parser)
    return parser


def _add_block_rules(parser: MarkdownIt) -> None:
    rules = parser.block.ruler
    rules.at("table", tables.table_with_every_cell, {"alt": ["paragraph", "reference"]})
    rules.before("table", "budget", _watch_blocks, {"alt": INTERRUPTING})


def _add_inline_rules(parser: MarkdownIt) -> None:
    rules = parser.inline.ruler
    rules.before("text", "budget", _watch_inline)
    rules.push("parameter", inline_rules.parameter)
    rules.push("step_mark", inline_rules.step_mark)
    rules.push("line_break", inline_rules.line_break)
    rules.push("placeholder", inline_rules.placeholder)
    rules.push("bare_address", inline_rules.bare_address)
    parser.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkLabel=parser.helpers.parseLinkLabel,
        parseLinkTitle=parser.helpers.parseLinkTitle,
        parseLinkDestination=shortcodes.destination,
    )


def _finish_lazy_set_up(parser: MarkdownIt) -> None:
    """Rules are compiled at first use, which two threads must not do at once."""
    parser.parse("*warm*")


def _watch_blocks(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Ask for time, and read what is nested too deeply as plain paragraphs: nothing is lost."""
    _check_time(state)
    if silent or state.level < DEEPEST_BLOCK:
        return False
    return paragraph(state, line, end, silent)


def _watch_inline(state: StateInline, silent: bool) -> bool:
    _check_time(state)
    return False


def _check_time(state: StateBlock | StateInline) -> None:
    if "page" in state.env:
        state.env["page"].budget.check_time()


PARSER = build_parser()
