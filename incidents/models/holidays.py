"""Public holidays of countries and their parts, as the library `holidays` knows them."""

from collections.abc import Container
from datetime import date
from functools import lru_cache

import holidays
from django.core.exceptions import ValidationError


@lru_cache(maxsize=1)
def countries() -> dict[str, list[str]]:
    """Their codes (ISO 3166), each with those of its parts."""
    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=256)
def calendar(country: str, subdivision: str = "") -> Container[date]:
    """The days; it works out each year when it is first asked. Without a country there are none."""
    if not country or country not in countries():
        return frozenset()
    return holidays.country_holidays(country, subdiv=subdivision or None)


def name_of(day: date, country: str, subdivision: str = "") -> str:
    """What the holiday is called; empty: it is none."""
    found = calendar(country, subdivision)
    return str(found.get(day) or "") if isinstance(found, holidays.HolidayBase) else ""


def validate_place(country: str, subdivision: str) -> None:
    """Raise ValidationError for a country, or a part of it, of which no holidays are known."""
    if country and country not in countries():
        said = f"No holidays are known of “{country[:20]}”. Write two letters, such as DE or US."
        raise ValidationError({"holidays_country": said})
    if subdivision and subdivision not in countries().get(country, []):
        known = ", ".join(countries().get(country, [])) or "none"
        said = f"No holidays are known of “{subdivision[:20]}” there. Known parts: {known}."
        raise ValidationError({"holidays_subdivision": said})
