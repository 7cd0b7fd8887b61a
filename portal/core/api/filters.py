"""What a query string narrows a list to. A filter that is repeated means any of its values."""

from datetime import datetime

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError

from portal.core.data.nearest import LONGEST, nearest

from .parameters import query
from .times import moment

CURRENT, ALL = "current", "all"
COMPARED = 2000  # slugs, for the nearest one
CHANGED_SINCE = query(
    "changed_since",
    "Only what changed at this time (RFC 3339, such as 2026-01-31T08:00:00Z) or later; what is "
    "archived is included unless `state` says otherwise.",
)

CHANGED_OR_DELETED = query(
    "changed_since",
    "Only what was made or changed at this time (RFC 3339, such as 2026-01-31T08:00:00Z) or "
    "later; `deleted` then has the slugs of what was deleted since.",
)


def state(known, default: str = CURRENT):
    """The parameter `state` of a list, for its document."""
    return query(
        "state", f"`{default}` if not given; may be repeated.", enum=list(known), many=True
    )


def texts(params, name: str) -> list[str]:
    """The values of a filter that are not empty. PostgreSQL cannot look for NUL."""
    values = [value.strip() for value in params.getlist(name) if value.strip()]
    if any("\x00" in value for value in values):
        raise ValidationError({name: "NUL characters match nothing."})
    return values


def choices(params, name: str, known) -> list[str]:
    """The same of a filter that has words of its own; another word is an error (400)."""
    values = texts(params, name)
    wrong = [value for value in values if value not in known]
    if wrong:
        raise ValidationError({name: instead(wrong[0], list(known))})
    return values


def instead(word: str, known: list[str]) -> str:
    """What is said of a word that is none of the known ones."""
    if len(known) == 1:
        return f"Only “{known[0]}” is known here."
    return f"Use one of {', '.join(known)}.{nearest(word, known)}"


def refuse_strangers(params, **known: QuerySet) -> None:
    """Raise ValidationError (400), with the nearest one, for a slug that none of the rows has."""
    for name, rows in known.items():
        if values := texts(params, name):
            there = rows.filter(slug__in=values).values_list("slug", flat=True)
            for slug in set(values).difference(there):
                raise ValidationError({name: stranger(slug, rows)})


def stranger(slug: str, rows: QuerySet, column: str = "slug") -> str:
    """What is said of a slug that none of the rows has."""
    known = list(rows.values_list(column, flat=True)[:COMPARED])
    noun = rows.model._meta.verbose_name
    return f"There is no {noun} “{slug[:LONGEST]}”.{nearest(slug, known)}"


def among(rows: QuerySet, params, **columns: str) -> QuerySet:
    """The rows whose column is one of the values of the filter that is named like it."""
    for name, column in columns.items():
        values = texts(params, name)
        if values:
            rows = rows.filter(**{f"{column}__in": values})
    return rows


def in_state(rows: QuerySet, params, known: dict[str, Q], *, default: str = CURRENT) -> QuerySet:
    """The rows in any of the states asked for; who asks for changes means those in all."""
    usual = ALL if params.get("changed_since") else default
    wanted = Q()
    for word in choices(params, "state", known) or [usual]:
        if not known[word]:
            return rows
        wanted |= known[word]
    return rows.filter(wanted)


def changed_since(rows: QuerySet, params, column: str = "changed_at") -> QuerySet:
    at = since(params)
    return rows.filter(**{f"{column}__gte": at}) if at else rows


def since(params) -> datetime | None:
    """The time that `changed_since` names; without an offset it is meant in UTC."""
    text = params.get("changed_since", "")
    if not text:
        return None
    at = moment(text)
    if at is None or not 1970 < at.year < 9000:
        raise ValidationError({"changed_since": "Use a time such as 2026-01-31T08:00:00Z."})
    return at
