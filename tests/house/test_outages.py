"""Without the database and with a full disk: a calm answer, nothing half kept, and it recovers."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django.test import Client

from portal.core.data.outages import outage_of
from portal.core.media import files
from portal.core.problems import StorageFull, Unavailable
from tests import programs
from tests.programs import bare_environment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds
NOWHERE = "postgres://portal@127.0.0.1:1/portal"

CRAWL = """
import django, json, sys
django.setup()
from django.test import Client
from tests.house.test_access import addresses

found = {}
for name, path in addresses():
    for cookie in ("", "b" * 32):
        client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        client.cookies["session"] = cookie
        answer = client.get(path.replace("{pk}", "1"))
        about = [answer.status_code, answer.get("Retry-After", ""), answer.get("Location", "")]
        text = answer.getvalue().decode() if answer.status_code == 503 else ""
        about += [answer["Content-Type"], text]
        found[f"{path} {'with' if cookie else 'without'} a cookie"] = about
answer = Client().post("/in/alertmanager/" + "0" * 32 + "/", {}, "application/json")
found["a delivery"] = [answer.status_code, answer["Retry-After"], "", "", ""]
print(json.dumps(found))
"""

SILENT = """
import django, json
django.setup()
from django.test import Client

client = Client(raise_request_exception=False, SERVER_NAME="localhost")
client.cookies["session"] = "b" * 32
intake = "/in/alertmanager/" + "0" * 32 + "/"
answers = [client.get("/readyz"), client.get("/"), client.post(intake, {}, "application/json")]
print(json.dumps([[answer.status_code, answer["Retry-After"]] for answer in answers]))
"""

DEFAULTS = """
import json
from portal.settings import DATABASES

options = DATABASES["default"]["OPTIONS"]
print(json.dumps({name: options[name] for name in ("connect_timeout", "tcp_user_timeout")}))
"""

A_KEY = "0d1c0000-0000-4000-8000-000000000001"
# Pings of a form that none has, and what intakes do not take, whatever the database knows.
NO_ADDRESS = {
    **{
        f"/in/{path} with a cookie": 405
        for path in (
            "alertmanager/",
            f"alertmanager/{A_KEY}/",
            f"grafana/{A_KEY}/",
            f"generic/{A_KEY}/",
            "pagerduty/v2/enqueue",
        )
    },
    "/ping/nowhere with a cookie": 404,
    f"/ping/{A_KEY}/disk-fills-up with a cookie": 404,
    **{  # nobody has switched it on
        f"/status/public/{path} with a cookie": 404
        for path in ("", "feed.atom", "subscribe/", "confirm/1/", "leave/1/")
    },
}


def program(code: str, *arguments: str, **environment: str) -> str:
    environment = bare_environment(DJANGO_SETTINGS_MODULE="tests.settings", **environment)
    told = programs.python("-c", code, *arguments, env=environment)
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def crawled():
    """Every address, with and without a cookie, of a portal whose database is away."""
    return json.loads(program(CRAWL, PORTAL_DATABASE_URL=NOWHERE).splitlines()[-1])


@pytest.mark.slow
def test_without_the_database_whoever_is_signed_in_gets_503_everywhere(crawled):
    others = {
        address: about[:3]
        for address, about in crawled.items()
        if address.endswith("with a cookie") and about[:2] != [503, "5"]
    }

    assert others.pop("/healthz with a cookie")[0] == 200
    assert {address: about[0] for address, about in others.items()} == NO_ADDRESS


@pytest.mark.slow
def test_without_the_database_nothing_breaks_for_those_who_are_not(crawled):
    statuses = {address: about[0] for address, about in crawled.items()}

    assert set(statuses.values()) <= {200, 302, 401, 404, 405, 503}
    assert {address for address, status in statuses.items() if status == 200} == {
        "/healthz with a cookie",
        "/healthz without a cookie",
        "/manifest.webmanifest without a cookie",
    }


@pytest.mark.slow
def test_without_the_database_a_tool_is_told_to_send_again(crawled):
    assert crawled["a delivery"][:2] == [503, "5"]


@pytest.mark.slow
def test_the_page_says_it_calmly_and_programs_get_a_problem(crawled):
    page = crawled["/runbooks/ with a cookie"]
    problem = crawled["/api/v1/runbooks/ with a cookie"]

    assert "Not available for a moment" in page[4] and "Try again" in page[4]
    assert "Traceback" not in page[4] and "psycopg" not in page[4]
    assert problem[3] == "application/problem+json"
    assert json.loads(problem[4])["type"] == "/api/problems/unavailable"


@pytest.mark.django_db
def test_a_database_that_takes_connections_and_says_nothing_is_away():
    """It would never be given up without a bound: `program` ends this test then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://portal@127.0.0.1:{silent.getsockname()[1]}/portal"
        told = json.loads(program(SILENT, PORTAL_DATABASE_URL=f"{url}?connect_timeout=2"))
        by_default = json.loads(program(DEFAULTS, PORTAL_DATABASE_URL=url))

    assert told == [[503, "5"]] * 3
    assert by_default == {"connect_timeout": 5, "tcp_user_timeout": 20_000}


def test_an_error_that_is_no_outage_is_none():
    assert outage_of(ValueError("x")) is None
    assert isinstance(outage_of(OperationalError("gone")), Unavailable)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the limit of a file of SQLite")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/runbooks/new/", "/api/v1/runbooks/"])
def test_a_full_database_is_507_and_heals(client_of, alice, path):
    client, body = client_of(alice), {"title": "Long", "text": "word " * 20_000}
    body |= {"kind": "maintenance", "section": "runbooks", "review_days": 90}
    client.raise_request_exception = False
    as_json = {"content_type": "application/json"} if "/api/" in path else {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA freelist_count")
        free = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages - free + 1}")
    try:
        full = client.post(path, body, **as_json)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    assert full.status_code == 507
    assert client.post(path, body, **as_json).status_code in (201, 302)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db
def test_after_the_database_was_away_the_same_process_answers_again(
    shared_database,
):
    client, answers = Client(raise_request_exception=False), []
    client.cookies["session"] = "b" * 32
    for _ in range(3):
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        answers.append(client.get("/runbooks/").status_code)
        close_old_connections()  # as each request does that comes from outside
        answers.append(client.get("/runbooks/").status_code)

    assert answers[1::2] == [302] * 3
    assert set(answers) <= {302, 503}


# With a disk of 600 kB, in a namespace of its own: pictures, films, temporary files.
FULL = """
import io, os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.files.base import ContentFile, File
from portal.core.media import files
from portal.core.problems import StorageFull
from onboarding.videos.upload import VideoReceiver, incoming

kept = Path(settings.MEDIA_ROOT)
said = []

def refused(act):
    try:
        act()
    except StorageFull as refusal:
        said.append(refusal.status)

refused(lambda: files.keep("pictures/a.png", ContentFile(os.urandom(900_000))))
files.keep("pictures/b.png", ContentFile(os.urandom(100_000)))

receiver = VideoReceiver()
receiver.new_file("file", "a.webm", "video/webm", 0, None, None)
begin = (Path(sys.argv[1]) / "tests/onboarding/film.webm").read_bytes()
try:
    receiver.receive_data_chunk(begin + os.urandom(900_000), 0)
    receiver.file_complete(900_000)
except Exception as stop:
    said.append(type(stop).__name__)
said.append(getattr(receiver.refusal, "status", None))

place = kept / "export" / "a.md"
files.write(place, b"old")
try:
    files.write(place, os.urandom(900_000))
except OSError:
    said.append(place.read_bytes().decode())
print(said, sorted(path.name for path in kept.rglob("*") if path.is_file()))
"""


@pytest.fixture
def small_disk(tmp_path, need):
    """A command line that runs what follows with a disk of 600 kB for the files of the portal."""
    mount = f"mount -t tmpfs -o size=600k none {tmp_path}"
    as_root = ["--user", "--map-root-user"] if os.geteuid() else []
    begin = [need("unshare"), *as_root, "--mount", "sh", "-c"]
    if subprocess.run([*begin, mount], capture_output=True).returncode:
        pytest.skip("this sandbox forbids to mount a disk, which nothing installed can change")
    return tmp_path, [*begin, f'{mount} && exec "$@"', "sh"]


@pytest.mark.slow
def test_a_full_disk_keeps_no_half_of_a_file(small_disk):
    folder, within = small_disk
    code = FULL.replace(
        "django.setup()\n",
        "django.setup()\nfrom django.test.utils import override_settings\n"
        "override_settings(MEDIA_ROOT=sys.argv[2]).enable()\n",
        1,
    )
    told = subprocess.run(
        [*within, sys.executable, "-c", code, str(ROOT), str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=bare_environment(DJANGO_SETTINGS_MODULE="tests.settings"),
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == "[507, 'SkipFile', 507, 'old'] ['a.md', 'b.png']"


def test_a_file_that_cannot_be_kept_is_taken_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageFull):
        files.keep("pictures/a.png", Broken(b"whole"))
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_probes_ask_for_no_session(django_assert_num_queries, nina, client_of):
    client = client_of(nina)

    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
    with django_assert_num_queries(1 if connection.vendor == "sqlite" else 2):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.5:8000", "portal.example.org", "x y"])
def test_probes_are_answered_whatever_name_they_ask_for(host):
    for path in ("/healthz", "/readyz"):
        assert Client(SERVER_NAME="localhost").get(path, headers={"host": host}).status_code == 200
    assert Client().get("/", headers={"host": host}).status_code == 400
