"""What the front matter of a guide says, as fields of the guide."""

from django.utils.text import slugify

from onboarding.models import Guide
from portal.accounts.models import Team

from .blocks import BadText, one_line
from .form import FRONT

TEXTS = ("title", "purpose", "audience")


def fields_of(about: dict, stem: str) -> dict:
    """The fields of a guide, all of them: what is not said is as in a new guide. Raises BadText."""
    wrong = [name for name in TEXTS if not isinstance(about.get(name, ""), str | int | float)]
    if wrong:
        raise BadText(f"“{wrong[0]}” is a text.", 2)
    title = one_line(str(about.get("title", ""))) or _words(stem)
    return {
        "title": title,
        "slug": slug_of(about, stem),
        "purpose": one_line(str(about.get("purpose", ""))),
        "audience": one_line(str(about.get("audience", ""))),
        "roles": names_of(about, "roles"),
        "minutes": _number(about, "minutes", 10),
        "position": _number(about, "position", 0),
        "owner": _team(about),
        "is_tour": about.get("tour") is True,
        "asks_acknowledgement": about.get("acknowledgement") is True,
    }


def slug_of(about: dict, stem: str) -> str:
    given = str(about.get("slug") or "") or slugify(stem)[:110]
    return given or Guide.objects.free_slug(str(about.get("title", "")))


def names_of(about: dict, name: str) -> list[str]:
    given = about.get(name) or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadText(f"“{name}” is a list of names.", 2)
    return given


def notes_of(about: dict) -> list[str]:
    """What is said and has no place here."""
    notes = [f"“{name}” is not known" for name in about if name not in FRONT]
    if about.get("owner") and not _team(about):
        notes.append(f"there is no team {about['owner']}")
    return notes


def _words(stem: str) -> str:
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or "Guide"


def _number(about: dict, name: str, default: int) -> int:
    value = about.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 32767:
        raise BadText(f"“{name}” is a number.", 2)
    return value


def _team(about: dict):
    return Team.objects.filter(slug=str(about.get("owner") or "")).first()
