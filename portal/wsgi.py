"""What gunicorn runs: the portal, behind a limit on what is sent and told by whom."""

import os
import re
from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.core.ops import data_folder
from portal.core.ops.deadlines import STRANGERS_BODY, Timed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

READ_ON = 64 * 1024  # what gunicorn reads of a body that the portal left
LARGEST_BODY = 12 * 1024 * 1024  # a picture of 10 MB, and the fields that come with it
# onboarding:video-new, runbooks:import, admin:onboarding_guide_import, api:guide-films
KEYED = ("/in/", "/ping/")  # the address is the key, and the view has a limit of its own
FILMS = re.compile(
    r"/guides/[\w-]+/videos/new/|/(runbooks|admin/onboarding/guide)/import/"
    r"|/api/v1/guides/[\w-]+/videos/?"
)


def bounded(portal):
    """Refuse a larger body (413) unread: Django stores files before it asks who sends them.

    Of those who show neither a session nor a token, all but small ones. Who is signed in by what
    they show has time for a large one; that costs a question to the database, small ones none.
    """

    def application(environ, start_response):
        path = environ.get("PATH_INFO", "")
        largest = largest_at(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > largest:
            words = f"This is larger than {largest // 1024**2} MB. Send less at a time."
            return refused(start_response, "413 Content Too Large", words)
        is_large = length > STRANGERS_BODY and not path.startswith(KEYED)
        if is_large and not shows_who(environ):
            words = f"Sign in, or send a token: this is larger than {STRANGERS_BODY // 1024} kB."
            return refused(start_response, "413 Content Too Large", words)
        if is_large and isinstance(environ.get("gunicorn.socket"), Timed):
            _give_time(environ, largest)
        return portal(environ, start_response)

    return application


def _give_time(environ, largest: int) -> None:
    from portal.accounts.signin.senders import is_signed_in  # models, once the apps are ready

    if is_signed_in(environ):
        environ["gunicorn.socket"].allow(largest)


def shows_who(environ) -> bool:
    """Whether there is a session or a token; whose it is, the portal finds out."""
    cookies = environ.get("HTTP_COOKIE", "").split(";")
    names = {cookie.partition("=")[0].strip() for cookie in cookies}
    return "HTTP_AUTHORIZATION" in environ or settings.SESSION_COOKIE_NAME in names


def punctual(portal):
    """Answer 408 where a body did not arrive in time (core/ops/deadlines.py).

    Whatever the portal said about the half of it is thrown away.
    """

    def application(environ, start_response):
        said: list[tuple] = []
        body = portal(environ, lambda *answer: said.append(answer))
        if getattr(environ.get("gunicorn.socket"), "is_late", False):
            body.close()
            words = "It took too long to arrive, and nothing was done. Send it again."
            return refused(start_response, "408 Request Timeout", words)
        start_response(*said[-1])
        return body

    return application


def frank(portal):
    """Say that the connection ends where a large body is refused (RFC 9112, section 9.6).

    Gunicorn reads little of what nobody wanted, and then closes; a client that was promised a
    connection to keep would lose its next request.
    """

    def application(environ, start_response):
        client = environ.get("gunicorn.socket")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        is_large = length >= READ_ON or "HTTP_TRANSFER_ENCODING" in environ

        def started(status, *answer):
            if is_large and status >= "400" and isinstance(client, Timed):
                client.end_after()
            return start_response(status, *answer)

        return portal(environ, started)

    return application


def refused(start_response, status: str, words: str) -> list[bytes]:
    content = f"{words}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(content)))]
    start_response(status, headers)
    return [content]


def largest_at(path: str) -> int:
    """The largest body that an address takes: some take films and archives."""
    film = settings.VIDEO_MB * 1024 * 1024 if FILMS.fullmatch(path) else 0
    return film + LARGEST_BODY


def behind(portal, proxies: str):
    """Let REMOTE_ADDR be the client of the proxies, whose addresses or networks these are.

    Otherwise everybody would share the proxy's address: twenty wrong passwords of one stranger
    would keep all people out, and the audit log would not know where anything came from.
    `*` believes whoever connects, and nobody before them.
    """

    def application(environ, start_response):
        hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        environ["REMOTE_ADDR"] = client(environ.get("REMOTE_ADDR", ""), hops, proxies)
        return portal(environ, start_response)

    return application


def client(peer: str, hops: list[str], proxies: str) -> str:
    """The last address that is no proxy of ours; what is no address ends the search."""
    trusted = peer if proxies.strip() == "*" else proxies
    while hops and is_one_of(peer, trusted):
        before = hops.pop().strip()
        if not is_address(before):
            return peer
        peer = before
    return peer


@lru_cache(maxsize=64)
def networks(text: str) -> tuple:
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def is_one_of(address: str, proxies: str) -> bool:
    return is_address(address) and any(ip_address(address) in one for one in networks(proxies))


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


data_folder.make()
application = frank(bounded(punctual(get_wsgi_application())))
if settings.SECURE_PROXY_SSL_HEADER:
    application = behind(application, settings.FORWARDED_ALLOW_IPS)
