"""What a verb refuses of a column, said of the member that programs sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from rest_framework import exceptions
from rest_framework.settings import api_settings


@contextmanager
def refusals_of(**columns: str) -> Iterator[None]:
    """Within it, `refusals_of(to="address")`: what is wrong with `address` is said of `to`."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        names = {column: name for name, column in columns.items()}
        names[NON_FIELD_ERRORS] = api_settings.NON_FIELD_ERRORS_KEY
        said = {names.get(name, name): words for name, words in error.message_dict.items()}
        raise exceptions.ValidationError(said) from error
