"""What a text and its path tell about a runbook besides the text."""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.utils.text import slugify

from portal.core.markdown import Rendered
from runbooks.models import Kind, Section
from runbooks.models.runbook import MOST_DAYS_BETWEEN_REVIEWS

INDEXES = ("_index", "index", "readme")
ALERT = re.compile(r"[^\s/]{1,200}")
CAMEL_CASE = re.compile(r"[A-Za-z][a-z]*[A-Z0-9][A-Za-z0-9]*")
ONE_WORD = re.compile(r"[A-Z][a-z]+")
ALERT_SECTIONS = frozenset({"meaning", "impact", "diagnosis", "mitigation"})
NOTED, MOST_NOTES = ("bad-front-matter", "left-as-text"), 5
WORDS_OF_KIND = {
    Kind.ROLLBACK: r"roll(?:ing)?[- _]?back|revert",
    Kind.DEPLOYMENT: r"deploy|release|rollout",
    Kind.RECOVERY: r"recover|restor|failover|disaster|backup",
    Kind.TROUBLESHOOTING: r"troubleshoot|debug|time[- _]?outs?\b|failures?\b",
    Kind.CONFIGURATION: r"config|settings",
    Kind.MAINTENANCE: r"maint(?:enance|ain)|upgrade|rotat|clean[- _]?up",
    Kind.INCIDENT_RESPONSE: r"incident|on[- _]?call|post[- _]?mortem|severity|crisis",
}


@dataclass
class Facts:
    """Fields of a runbook; a field that the text says nothing of is empty or guessed."""

    title: str
    kind: str = ""
    section: str = ""
    slug: str = ""
    owner: str = ""
    services: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    review_days: int | None = None
    addresses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def facts_of(path: str, rendered: Rendered, navigation: dict[str, str]) -> Facts:
    """What the front matter says, and what headings, path and title let guess for the rest."""
    values = rendered.front_matter
    title = _text(values.get("title")) or rendered.title or navigation.get(path) or _named(path)
    facts = Facts(title=title[:200])
    facts.kind = _choice(values, "kind", Kind, facts) or guess_kind(path, title, rendered)
    facts.section = _choice(values, "section", Section, facts)
    facts.slug = slugify(_text(values.get("slug")))[:120]
    facts.owner = _text(values.get("owner"))
    facts.services = _texts(values.get("services"))
    facts.alerts = _alerts(_texts(values.get("alerts")), facts) or guess_alerts(path, rendered)
    facts.review_days = _days(values.get("review_days"), facts)
    facts.addresses = [name for name in map(_last_part, _texts(values.get("aliases"))) if name]
    facts.notes += _notes(rendered)
    return facts


def _notes(rendered: Rendered) -> list[str]:
    """What an import tells of the text itself; the editor tells all."""
    found = [problem for problem in rendered.problems if problem["code"] in NOTED]
    notes = [f"line {each['line']}: {each['detail'].removesuffix('.')}" for each in found]
    rest = len(notes) - MOST_NOTES
    return notes if rest <= 0 else [*notes[:MOST_NOTES], f"{rest} more of these"]


def guess_kind(path: str, title: str, rendered: Rendered) -> str:
    if _has_alert_sections(rendered):
        return Kind.TROUBLESHOOTING
    words = f"{path} {title}".lower()
    kinds = (kind for kind, pattern in WORDS_OF_KIND.items() if re.search(pattern, words))
    return next(kinds, Kind.REFERENCE)


def guess_alerts(path: str, rendered: Rendered) -> list[str]:
    """The name of the file if it is that of an alert, as in the runbooks of Prometheus."""
    name = PurePosixPath(path).stem
    shape = ONE_WORD if _letters(rendered.title) == _letters(name) else CAMEL_CASE
    looks_like_one = CAMEL_CASE.fullmatch(name) or shape.fullmatch(name)
    return [name] if looks_like_one and _has_alert_sections(rendered) else []


def _has_alert_sections(rendered: Rendered) -> bool:
    return len(ALERT_SECTIONS & {entry["title"].lower() for entry in rendered.toc}) >= 2


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _named(path: str) -> str:
    """A title made of the name of the file, or of its folder for an index."""
    place = PurePosixPath(path)
    name = place.parent.name if place.stem.lower() in INDEXES and place.parent.name else place.stem
    words = re.sub(r"[-_ ]+", " ", name).strip() or "Untitled"
    return words[0].upper() + words[1:]


def _text(value) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _texts(value) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_text, values) if text]


def _choice(values: dict, name: str, choices, facts: Facts) -> str:
    given = slugify(_text(values.get(name)))
    if given and given not in choices.values:
        facts.notes.append(f"the {name} “{given}” is none of ours")
    return given if given in choices.values else ""


def _alerts(names: list[str], facts: Facts) -> list[str]:
    bad = [name for name in names if not ALERT.fullmatch(name)]
    facts.notes += [f"“{name}” is no name of an alert" for name in bad]
    return [name for name in names if name not in bad]


def _days(value, facts: Facts) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= MOST_DAYS_BETWEEN_REVIEWS:
        facts.notes.append(f"review_days is not a number from 1 to {MOST_DAYS_BETWEEN_REVIEWS}")
        return None
    return value


def _last_part(address: str) -> str:
    return slugify(address.rstrip("/").rpartition("/")[2].partition(".")[0])[:120]
