"""A file that is too large for one runbook, as an index and a part for each second-level heading.

All lie in one folder, so that links and images in the text stay true. What leads to a place of the
whole leads to the part that has it now; for links of other files the index has every old anchor.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from portal.core.data.yaml import dumped
from portal.core.markdown import MarkdownError, front_matter, render
from portal.core.markdown.front_matter import FrontMatter
from portal.core.markdown.headings import anchor_text

from .facts import CAMEL_CASE
from .sections import Section, definitions_of, plain, sections_of, with_definitions

LINK = re.compile(r"(?P<before>\]\(<?|^ {0,3}\[[^\]\n]+\]:[ \t]*<?)#(?P<anchor>[^)>\s]+)")
WORD = re.compile(r"[\w-]+")
NOT_IN_NAME = re.compile(r"[^\w.-]+")
OF_THE_WHOLE = ("title", "slug", "aliases", "alerts")
FEW_ALERTS, MOSTLY = 5, 0.8
CONTENTS = "## Contents"
MOST_PARTS = 1000
MOST_GROWTH = 4  # how much larger the parts together may be
NUMBERS = ("", *(f"-{number}" for number in range(2, 10_000)))  # of parts of one name


@dataclass
class Part:
    """A part before its links are set: `places` leads from an anchor of the whole to its own."""

    path: str
    section: Section
    alerts: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def parts_of(path: str, text: str, taken: set[str]) -> dict[str, str]:
    """{path: text} of the index, under the path of the file, and of its parts.

    `taken` are the paths that the parts must not have. Empty for a text without such headings,
    or with more than MOST_PARTS, or whose notes and definitions would be copied too often.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = front_matter.read(text)
    head, *sections = sections_of(front.body)
    if len(sections) > MOST_PARTS:
        return {}
    parts = _named(path, sections, taken)
    _give_alerts(parts, front.values.get("alerts"))
    homes = _find_places(parts)
    known = definitions_of(front.body)
    about = {name: front.values[name] for name in front.values if name not in OF_THE_WHOLE}
    found, made = {}, 0
    for part in parts:
        own = about | ({"alerts": part.alerts} if part.alerts else {})
        body = with_definitions(part.section.promoted, known)
        found[part.path] = _front(own) + _linked(body, part.path, homes)
        made += len(found[part.path])
        if made > MOST_GROWTH * len(text):
            return {}
    if parts:
        intro = _linked(with_definitions(head.text, known), path, homes)
        found[path] = _front_of_index(front, text, parts) + _index(intro, parts)
    return found


def _named(path: str, sections: list[Section], taken: set[str]) -> list[Part]:
    place, used, parts = PurePosixPath(path), set(taken) | {path}, []
    for section in sections:
        name = NOT_IN_NAME.sub("-", section.title).strip("-.")[:80] or "part"
        start = str(place.with_name(f"{place.stem}-{name}"))
        tries = (f"{start}{number}{place.suffix}" for number in NUMBERS)
        free = next(each for each in tries if each not in used)
        used.add(free)
        parts.append(Part(free, section))
    return parts


def _give_alerts(parts: list[Part], named: object) -> None:
    """To each the alerts that it is about: named for the whole, or what nearly all headings are."""
    given = [str(each) for each in named] if isinstance(named, list) else []
    titled = {part.section.title.casefold(): part for part in reversed(parts)}
    mentioned = _mentioned(set(given), parts)
    for alert in given:
        if part := titled.get(alert.casefold()) or mentioned.get(alert):
            part.alerts.append(alert)
    own = [part for part in parts if CAMEL_CASE.fullmatch(part.section.title)]
    if not given and len(own) >= max(FEW_ALERTS, MOSTLY * len(parts)):
        for part in own:
            part.alerts.append(part.section.title)


def _mentioned(names: set[str], parts: list[Part]) -> dict[str, Part]:
    """The first part in which each name stands by itself. Each text is read once for all names."""
    shapes: dict[str, set[tuple[int, int]]] = {}  # by first word: what stands before it, length
    for name in names:
        if word := WORD.search(name):
            shapes.setdefault(word[0], set()).add((word.start(), len(name)))
    found: dict[str, Part] = {}
    for part in parts if shapes else ():
        text = part.section.text
        for word in WORD.finditer(text):
            for before, length in shapes.get(word[0], ()):
                start = max(word.start() - before, 0)
                name = text[start : start + length]
                if name in names and not _goes_on(text, start, length):
                    found.setdefault(name, part)
    return found


def _goes_on(text: str, start: int, length: int) -> bool:
    """Whether a letter stands before or behind, so that it is a part of another word."""
    around = text[max(start - 1, 0) : start] + text[start + length : start + length + 1]
    return bool(WORD.search(around))


def _find_places(parts: list[Part]) -> dict[str, Part]:
    """Number the anchors as they were in the whole: the second “Meaning” was `#meaning-1`.

    Returns which part has each.
    """
    counts: dict[str, int] = {}
    for part in parts:
        for base, own in _anchors(part.section):
            number = counts.get(base, 0)
            counts[base] = number + 1
            part.places[f"{base}-{number}" if number else base] = own
    return {anchor: part for part in reversed(parts) for anchor in part.places}


def _anchors(section: Section) -> list[tuple[str, str]]:
    """(anchor without its number, anchor) of each heading."""
    title = anchor_text(section.title)
    try:
        rendered = render(section.promoted)
    except MarkdownError:
        return [(title, title)]  # it is refused when it is read
    rows = zip(rendered.toc, rendered.anchors, strict=True)
    bases = [(anchor_text(entry["title"]), anchor) for entry, anchor in rows]
    inside = [(base if own.startswith(base) else own, own) for base, own in bases]
    return [(section.identifier or title, title), *inside]


def _linked(text: str, path: str, homes: dict[str, Part]) -> str:
    """The text with its links to places of the whole; code stays as it is written."""

    def led(found: re.Match) -> str:
        anchor = found["anchor"].lower()
        part = homes.get(anchor)
        if part is None:
            return found[0]
        page = "" if part.path == path else PurePosixPath(part.path).name.replace(" ", "%20")
        return f"{found['before']}{page}#{part.places[anchor]}"

    lines = text.split("\n")
    for number, line in plain(lines):
        if line:
            lines[number] = LINK.sub(led, line)
    return "\n".join(lines)


def _front_of_index(front: FrontMatter, text: str, parts: list[Part]) -> str:
    """As it is written, unless it names alerts that a part has now."""
    moved = {alert for part in parts for alert in part.alerts}
    alerts = front.values.get("alerts")
    if not isinstance(alerts, list) or moved.isdisjoint(map(str, alerts)):
        return text[: len(text) - len(front.body)]
    rest = [alert for alert in alerts if str(alert) not in moved]
    about = {name: value for name, value in front.values.items() if name != "alerts"}
    return _front(about | ({"alerts": rest} if rest else {}))


def _index(intro: str, parts: list[Part]) -> str:
    intro = intro.strip("\n")
    return "\n".join([*([intro, ""] if intro else []), CONTENTS, "", *map(_row, parts), ""])


def _row(part: Part) -> str:
    anchors = "".join(f'<a name="{anchor}"></a>' for anchor in part.places)
    title = re.sub(r"([\[\]\\])", r"\\\1", part.section.title)
    return f"- {anchors}[{title}](<{PurePosixPath(part.path).name}>)"


def _front(values: dict) -> str:
    return f"---\n{dumped(values)}---\n" if values else ""
