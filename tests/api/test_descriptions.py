"""The document says of everything what it is, shows each answer, and agrees with `fields=`."""

import pytest
from jsonschema import Draft4Validator

from .documents import ADDRESSES, document, operations, resolved, texts
from .test_schema import filled


def parts(schema, name: str, place: str = ""):
    """(place, part) of every value of this name, wherever it stands."""
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            yield from parts(each, name, f"{place}/{number}")
    elif isinstance(schema, dict):
        for key, each in schema.items():
            if key == name:
                yield place, each
            yield from parts(each, name, f"{place}/{key}")


def test_every_member_has_a_description():
    schemas = document()["components"]["schemas"]

    assert [
        f"{place}/{name}"
        for place, members in parts(schemas, "properties")
        for name, member in members.items()
        if not member.get("description")
    ] == []


def test_no_description_says_what_null_means_where_it_never_stands():
    assert [
        f"{place}/{name}"
        for place, members in parts(document()["components"]["schemas"], "properties")
        for name, member in members.items()
        if "null:" in member["description"] and not member.get("nullable")
    ] == []


def test_every_parameter_and_header_has_a_description():
    schema = document()
    of_operations = [
        (f"{method} {path} {parameter['name']}", parameter)
        for path, method, operation in operations(schema)
        for parameter in (resolved(schema, each) for each in operation.get("parameters", []))
    ]
    headers = schema["components"]["headers"].items()

    assert [place for place, part in [*of_operations, *headers] if not part["description"]] == []


def test_every_tag_has_a_description_and_is_used():
    schema = document()
    used = {tag for _, _, operation in operations(schema) for tag in operation["tags"]}

    assert {tag["name"] for tag in schema["tags"]} == used
    assert [tag["name"] for tag in schema["tags"] if not tag["description"]] == []


def test_what_may_happen_to_what_is_sent_is_declared():
    for path, method, operation in operations(document()):
        declared, sends = set(operation["responses"]), "requestBody" in operation
        assert ({"408"} <= declared) == sends, f"{method} {path}"
        assert ({"507"} <= declared) == (method != "get"), f"{method} {path}"


def test_every_answer_with_a_body_has_an_example():
    assert [
        place
        for place, content in contents(document())
        if "example" not in content and not content.get("examples")
    ] == []


def test_every_address_in_an_example_is_absolute():
    found = [
        f"{place} {name}: {text}"
        for place, content in contents(document())
        if "problem" not in place
        for example in (content.get("example"), content.get("examples"))
        for name, text in texts(example)
        if name in ADDRESSES and text and not text.startswith("http")
    ]

    assert found == []


def contents(schema: dict):
    """(place, content) of every answer, problems included."""
    for path, method, operation in operations(schema):
        for status, response in operation["responses"].items():
            for media_type, content in resolved(schema, response).get("content", {}).items():
                yield f"{method} {path} {status} {media_type}", content


def test_every_example_fits_its_schema():
    schema, found = document(), []
    components = strict(schema["components"])
    for place, content in contents(schema):
        written = [example["value"] for example in content.get("examples", {}).values()]
        for example in [*written, *([content["example"]] if "example" in content else [])]:
            found += [
                f"{place}: {wrong}" for wrong in misfits(components, content["schema"], example)
            ]

    assert found == []


def misfits(components: dict, schema: dict, example) -> list[str]:
    root = {"components": components, **strict(schema)}
    return [error.message for error in Draft4Validator(root).iter_errors(example)]


def strict(schema):
    """The same as JSON Schema, which knows `null` as a type."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(each) for name, each in schema.items()}
    if found.pop("nullable", None) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def test_no_schema_is_a_trap_for_generators():
    schema = document()
    text = str(schema)

    assert "NullEnum" not in text and "BlankEnum" not in text
    assert [place for place, _ in parts(schema["components"], "oneOf")] == []
    assert [
        place
        for place, member in parts(schema, "nullable")
        if member is True and "type" not in at(schema, place)
    ] == []


def test_null_passes_every_part_of_a_schema_where_it_may_stand():
    """A reference beside `nullable` says what it says: an object, and no null."""
    schema = document()
    found = [at(schema, place) for place, member in parts(schema, "nullable") if member is True]

    assert len(found) > 20
    assert [each for each in found if {"allOf", "anyOf", "$ref"} & each.keys()] == []
    assert [each for each in found if None not in each.get("enum", [None])] == []


def at(schema, place: str):
    for key in place.split("/")[1:]:
        schema = schema[int(key) if isinstance(schema, list) else key]
    return schema


def chosen():
    """(path, names of the row's members, those that are required) where `fields` is taken."""
    schema = document()
    for path, method, operation in operations(schema):
        names = {each.get("name") for each in operation.get("parameters", [])}
        if method == "get" and "fields" in names:
            row = row_of(schema, operation["responses"]["200"]["content"]["application/json"])
            yield pytest.param(path, [*row["properties"]], row.get("required", []), id=path)


def row_of(schema: dict, content: dict) -> dict:
    found = resolved(schema, content["schema"])
    found = found.get("properties", {}).get("results", found)
    return resolved(schema, found.get("items", found))


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "names", "required"), list(chosen()))
def test_fields_and_the_schema_agree(world, bearer, olga, path, names, required):
    """Each member of the schema may be asked for alone, and none is promised."""
    client = bearer(olga)
    address = filled(path)

    assert required == []
    for name in names:
        answer = client.get(address, {"fields": name})
        assert answer.status_code == 200, name
        assert {*first_of(answer.json())} <= {name}


def first_of(body):
    rows = body.get("results", [body]) if isinstance(body, dict) else body
    return rows[0] if rows else {}
