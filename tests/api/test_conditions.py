"""What needs an If-Match is refused without one; under a stale one nothing is ever done."""

import pytest

from .documents import document, operations, resolved
from .test_schema import filled, found_in

STALE = '"v0-00000000"'
BODIES = {
    "me_contact_methods_verify": {"code": "123456"},
    "versions_reject": {"note": "Say which disk."},
    "runbooks_merge": {"into": "disk-is-full"},
    "runbooks_restore": {"number": 1},
}


def writes(*, conditional: bool) -> dict[str, tuple[str, str, object]]:
    """By operation: the method, the path, and a body that is accepted."""
    schema, found = document(), {}
    for path, method, operation in operations(schema):
        rows = [resolved(schema, row) for row in operation.get("parameters", [])]
        named = any(row["in"] == "header" and row["name"] == "If-Match" for row in rows)
        if method != "get" and named == conditional:
            name = operation["operationId"]
            examples = dict(found_in(schema, operation, "request"))
            body = examples.get("application/json", BODIES.get(name, {}))
            found[name] = (method, path, body)
    return found


CONDITIONAL, OTHERS = writes(conditional=True), writes(conditional=False)


@pytest.fixture
def send(world, bearer, olga):
    def send(operation: str, **headers):
        method, path, body = (CONDITIONAL | OTHERS)[operation]
        client = bearer(olga)
        named = {} if method == "delete" else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(filled(path), headers=headers, **named)

    return send


def test_none_of_them_was_lost():
    assert len(CONDITIONAL) == 40


@pytest.mark.django_db
@pytest.mark.parametrize("operation", CONDITIONAL)
def test_without_a_condition_it_is_required(send, operation):
    answer = send(operation)

    assert answer.status_code == 428, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize("operation", CONDITIONAL)
def test_under_a_stale_condition_it_is_refused(send, operation):
    answer = send(operation, **{"If-Match": STALE})

    assert answer.status_code == 412, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OTHERS)
def test_a_stale_condition_holds_where_none_is_required(send, operation):
    answer = send(operation, **{"If-Match": STALE})

    assert answer.status_code == 412, answer.content
