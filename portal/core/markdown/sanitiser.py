"""The last door before the page: only what the renderer writes passes.

The renderer escapes everything already; this holds if that ever fails. It drops no text: a tag
that is not known here would vanish but its words stay, hence every tag written must be listed.
"""

import nh3

from portal.core.markdown.notes import TONES
from portal.core.markdown.parser import ALLOWED_SCHEMES

HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
TAGS = HEADINGS | {
    *(
        "a",
        "blockquote",
        "br",
        "button",
        "code",
        "del",
        "div",
        "em",
        "figcaption",
        "figure",
    ),
    *("hr", "img", "li", "ol", "p", "pre", "s", "section", "span", "strong", "sup"),
    *("details", "samp", "summary"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title", "id", "rel", "aria-label"},
    "button": {"type", "data-copy"},
    "div": {"tabindex", "role", "aria-label"},
    "details": {"open"},
    "figure": {"data-mermaid", "data-catalog"},
    "img": {"src", "alt", "title", "loading"},
    "li": {"id", "value"},
    "ol": {"start"},
    "pre": {"tabindex", "role", "aria-label"},
    "section": {"aria-label"},
    "span": {"data-param", "role", "aria-label", "id"},
    "th": {"scope"},
    **{heading: {"id"} for heading in HEADINGS},
}
CLASSES = {
    "button": {"btn", "btn-quiet"},
    "details": {"unfolds"},
    "div": {"code", "code-head", "note", "table-scroll", "alternatives", "alternative", *TONES},
    "figure": {"diagram"},
    "li": {"task"},
    "ol": {"procedure", "list-unstyled"},
    "p": {"note-title", "alternative-title"},
    "section": {"footnotes"},
    "span": {
        *("param", "chip", "n", "task-box"),
        *("hl-c", "hl-s", "hl-k", "hl-n", "hl-m", "hl-p"),
    },
    "td": {"al-right", "al-center"},
    "th": {"al-right", "al-center"},
    "ul": {"tasks", "contents"},
}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=set(),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes=set(ALLOWED_SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def clean(html: str) -> str:
    """Return the HTML without anything that the renderer does not write."""
    return CLEANER.clean(html)
