"""What the document allows and forbids, sent to each operation: no 5xx, answers as documented.

An operation gets every case of schemathesis' coverage (4,000 for all of them: each bound of each
parameter, from both sides) and some that are drawn at random.
"""

import zlib

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi import checks

from portal.accounts.models import Token
from portal.wsgi import application
from tests.onboarding.world import KEY

from .documents import document, operations

CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
REAL = {
    "slug": ("disk-fills-up", "disk-is-full"),
    "number": (1, 2),
    "old": (1, 2),
    "new": (2, 1),
    "name": ("DiskFillsUp", "NobodyKnows"),
    "view": ("network", "data-flow"),
    "key": (str(KEY), "0d1c0000-0000-4000-8000-0000000000ff"),
}
OPERATIONS = {row["operationId"]: (path, method) for path, method, row in operations(document())}

bounded = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def authorizations(world, unlimited, in_process, nina, paul):
    """The header of a program that only reads, and of one that drafts, reviews and publishes."""
    scopes = {nina: ["read"], paul: ["read", "write"]}
    issued = [Token.objects.issue(who, "fuzz", may, days=1)[1] for who, may in scopes.items()]
    return [f"Bearer {plain}" for plain in issued]


@pytest.fixture(scope="module")
def schema():
    found = schemathesis.openapi.from_dict(document(), config=SchemathesisConfig())
    found.app = application
    return found


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_as_documented(operation, schema, authorizations):
    """Not by `schema.parametrize`: all of its items have one id, and workers run one of them."""
    path, method = OPERATIONS[operation]
    build_operation_test(
        config=schema.config,
        operation=schema[path][method],
        test_func=is_as_documented,
        given_kwargs={},
        feedback=FeedbackSources(),
    )(authorizations=authorizations)


@bounded
def is_as_documented(case, authorizations):
    chance = zlib.crc32(repr((case.path_parameters, case.query, case.headers, case.body)).encode())
    reader, writer = authorizations
    aimed(case, chance)
    case.headers = {**case.headers, "Authorization": writer if chance % 5 else reader}
    with transaction.atomic():
        response = case.call()
        transaction.set_rollback(True)
    case.validate_response(response, checks=CHECKS)


def aimed(case, chance: int) -> None:
    """Let most cases meet something that exists, under a condition that holds."""
    case.headers = dict(case.headers or {})
    if chance % 7 == 0:
        return
    for name in set(case.path_parameters or ()) & set(REAL):
        case.path_parameters[name] = REAL[name][chance // 16 % 2]
    if chance % 4 and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
