"""The OpenAPI document as the server gives it, without a server or a database."""

import json

from drf_spectacular.renderers import OpenApiJsonRenderer

from portal.core.api.document import rendered

ADDRESSES = ("url", "address", "file", "files", "images", "start", "next", "previous")
METHODS = ("get", "post", "put", "patch", "delete")


def document() -> dict:
    """An own copy for each caller."""
    return json.loads(rendered(OpenApiJsonRenderer)[0])


def operations(schema: dict):
    """(path, method, operation) of each."""
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def resolved(schema: dict, node):
    """What a reference leads to; other nodes as they are."""
    while isinstance(node, dict) and "$ref" in node:
        found = schema
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def texts(value, name: str = ""):
    """(name, text) of every text in an answer."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, name)
    elif isinstance(value, str):
        yield name, value
