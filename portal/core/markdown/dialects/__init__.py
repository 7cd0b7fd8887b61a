"""What other tools add to Markdown, each in a module of its own: `add_rules` lets a parser read it.

Whatever is written in none of these ways, or only half, stays the text that it is.
"""

from markdown_it import MarkdownIt

from portal.core.markdown.dialects import (
    anchors,
    attributes,
    callouts,
    colon_blocks,
    contents,
    disclosures,
    shortcodes,
    tabs,
    wikilinks,
)

ALL = (
    *(anchors, attributes, callouts, colon_blocks, contents),
    *(disclosures, shortcodes, tabs, wikilinks),
)


def add_rules(parser: MarkdownIt) -> None:
    """Teach the parser all of them."""
    for dialect in ALL:
        dialect.add_rules(parser)
