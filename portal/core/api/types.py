"""Values of a JSON body have the types that the document says; nothing is converted unseen."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

TEXTS = (
    serializers.CharField,
    serializers.SlugRelatedField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.UUIDField,
)


def refuse_other_types(serializer: serializers.BaseSerializer, data: Any) -> None:
    """Raise ValidationError (400) for values of another type. A form has nothing but texts."""
    if not isinstance(data, QueryDict) and (wrong := _wrong(serializer, data)):
        raise ValidationError(wrong)


def _wrong(field: Any, data: Any) -> Any:
    child = getattr(field, "child", None) or getattr(field, "child_relation", None)
    if child is not None and isinstance(data, list):
        found = [_wrong(child, each) for each in data]
        return found if any(found) else {}
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
    return ""


def _is_whole(value: Any) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())
