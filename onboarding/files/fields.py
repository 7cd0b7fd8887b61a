"""What the front matter of a guide says, as fields of the guide."""

from collections.abc import Iterable

from django.utils.text import slugify

from onboarding.models import Guide

from .blocks import BadText, one_line
from .document import FRONT, GuideText
from .owners import team_of

TEXTS = ("title", "purpose", "audience")
SAID = {"is_tour": "tour", "asks_acknowledgement": "acknowledgement"}  # field: member of FRONT


def fields_of(text: GuideText, stem: str) -> dict:
    """The fields of a guide, all of them: what is not said is as in a new guide. Raises BadText."""
    about = text.about
    wrong = [name for name in TEXTS if not isinstance(about.get(name, ""), str | int | float)]
    if wrong:
        raise BadText(f"“{wrong[0]}” is a text.", line_of(text, wrong))
    title = one_line(str(about.get("title", ""))) or _words(stem)
    return {
        "title": title,
        "slug": slug_of(about, stem),
        "purpose": one_line(str(about.get("purpose", ""))),
        "audience": one_line(str(about.get("audience", ""))),
        "roles": names_of(text, "roles"),
        "minutes": _number(text, "minutes", 10),
        "position": _number(text, "position", 0),
        "owner": team_of(about),
        "is_tour": about.get("tour") is True,
        "asks_acknowledgement": about.get("acknowledgement") is True,
    }


def slug_of(about: dict, stem: str) -> str:
    given = str(about.get("slug") or "") or slugify(stem)[:110]
    return given or Guide.objects.free_slug(str(about.get("title", "")))


def line_of(text: GuideText, names: Iterable[str]) -> int:
    """Where the first of these members stands; the beginning for what is not said."""
    lines = [text.lines[member] for name in names if (member := SAID.get(name, name)) in text.lines]
    return min(lines, default=1)


def names_of(text: GuideText, name: str) -> list[str]:
    given = text.about.get(name) or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadText(f"“{name}” is a list of names.", line_of(text, [name]))
    return given


def notes_of(about: dict) -> list[str]:
    """What is said and has no place here."""
    notes = [f"“{name}” is not known" for name in about if name not in FRONT]
    if about.get("owner") and not team_of(about):
        notes.append(f"there is no team {about['owner']}")
    return notes


def _words(stem: str) -> str:
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or "Guide"


def _number(text: GuideText, name: str, default: int) -> int:
    return number_of(text.about, text.lines, name, default)


def number_of(about: dict, lines: dict, name: str, default: int = 0) -> int:
    value = about.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 32767:
        raise BadText(f"“{name}” is a number.", lines.get(name, 1))
    return value
