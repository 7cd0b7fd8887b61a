"""Words that look like what they are."""

import re
from collections.abc import Container

from django.core.exceptions import ValidationError
from django.db import models

TURNING = "\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"  # lines end, or run the other way
IN_A_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f{TURNING}]")
IN_A_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{TURNING}]")


def refuse_signs(
    row: models.Model, *, only: Container[str] | None = None, texts: Container[str] = ()
) -> None:
    """Raise ValidationError for signs that nobody sees, or that turn what stands beside them.

    `only`: the names of the fields that people write, if others hold what programs say. A field is
    one line unless it is a TextField or among `texts`.
    """
    wrong = {}
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if not isinstance(value, str) or (only is not None and field.name not in only):
            continue
        is_text = isinstance(field, models.TextField) or field.name in texts
        if refusal := refusal_of(value, is_text=is_text):
            wrong[field.name] = refusal
    if wrong:
        raise ValidationError(wrong)


def refusal_of(text: str, *, is_text: bool = False) -> str:
    """What is wrong with a line, or with a text of several; empty if nothing is."""
    found = (IN_A_TEXT if is_text else IN_A_LINE).search(text)
    return f"It has a control character, U+{ord(found[0]):04X}: leave it out." if found else ""
