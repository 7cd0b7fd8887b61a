"""Words that look like what they are."""

import re

from django.core.exceptions import ValidationError
from django.db import models

LONGEST_ADDRESS = 500  # of a link
TURNING = "\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"  # lines end, or run the other way
IN_A_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f{TURNING}]")
IN_A_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{TURNING}]")


def refuse_signs(row: models.Model) -> None:
    """Raise ValidationError for signs that nobody sees, or that turn what stands beside them."""
    wrong = {}
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        signs = IN_A_TEXT if isinstance(field, models.TextField) else IN_A_LINE
        if isinstance(value, str) and (found := signs.search(value)):
            wrong[field.name] = f"It has a control character, U+{ord(found[0]):04X}: leave it out."
    if wrong:
        raise ValidationError(wrong)
