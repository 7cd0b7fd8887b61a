"""The block `portal:` that an exported file carries at the end of its front matter.

`strip(join(text, values))` gives back the same text to the byte, whatever the text is.
"""

import json
import re

from portal.core.data.yaml import load
from portal.core.markdown import front_matter

MARKER = "portal:  # written by export_docs, taken out by import_docs"
BOM = "\ufeff"
FENCED = re.compile(
    r"---[ \t]*(?P<end>\r?\n)(?P<yaml>.*?)(?P<close>^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))",
    re.DOTALL | re.MULTILINE,
)
BLOCK = re.compile(rf"^{re.escape(MARKER)}[ \t]*\r?\n(?:  .*(?:\n|\Z))*", re.MULTILINE)
# What YAML allows in a quoted text only as an escape.
UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class BadBlock(ValueError):
    """The block was changed by hand into something that cannot be read."""


def join(text: str, values: dict) -> str:
    """The text with the values in its front matter, or in one of their own if it has none."""
    front = _front(text)
    if front is None or not _has_values(front["yaml"]):
        return f"---\n{_written(values)}---\n{text}"
    block = _written(values).replace("\n", front["end"])
    return text[: front.start("close")] + block + text[front.start("close") :]


def strip(text: str) -> tuple[str, dict | None]:
    """The author's text, and the values of the block or None. Raises BadBlock."""
    front = _front(text)
    blocks = list(BLOCK.finditer(front["yaml"])) if front else []
    if not blocks:
        return text, None
    start, end = (front.start("yaml") + place for place in blocks[-1].span())
    if front["yaml"] == blocks[-1][0]:
        return text[: front.start()] + text[front.end() :], _read(blocks[-1][0])
    return text[:start] + text[end:], _read(blocks[-1][0])


def _front(text: str):
    return FENCED.match(text, 1 if text.startswith(BOM) else 0)


def _has_values(source: str) -> bool:
    read = front_matter.read(f"---\n{source.replace(chr(13), '')}---\n")
    return bool(read.values) and not read.problems


def _written(values: dict) -> str:
    lines = [MARKER]
    for name, value in values.items():
        if value and isinstance(value, list) and isinstance(value[0], dict):
            lines += [f"  {name}:", *(f"    - {_quoted(item)}" for item in value)]
        else:
            lines.append(f"  {name}: {_quoted(value)}")
    return "".join(f"{line}\n" for line in lines)


def _quoted(value) -> str:
    """JSON on one line: also YAML, once what YAML cannot print is escaped."""
    written = json.dumps(value, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _read(block: str) -> dict:
    try:
        values = load(block)["portal"]
    except Exception as error:
        raise BadBlock(f"The block portal: cannot be read: {_reason(error)}.") from error
    if not isinstance(values, dict):
        raise BadBlock("The block portal: has no names and values.")
    return values


def _reason(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).replace("\n", " ")
