"""Schemas in forms that every generator of clients understands; OpenAPI 3.0 has several traps.

A member that may be null has a type beside `nullable`, and no reference, which would refuse null
to a strict reader; there is no enumeration of null alone; an
address that may be empty is a text; and what `fields=` or `omit=` may leave out is not required.
"""

from collections.abc import Iterator
from copy import deepcopy

EMPTY = ({"maxLength": 0, "type": "string"}, {"enum": [""]})
PREFIX = "#/components/schemas/"


def resolved(schema: dict, components: dict) -> dict:
    """What a reference stands for; anything else is itself."""
    name = schema.get("$ref", "").removeprefix(PREFIX)
    return components[name] if name else schema


def kind(schema: dict, components: dict) -> str:
    """The type of a schema, also through references and `allOf`; empty: any."""
    schema = resolved(schema, components)
    for part in schema.get("allOf", []):
        if "type" not in schema:
            return kind(part, components)
    return schema.get("type", "object" if "properties" in schema else "")


def every(schema) -> Iterator[dict]:
    """A schema and all that stand in it, without following references."""
    if isinstance(schema, list):
        for part in schema:
            yield from every(part)
    elif isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from every(part)


def simplify(result: dict) -> None:
    components = result["components"]["schemas"]
    written = set()
    for schema in every([components, result["paths"]]):
        if "oneOf" in schema:
            _without_empty(schema)
        if _is_reference_or_null(schema):
            target = resolved(schema["allOf"][0], components)
            if "enum" in target:
                written.add(schema.pop("allOf")[0]["$ref"])
                schema |= {"type": target["type"], "enum": [*target["enum"], None]}
    _forget_unused(written, result)


def inline(result: dict) -> None:
    """Objects that may be null say their members themselves, once these are described."""
    components = result["components"]["schemas"]
    written = set()
    for schema in every([components, result["paths"]]):
        if _is_reference_or_null(schema):
            [reference] = schema.pop("allOf")
            target = deepcopy(resolved(reference, components))
            target.pop("description", None)  # the member says its own
            schema.update(target)
            written.add(reference["$ref"])
    _forget_unused(written, result)


def _forget_unused(written: set[str], result: dict) -> None:
    """Drop the components of these references if nothing refers to them any more."""
    components = result["components"]["schemas"]
    used = {schema.get("$ref") for schema in every([components, result["paths"]])}
    for name in written - used:
        del components[name.removeprefix(PREFIX)]


def _is_reference_or_null(schema: dict) -> bool:
    return bool(schema.get("nullable") and "type" not in schema and "allOf" in schema)


def _without_empty(schema: dict) -> None:
    """One text instead of “an address or nothing”: an empty text is no `uri`."""
    rest = [part for part in schema["oneOf"] if part not in EMPTY]
    if len(rest) == 1 and isinstance(schema["oneOf"], list):
        part = {name: value for name, value in rest[0].items() if name != "format"}
        del schema["oneOf"]
        schema |= part


def loosen(result: dict) -> None:
    """Require nothing of what an operation with `fields` answers."""
    components = result["components"]["schemas"]
    for path in result["paths"].values():
        operation = path.get("get", {})
        if "fields" in {each.get("name") for each in operation.get("parameters", [])}:
            content = operation["responses"]["200"].get("content", {})
            row = _row(content.get("application/json", {}).get("schema", {}), components)
            row.pop("required", None)


def _row(schema: dict, components: dict) -> dict:
    """The schema of one row of a page, of a list, or of the one that is answered."""
    found = resolved(schema, components)
    results = found.get("properties", {}).get("results", found)
    return resolved(results.get("items", results), components)
