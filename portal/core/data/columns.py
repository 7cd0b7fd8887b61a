"""What a column holds at most. Forms and serializers ask, so that it stands in the model only."""

from typing import Any

from django.db.models import Model

LARGEST = 2**31 - 1  # of a number


def longest(model: type[Model], name: str) -> int:
    """How many characters a field of a model holds."""
    field: Any = model._meta.get_field(name)
    return field.max_length
