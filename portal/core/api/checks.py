"""What models check, as validators of serializers."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from rest_framework import serializers


def checked_by(check: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A validator that says what `check` of a model refuses, and of which member inside."""

    def checked(value: Any) -> None:
        try:
            check(value)
        except ModelError as error:
            said = error.message_dict if hasattr(error, "error_dict") else error.messages
            raise serializers.ValidationError(said) from error

    return checked
