"""What the OpenAPI document says of every operation, added once here."""

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
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901; empty: the whole."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ALWAYS = {
    "401": "Not signed in, or the token is unknown, expired or revoked.",
    "403": "The role or the scopes of the token do not allow this.",
    "406": "None of the accepted media types can be given.",
    "429": "Too many requests: see RateLimit and Retry-After.",
    "500": "Our mistake; the log has it under the request id.",
    "503": "The database is away: nothing was done, see Retry-After.",
}
ADDRESSED = {"404": "There is no such thing, or you may not see it."}
READING = {"400": "A parameter of the query is wrong; the document says which."}
WRITING = {
    "400": "What was sent is wrong; `errors` says where.",
    "409": "It does not fit the present state.",
    "412": "It was changed meanwhile: see `current` and `difference`.",
    "413": "Larger than what is accepted.",
    "415": "Send application/json.",
    "422": "The Idempotency-Key was used with another body.",
    "428": "If-Match is missing.",
}
RATE_HEADERS = {
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "Quota and window."},
    "RateLimit": {"schema": {"type": "string"}, "description": "What remains of it."},
}
METHODS = ("get", "post", "put", "patch", "delete")


def complete(result, generator, request, public):
    """drf-spectacular postprocessing hook: errors, headers and conditions of each operation."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {"Problem": _problem("An error.")}
    for path, operations in result["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete(operations[method], path, method)
    return result


def _complete(operation: dict, path: str, method: str) -> None:
    responses = operation["responses"]
    for response in responses.values():
        response.setdefault("headers", {}).update(RATE_HEADERS)
        if method == "get" and response.get("content"):
            response["headers"]["ETag"] = {"schema": {"type": "string"}}
    wanted = ALWAYS | (ADDRESSED if "{" in path else {}) | (READING if method == "get" else WRITING)
    for status, description in wanted.items():
        responses.setdefault(status, _problem(description))
    if method == "get":
        responses.setdefault("304", {"description": "Unchanged since the ETag you named."})
        _parameter(operation, "If-None-Match", "The ETag you have; 304 if it is still current.")
    if method == "post":
        _parameter(
            operation, "Idempotency-Key", "A key of your own; a repeat is answered, not done again."
        )
    operation["responses"] = dict(sorted(responses.items()))


def _problem(description: str) -> dict:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _parameter(operation: dict, name: str, description: str) -> None:
    parameters = operation.setdefault("parameters", [])
    if all(parameter["name"] != name for parameter in parameters):
        parameters.append(
            {
                "in": "header",
                "name": name,
                "description": description,
                "schema": {"type": "string", "maxLength": 200},
            }
        )
