"""What the OpenAPI document says of every operation, added once here.

The statuses, headers and conditions are those of `views.ApiView`; each stands once among the
components and operations refer to it. What each member means and an example of each answer come
from `members`, so that an app says only what is its own.
"""

import re
from copy import deepcopy
from http import HTTPStatus

from .descriptions import describe
from .samples import add_samples
from .shapes import inline, loosen, simplify

ERROR = {
    "type": "object",
    "description": "One thing that is wrong with what was sent.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "RFC 6901; empty: the whole."},
        "code": {"type": "string", "description": "What kind of mistake it is, for programs."},
        "detail": {"type": "string", "description": "What is wrong, for people."},
    },
}
PROBLEM = {
    "type": "object",
    "description": "An error, as RFC 9457 describes it.",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "request_id": {"type": "string"},
        "current": {"type": "string", "description": "The ETag now."},
        "difference": {"type": "string", "description": "Where to see what changed."},
        "follow": {"type": "string", "description": "What to use instead."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
}
PROBLEMS = {
    "400": "What was sent is wrong; `errors` says where.",
    "401": "Not signed in, or the token is unknown, expired or revoked.",
    "403": "The role or the scopes of the token do not allow this.",
    "404": "There is no such thing, or you may not see it.",
    "406": "None of the accepted media types can be given.",
    "409": "It does not fit the present state.",
    "412": "If-Match or If-None-Match does not hold: see `current` and `difference`.",
    "413": "Larger than what is accepted.",
    "415": "Send application/json.",
    "422": "The Idempotency-Key was used for another request.",
    "428": "If-Match is missing.",
    "429": "Too many requests: see RateLimit and Retry-After.",
    "500": "Our mistake; the log has it under the request id.",
    "503": "The database is away: see Retry-After.",
    "507": "A disk of the portal is full; nothing was kept.",
}
CODES = {
    "400": "invalid",
    "401": "not-authenticated",
    "403": "permission-denied",
    "404": "not-found",
    "406": "not-acceptable",
    "409": "conflict",
    "412": "stale",
    "413": "too-large",
    "415": "unsupported-media-type",
    "422": "key-reused",
    "428": "precondition-required",
    "429": "throttled",
    "500": "error",
    "503": "unavailable",
    "507": "storage-full",
}
ALWAYS = ("400", "401", "403", "406", "429", "500", "503")
HEADERS = {
    "ETag": "The strong entity tag of this answer, to send back as a condition; a table has none.",
    "Idempotency-Replayed": "`true` if this is the recorded answer of the first request.",
    "Link": "`first`, `next` and `prev` pages; what takes the place of an address (RFC 8288).",
    "Location": "Where to find what was created.",
    "RateLimit": "What remains of the quota, and the seconds until it begins anew.",
    "RateLimit-Policy": "The quota and its window in seconds.",
    "Retry-After": "Seconds to wait.",
    "WWW-Authenticate": "How to sign in.",
    "X-Request-ID": "The number of this request, as in the log: yours if you sent one.",
}
HEADERS_OF_PROBLEMS = {
    "401": ("WWW-Authenticate",),
    "412": ("ETag",),
    "428": ("ETag",),
    "429": ("RateLimit", "RateLimit-Policy", "Retry-After"),
    "503": ("Retry-After",),
}
EXAMPLES = {
    "Deprecation": "@1767225600",
    "ETag": '"v3-0000001a"',
    "Idempotency-Key": "build-1234",
    "Idempotency-Replayed": "true",
    "If-None-Match": '"v3-0000001a"',
    "Link": '</api/v1/runbooks/?cursor=eyJvIjoi>; rel="next"',
    "Location": "/api/v1/runs/12/",
    "RateLimit": '"default";r=599;t=60',
    "RateLimit-Policy": '"default";q=600;w=60',
    "Retry-After": "17",
    "Sunset": "Thu, 01 Jul 2027 00:00:00 GMT",
    "WWW-Authenticate": 'Bearer realm="api"',
    "X-Request-ID": "6f1d2c3b4a59",
}
OF_END = {
    "Deprecation": "Since when it is deprecated (RFC 9745).",
    "Sunset": "When it ends (RFC 8594).",
}
PARAMETERS = {
    "If-None-Match": "The ETag you have; the answer is 304 if it is still current.",
    "Idempotency-Key": "A key of your own: a repeated request is answered, not done again.",
}
LATE = {  # said below the application, as wsgi.py does
    "description": "It took too long to arrive; nothing was done. Send it again.",
    "content": {
        "text/plain": {
            "schema": {"type": "string"},
            "example": "It took too long to arrive, and nothing was done. Send it again.\n",
        }
    },
}
SENTENCE = re.compile(r"[.;:] ")
LONGEST_SUMMARY = 120
METHODS = ("get", "post", "put", "patch", "delete")


def complete(result, generator, request, public):
    """drf-spectacular postprocessing hook: errors, headers and conditions of each operation."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": PROBLEM, "ProblemError": ERROR}
    components["headers"] = {name: _header(name) for name in HEADERS}
    components["responses"] = {f"Problem{status}": _problem(status) for status in PROBLEMS}
    components["responses"]["Late"] = LATE
    components["parameters"] = {name: _parameter(name) for name in PARAMETERS}
    for path, operations in result["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete(operations[method], path, method, schemas)
    _mark_deprecated(result, generator.endpoints or [])
    result = deepcopy(result)  # what is described below is not shared between documents
    for improve in (simplify, loosen, describe, inline, add_samples):
        improve(result)
    return result


def _complete(operation: dict, path: str, method: str, schemas: dict) -> None:
    operation.setdefault("summary", _summary(operation))
    named = {parameter["name"] for parameter in operation.get("parameters", [])}
    for status, response in operation["responses"].items():
        is_tagged = "If-Match" in named or _has_tag(response, schemas)
        headers = _headers(_of_answer(status, method, named, is_tagged=is_tagged))
        response.setdefault("headers", {}).update(headers)
    for status in _problems(operation, path, method, named):
        operation["responses"].setdefault(status, _ref("responses", f"Problem{status}"))
    if "requestBody" in operation:
        operation["responses"].setdefault("408", _ref("responses", "Late"))
    if method == "get":
        headers = _headers(["ETag", "RateLimit", "RateLimit-Policy", "X-Request-ID"])
        unchanged = {"description": "Unchanged since the ETag you named.", "headers": headers}
        operation["responses"].setdefault("304", unchanged)
    added = {"get": "If-None-Match", "post": "Idempotency-Key"}.get(method)
    if added:
        operation.setdefault("parameters", []).append(_ref("parameters", added))
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _summary(operation: dict) -> str:
    """The first sentence of the description, for lists of operations."""
    paragraph = " ".join(operation.get("description", "").split("\n\n")[0].split())
    return SENTENCE.split(paragraph)[0].rstrip(".")[:LONGEST_SUMMARY]


def _has_tag(response: dict, schemas: dict) -> bool:
    """Whether the answer has its tag as a member, so that its header has it, too."""
    content = response.get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return "etag" in schemas.get(name, {}).get("properties", {})


def _of_answer(status: str, method: str, named: set[str], *, is_tagged: bool) -> list[str]:
    """The headers of an answer that is no problem."""
    found = ["RateLimit", "RateLimit-Policy", "X-Request-ID"]
    found += ["Location"] if status == "201" else []
    found += ["ETag"] if status in ("200", "201") and method != "get" and is_tagged else []
    if method == "get" and status == "200":
        found += ["ETag", "Link"] if "cursor" in named else ["ETag"]
    return [*found, "Idempotency-Replayed"] if method == "post" else found


def _problems(operation: dict, path: str, method: str, named: set[str]) -> list[str]:
    """The statuses with which an operation may refuse."""
    found = list(ALWAYS)
    found += ["404"] if "{" in path else []
    found += ["409", "412", "507"] if method != "get" else []  # any write may say If-None-Match: *
    found += ["428"] if "If-Match" in named else []
    found += ["413", "415"] if "requestBody" in operation else []
    found += ["413", "422"] if method == "post" else []
    return found


def _mark_deprecated(result: dict, endpoints: list) -> None:
    """What will go says so in the document, and in the headers of each of its answers."""
    for path, _, method, callback in endpoints:
        operation = result["paths"].get(path, {}).get(method.lower())
        if operation and getattr(callback.cls, "deprecation", None):
            operation["deprecated"] = True
            result["components"]["headers"] |= {name: _header(name) for name in OF_END}
            for answer in operation["responses"].values():
                if "headers" in answer:
                    answer["headers"].update(_headers([*OF_END, "Link"]))


def _problem(status: str) -> dict:
    content = {"schema": _ref("schemas", "Problem"), "example": _example(status)}
    headers = _headers([*HEADERS_OF_PROBLEMS.get(status, ()), "X-Request-ID"])
    described = {"description": PROBLEMS[status], "headers": headers}
    return described | {"content": {"application/problem+json": content}}


def _example(status: str) -> dict:
    errors = [{"pointer": "/title", "code": "required", "detail": "This field is required."}]
    return {
        "type": f"/api/problems/{CODES[status]}",
        "title": HTTPStatus(int(status)).phrase,
        "status": int(status),
        "detail": PROBLEMS[status],
        "instance": "/api/v1/runbooks/disk-fills-up/",
        **({"current": EXAMPLES["ETag"]} if "ETag" in HEADERS_OF_PROBLEMS.get(status, ()) else {}),
        **({"errors": errors} if status == "400" else {}),
        "request_id": EXAMPLES["X-Request-ID"],
    }


def _parameter(name: str) -> dict:
    about = {"in": "header", "name": name, "description": PARAMETERS[name]}
    return about | {"example": EXAMPLES[name], "schema": {"type": "string", "maxLength": 200}}


def _header(name: str) -> dict:
    about = {"description": (HEADERS | OF_END)[name], "example": EXAMPLES[name]}
    return about | {"schema": {"type": "string"}}


def _headers(names) -> dict:
    return {name: _ref("headers", name) for name in names}


def _ref(kind: str, name: str) -> dict:
    return {"$ref": f"#/components/{kind}/{name}"}
