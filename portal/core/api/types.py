"""Values of a JSON body have the types that the document says; nothing is converted unseen."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from portal.core.data.nearest import LONGEST

from . import times
from .filters import instead

TEXTS = (
    serializers.CharField,
    serializers.SlugRelatedField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.TimeField,
    serializers.UUIDField,
)
NO_CHOICE = serializers.ChoiceField.default_error_messages["invalid_choice"]


def refuse_other_types(serializer: serializers.BaseSerializer, data: Any) -> None:
    """Raise ValidationError (400) for values of another type. A form has nothing but texts."""
    if not isinstance(data, QueryDict) and (wrong := _wrong(serializer, data)):
        raise ValidationError(wrong)


def _wrong(field: Any, data: Any) -> Any:
    child = getattr(field, "child", None) or getattr(field, "child_relation", None)
    if child is not None and isinstance(data, list):
        found = [_wrong(child, each) for each in data]
        return found if any(found) else {}
    if isinstance(field, serializers.DictField) and isinstance(data, dict):
        inside = {str(name): _wrong(child, each) for name, each in data.items()}
        return {name: each for name, each in inside.items() if each}
    if isinstance(field, serializers.Serializer) and isinstance(data, dict):
        taken = {name: each for name, each in field.fields.items() if not each.read_only}
        inside = {name: _wrong(taken[name], data[name]) for name in taken if name in data}
        return {name: each for name, each in inside.items() if each}
    expected = "" if data is None else _expected(field, data)
    return [expected] if expected else {}


def _expected(field: Any, value: Any) -> str:
    """What to send instead; empty if the value has the type of the field."""
    match field:
        case serializers.BooleanField() if not isinstance(value, bool):
            return "Send true or false."
        case serializers.IntegerField() if not _is_whole(value):
            return "Send a whole number, without quotes."
        case _ if isinstance(field, TEXTS) and not isinstance(value, str):
            return "Send a text, in quotes."
        case serializers.ChoiceField():
            return _of_choice(field, value)
        case serializers.DateTimeField() if not times.TIME.fullmatch(value):
            return "Use a time such as 2026-01-31T08:00:00Z."
        case serializers.DateField() if not times.DAY.fullmatch(value):
            return "Use a day such as 2026-01-31."
        case serializers.TimeField() if not times.HOUR.fullmatch(value):
            return "Use a time of day such as 09:00, without an offset."
    return ""


def _of_choice(field: serializers.ChoiceField, value: Any) -> str:
    """Which words it takes; a field with a sentence of its own says that itself."""
    if field.error_messages["invalid_choice"] != NO_CHOICE:
        return ""
    try:
        field.run_validation(value)
    except ValidationError:
        word = str(value)[:LONGEST]
        return ErrorDetail(instead(word, list(map(str, field.choices))), "invalid_choice")
    return ""


def _is_whole(value: Any) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())
