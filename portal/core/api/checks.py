"""What models check, as validators of serializers."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from rest_framework import serializers


def checked_by(check: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A validator that says what `check` of a model refuses."""

    def checked(value: Any) -> None:
        try:
            check(value)
        except ModelError as error:
            raise serializers.ValidationError(error.messages) from error

    return checked
