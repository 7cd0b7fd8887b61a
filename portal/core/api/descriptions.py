"""A description of every member and parameter of the document, and of every tag."""

import re
from collections import defaultdict

from .homonyms import HOMONYMS
from .member_descriptions import ENDINGS, MEMBERS, PARAMETERS
from .shapes import every
from .tags import TAGS

OWN = re.compile(r"^Patched|^Listed|(Request|Row|Document)$")  # what a component is beside its noun
SEGMENT = re.compile(r"([^/{}]+)/\{(\w+)\}")
NULL = re.compile(r"; null: [^.;]*")
OF_ROW = {"slug": ("Slug of the", "disk-fills-up"), "id": ("Number of the", 12)}


def describe(result: dict) -> None:
    """Say what is not said yet; what a serializer or a view says itself stays."""
    _forget_bases(result["components"]["schemas"])
    for name, component in result["components"]["schemas"].items():
        _members(OWN.sub("", name), component)
    used = []
    for path, operations in result["paths"].items():
        for operation in operations.values():
            used += operation.setdefault("tags", ["api"])
            for parameter in operation.get("parameters", []):
                if parameter.get("in") == "path":
                    _parameter(parameter, path)
    result["tags"] = [_tag(name) for name in sorted(set(used))]


def _forget_bases(components: dict) -> None:
    """Drop what serializers inherit from the docstring of a base: it says nothing of them."""
    nouns = defaultdict(set)
    for name, component in components.items():
        nouns[component.get("description")].add(OWN.sub("", name))
    for component in components.values():
        if len(nouns[component.get("description")]) > 2:
            component.pop("description", None)


def _members(component: str, schema: dict) -> None:
    for part in every(schema):
        members = part.get("properties", {})
        for name, member in members.items():
            text, _ = about(component, name)
            if text and isinstance(member, dict) and not member.get("description"):
                members[name] = _described(member, _true_of(member, text))


def _true_of(schema: dict, text: str) -> str:
    """Without what null would mean, where null never stands."""
    return text if schema.get("nullable") else NULL.sub("", text)


def about(component: str, name: str) -> tuple[str, object]:
    """The description and the example of a member; empty and None if nothing is known."""
    for known in (HOMONYMS.get(f"{component}.{name}"), MEMBERS.get(name)):
        if known:
            return known
    return next((ENDINGS[end] for end in ENDINGS if name.endswith(end)), ("", None))


def _described(schema: dict, text: str) -> dict:
    """Beside a reference nothing may stand (OpenAPI 3.0), so it moves into `allOf`."""
    return {"allOf": [schema], "description": text} if "$ref" in schema else _with(schema, text)


def _with(schema: dict, text: str) -> dict:
    return schema | {"description": text}


def _parameter(parameter: dict, path: str) -> None:
    nouns = {name: noun for noun, name in SEGMENT.findall(path)}
    name = parameter["name"]
    text, example = PARAMETERS.get(name) or OF_ROW.get(name) or ("", None)
    if text.endswith("the"):
        text = f"{text} {_singular(nouns.get(name, 'thing'))}."
    parameter.setdefault("description", text)
    if example is not None:
        parameter.setdefault("example", example)


def _singular(segment: str) -> str:
    words = segment.replace("-", " ")
    return words if words.endswith("ss") else words.removesuffix("s")


def _tag(name: str) -> dict:
    return {"name": name, "description": TAGS.get(name, "")}
