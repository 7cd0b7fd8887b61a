"""An example for every answer, put together from the examples of its members.

A written example may be short: what a schema requires beside it is added.
"""

import re

from .descriptions import OWN, about
from .shapes import PREFIX, kind, resolved

TEXTS = {
    "text/markdown": "## Symptom\n\nThe disk is nearly full.\n",
    "text/html": "<h2>Symptom</h2>\n<p>The disk is nearly full.</p>\n",
    "text/csv": "id,runbook,release,state\r\n12,deploy-web,v2.4.1,succeeded\r\n",
    "text/plain": "flowchart LR\n",
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
}
FORMATS = {
    "date": "2026-03-14",
    "date-time": "2026-03-14T08:00:00Z",
    "uri": "https://portal.example.org/",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "email": "nina@example.org",
    "binary": "",
}
SHAPES = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT.+Z"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "uri": re.compile(r"https?://.+"),
}
TYPES = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
PLAIN = {"string": "text", "number": 1.5, "boolean": True}
DEEPEST = 8


def add_samples(result: dict) -> None:
    samples = Samples(result["components"]["schemas"])
    for response in _responses(result):
        for media_type, content in response.get("content", {}).items():
            samples.complete(media_type, content)


def _responses(result: dict):
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, response in operation.get("responses", {}).items():
                if status.startswith("2"):
                    yield response


class Samples:
    """Examples over the components of one document."""

    def __init__(self, components: dict):
        self.components = components

    def complete(self, media_type: str, content: dict) -> None:
        schema = content.get("schema", {})
        written = [each for each in content.get("examples", {}).values() if "value" in each]
        for example in written:
            example["value"] = self.merged(example["value"], schema)
        if "example" in content:
            content["example"] = self.merged(content["example"], schema)
        elif not written and schema:
            content["example"] = TEXTS.get(media_type) or self.of(schema)

    def of(self, schema: dict, owner: str = "", name: str = "", depth: int = 0):
        """A value that fits the schema; `owner` and `name` say of which member."""
        if "example" in schema:
            return schema["example"]
        known = about(owner, name)[1]
        if self.fits(known, schema):
            return known
        if "$ref" in schema:
            owner = OWN.sub("", schema["$ref"].removeprefix(PREFIX))
            return self.of(resolved(schema, self.components), owner, name, depth + 1)
        if "allOf" in schema:
            return self.of(schema["allOf"][0], owner, name, depth)
        return self._made(schema, owner, name, depth)

    def _made(self, schema: dict, owner: str, name: str, depth: int):
        if schema.get("enum"):
            return schema["enum"][0]
        if "properties" in schema:
            members = schema["properties"].items()
            return {member: self.of(each, owner, member, depth) for member, each in members}
        match schema.get("type"):
            case "array":
                return [self.of(schema["items"], owner, name, depth)] if depth < DEEPEST else []
            case "object":
                return {}
            case "integer":
                return max(schema.get("minimum", 1), 1)
            case other:
                return FORMATS.get(schema.get("format", ""), PLAIN.get(other or ""))

    def fits(self, value, schema: dict) -> bool:
        """Whether a known example may stand here: by its type, format and enumeration."""
        type_, target = kind(schema, self.components), self._target(schema)
        if value is None:
            is_plain = type_ not in ("array", "object") and "enum" not in target
            return bool(schema.get("nullable")) and is_plain
        if type_ not in TYPES or "properties" in target or type(value) not in TYPES[type_]:
            return False
        if isinstance(value, list):
            return all(self.fits(each, target["items"]) for each in value)
        shape = SHAPES.get(target.get("format", "")) if isinstance(value, str) else None
        is_shaped = shape is None or shape.fullmatch(value) is not None
        return is_shaped and value in target.get("enum", [value])

    def _target(self, schema: dict) -> dict:
        """The schema behind references and `allOf`."""
        found = resolved(schema, self.components)
        return self._target(found["allOf"][0]) if "allOf" in found else found

    def merged(self, written, schema: dict):
        """The written example, with what the schema requires beside it."""
        made = self.of(schema)
        return _merged(written, made)


def _merged(written, made):
    if isinstance(written, dict) and isinstance(made, dict):
        both = {name: _merged(value, made.get(name)) for name, value in written.items()}
        return {name: both.get(name, value) for name, value in made.items()} | both
    if isinstance(written, list) and isinstance(made, list) and made:
        return [_merged(each, made[0]) for each in written]
    return written
