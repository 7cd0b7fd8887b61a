"""However much is logged: no address with a token that the portal, or a library of it, opens."""

import pytest

from tests.programs import bare_environment, python

TALK = """
import logging, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import django
django.setup()
import httpx2, requests
from portal.core.outgoing import client

class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/hooks/T0KEN?key=T0KEN"
assert client.post(address, {"authorization": "T0KEN"}, b"T0KEN") == 204
assert requests.post(address).status_code == 204
assert httpx2.post(address).status_code == 204
logging.getLogger("portal.core").debug("still said")
logging.getLogger("urllib3").warning("a warning")
logging.getLogger("urllib3").error("a mistake")
"""


def logged(level: str, data) -> str:
    env = bare_environment(
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_DATA=str(data),
        PORTAL_SECRET_KEY="x" * 60,
        PORTAL_LOG_LEVEL=level,
        PORTAL_OUTGOING_ALLOW="127.0.0.1",
    )
    told = python("-c", TALK, env=env)
    assert told.returncode == 0, told.stderr
    return told.stdout + told.stderr


@pytest.mark.slow
@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_no_token_of_an_address_is_logged(level, tmp_path):
    said = logged(level, tmp_path)

    assert "T0KEN" not in said and "a mistake" in said
    assert ("still said" in said, "a warning" in said) == (level == "DEBUG",) * 2
