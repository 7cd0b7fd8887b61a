"""A request through the whole WSGI stack, without a socket."""

import io


class NothingAnswered(Exception):
    """An answer that is no answer: what was measured there says nothing."""


def get(
    application, path: str, headers: dict, expected: int = 200, sent: str = ""
) -> tuple[dict, bytes]:
    """Headers and body. Raises NothingAnswered for another status than the expected one.

    What is sent is posted, as JSON.
    """
    bare, _, query = path.partition("?")
    content = sent.encode()
    environ = {
        "REQUEST_METHOD": "POST" if sent else "GET",
        "PATH_INFO": bare,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "*/*",
        "wsgi.input": io.BytesIO(content),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **headers,
    }
    if sent:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content))}
    told: list[tuple] = []
    response = application(environ, lambda status, fields, *_: told.append((status, dict(fields))))
    body = b"".join(response)
    response.close()
    status, fields = told[0]
    if not status.startswith(str(expected)) or (expected == 200 and not body):
        raise NothingAnswered(f"{path} answered {status} with {len(body)} bytes")
    return fields, body


def check(application, order: dict) -> dict:
    """The headers to ask again with, once it is certain that the answer shows what it should."""
    sent = order.get("sent", "")
    fields, body = get(application, order["path"], order["headers"], sent=sent)
    found = body.count(order["shows"].encode()) if order["shows"] else order["times"]
    if found < order["times"]:
        wanted = f"{order['times']} times “{order['shows']}”"
        raise NothingAnswered(f"{order['path']} shows {found} instead of {wanted}")
    if not order["unchanged"]:
        return order["headers"]
    if "ETag" not in fields:
        raise NothingAnswered(f"{order['path']} has no ETag")
    headers = order["headers"] | {"HTTP_IF_NONE_MATCH": fields["ETag"]}
    get(application, order["path"], headers, 304)
    return headers
