"""What a verb refuses of a column, said of the member that programs sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from rest_framework import exceptions
from rest_framework.settings import api_settings

from portal.core.problems import DomainError


@contextmanager
def refusals_of(**columns: str) -> Iterator[None]:
    """Within it, `refusals_of(to="address")`: what is wrong with `address` is said of `to`."""
    names = {column: name for name, column in columns.items()}
    try:
        yield
    except DomainError as refusal:
        column = str(refusal.extra.get("pointer", "")).removeprefix("/")
        if column in names:
            refusal.extra["pointer"] = f"/{names[column]}"
        raise
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        names[NON_FIELD_ERRORS] = api_settings.NON_FIELD_ERRORS_KEY
        said = {names.get(name, name): words for name, words in error.message_dict.items()}
        raise exceptions.ValidationError(said) from error
