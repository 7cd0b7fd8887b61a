"""Fenced blocks of documents that name a view: drawn from the catalog as it is when it is read."""

import re
from html import escape, unescape

from portal.architecture.catalog.graph import Graph
from portal.core.problems import Refused

from .mermaid import clear
from .selection import Options, draw
from .svg import size_of

LINE = re.compile(r"\s*([a-z]+)\s*:\s*(\S.*?)?\s*")
BLOCK = re.compile(
    r'<figure class="diagram" data-catalog(?:="")?><pre [^>]*><code>(.*?)</code></pre></figure>',
    re.DOTALL,
)
KNOWN = ("view", "service", "depth", "group", "only")


def options_of(text: str) -> Options:
    """What the lines of a block ask for. Raises Refused for a line that means nothing here."""
    asked = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match or match[1] not in KNOWN:
            raise Refused(f"“{line.strip()[:80]}” is none of {', '.join(KNOWN)}: value.")
        asked[match[1]] = match[2] or ""
    return Options.of(asked.get("view", "context"), asked)


def has_blocks(html: str) -> bool:
    return "data-catalog" in html and BLOCK.search(html) is not None


def problems_of(html: str, graph: Graph) -> list[str]:
    """Why blocks of a rendered document cannot be drawn, in their order."""
    texts = (unescape(text) for text in BLOCK.findall(html))
    return [problem for text in texts if (problem := problem_of(text, graph))]


def drawn(html: str) -> str:
    """The rendered document with its blocks drawn from the catalog as it is now."""
    if not has_blocks(html):
        return html
    graph = Graph.load()
    return BLOCK.sub(lambda block: figure_of(unescape(block[1]), graph), html)


def problem_of(text: str, graph: Graph) -> str:
    """Why a block cannot be drawn from the catalog; empty if it can."""
    try:
        draw(graph, options_of(text))
    except Refused as refusal:
        return refusal.detail
    return ""


def figure_of(text: str, graph: Graph) -> str:
    """The HTML of a block: the figure that pages draw, with the way to the whole diagram."""
    try:
        options = options_of(text)
        drawing = draw(graph, options)
    except Refused as refusal:
        return (
            '<div class="note is-warn" role="note"><p class="note-title">This diagram is not drawn'
            f"</p><p>{escape(refusal.detail)}</p></div>"
        )
    page, alone = (
        escape(f"/services/diagrams/{options.view}{end}?{options.query}".rstrip("?"))
        for end in ("/", ".svg")
    )
    image = f'<img src="{alone}" alt="{escape(drawing.title)}"'
    link = f'<figcaption><a href="{page}">Open this diagram</a></figcaption></figure>'
    source = clear(drawing)
    if not source:
        width, height = size_of(drawing)
        size = f'width="{width}" height="{height}"'
        return f'<figure class="diagram" data-picture>{image} {size}>{link}'
    return (
        '<figure class="diagram" data-mermaid>'
        '<pre tabindex="0" role="group" aria-label="Source of the diagram">'
        f"<code>{escape(source)}</code></pre><noscript>{image}></noscript>{link}"
    )
