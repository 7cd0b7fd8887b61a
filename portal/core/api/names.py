"""Names that nobody knows are refused, with the nearest known one: nothing is lost unseen."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.core.data.nearest import nearest

TOLD = 5  # of many
MERGED = ("fields", "omit")  # each time they name more


def unknown(name: str, known: Collection[str], *, what: str) -> str:
    """The sentence for one name."""
    listed = f"Known: {', '.join(known)}." if known else "None is taken here."
    return f"There is no such {what}.{nearest(name, known)} {listed}"


def refuse_unknown(given: Iterable[str], known: Collection[str], *, what: str) -> None:
    """Raise ValidationError (400) for the names that are not known."""
    wrong = [str(name) for name in given if name not in known][:TOLD]
    if wrong:
        raise ValidationError({name: [unknown(name, known, what=what)] for name in wrong})


def refuse_unknown_members(serializer: serializers.BaseSerializer, data: Any) -> None:
    """The same for what was sent to a serializer, and for what is inside."""
    wrong = _wrong(serializer, data)
    if wrong:
        raise ValidationError(wrong)


def _wrong(field: Any, data: Any) -> Any:
    child = getattr(field, "child", None)
    if child is not None and isinstance(data, list):
        found = [_wrong(child, each) for each in data]
        return found if any(found) else {}
    if not isinstance(field, serializers.Serializer) or not hasattr(data, "keys"):
        return {}
    known = [name for name, each in field.fields.items() if not each.read_only]
    wrong: dict[str, Any] = {
        str(name): [unknown(str(name), known, what="member")]
        for name in [name for name in data if name not in known][:TOLD]
    }
    for name in known:
        if name in data and (inside := _wrong(field.fields[name], data[name])):
            wrong[name] = inside
    return wrong


def refuse_repeated(params: Any, known: Iterable[Any]) -> None:
    """Raise ValidationError (400) for what is there once only and was sent twice."""
    once = [each.name for each in known if not each.many and each.name not in MERGED]
    wrong = [name for name in once if len(params.getlist(name)) > 1]
    if wrong:
        raise ValidationError({name: ["Send it once: which of its values?"] for name in wrong})


@lru_cache(maxsize=1024)
def query_parameters(view: Any, method: str) -> tuple[Any, ...]:
    """What the document of this operation says of its query string."""
    return tuple(each for each in parameters(view, method) if each.location == "query")


@lru_cache(maxsize=1024)
def parameters(view: Any, method: str) -> tuple[Any, ...]:
    """What its document says of its query string and headers."""
    handler = getattr(view, method.lower(), None)
    if handler is None:  # refused as a method (405), whatever it asks for
        return ()
    kept = getattr(handler, "kwargs", {}).get("schema")
    schema = kept() if kept else view.schema
    schema.view = _asked(view)
    return tuple(schema.get_override_parameters())


def _asked(view: Any) -> Any:
    """An instance that the schema may ask about itself."""
    made = view()
    made.request, made.args, made.kwargs, made.format_kwarg = None, (), {}, None
    return made
