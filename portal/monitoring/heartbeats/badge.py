"""A badge as SVG: two boxes with words, drawn without fonts of others."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.monitoring.models import HeartbeatState

COLOURS = {
    HeartbeatState.UP: "#026a34",
    HeartbeatState.STARTED: "#2952b6",
    HeartbeatState.GRACE: "#854d00",
    HeartbeatState.DOWN: "#b70e1c",
}
OTHERS = "#5c6168"
NARROW, WIDE = "fijlrtI.,:;|!'() ", "mwMW@"
LONGEST = 60  # letters
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img"'
    ' aria-label="{name}: {word}"><title>{name}: {word}</title>'
    '<rect width="{whole}" height="20" rx="4" fill="#44484f"/>'
    '<path d="M{left} 0h{right_less_corner}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-{right_less_corner}z"'
    ' fill="{colour}"/>'
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,sans-serif" font-size="11">'
    '<text x="{name_at}" y="14" textLength="{name_width}">{name}</text>'
    '<text x="{word_at}" y="14" textLength="{word_width}">{word}</text></g></svg>'
)


def drawn(name: str, state: str) -> SafeString:
    known = HeartbeatState(state)
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    word = known.label.lower()
    name_width, word_width = width_of(name), width_of(word)
    left, right = name_width + 12, word_width + 12
    return format_html(
        SVG,
        name=name,
        word=word,
        whole=left + right,
        left=left,
        right_less_corner=right - 4,
        name_at=left / 2,
        word_at=left + right / 2,
        name_width=name_width,
        word_width=word_width,
        colour=COLOURS.get(known, OTHERS),
    )


def width_of(text: str) -> int:
    """In pixels, about."""
    return round(sum(4 if c in NARROW else 10 if c in WIDE else 7 for c in text))
