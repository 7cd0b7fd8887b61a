"""A table of contents as nested lists of links."""

from html import escape


def of(entries: list[dict]) -> str:
    """The HTML of the headings, each with `level`, `id` and `title`; levels never jump."""
    pieces, depth = [], 0
    for entry in entries:
        level = entry["level"] - 1
        pieces.append(_step(depth, level))
        pieces.append(f'<a href="#{escape(entry["id"])}">{escape(entry["title"])}</a>')
        depth = level
    pieces.append("</li></ul>\n" * depth)
    return "".join(pieces)


def _step(depth: int, level: int) -> str:
    """From the end of an entry to the start of the next one."""
    if level > depth:
        return '<ul class="contents"><li>' * (level - depth)
    return "</li></ul>" * (depth - level) + "</li><li>"
