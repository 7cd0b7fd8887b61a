"""Start-up refuses what is unsafe, each time with a sentence that says what to set."""

import socket
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import ERROR, Tags, run_checks
from django.core.management import CommandError, call_command

from portal.core.ops.checks import SETTINGS
from tests import programs
from tests.programs import ROOT, bare_environment

SMTP = "django.core.mail.backends.smtp.EmailBackend"
SAFE = {
    "ALLOWED_HOSTS": ["portal.example.org"],
    "DEBUG": False,
    "HTTPS": True,
    "ALLOW_HTTP": False,
    "SECRET_KEY": "b2c1Xq-7dRf0VnTz3LkP9sWm4YhJ6uEa8GoC5iZyKxNvQwBt",
    "ADDRESS": "https://portal.example.org",
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "DEFAULT_FROM_EMAIL": "",
    "OIDC_SERVER_URL": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "FORWARDED_ALLOW_IPS": "127.0.0.1, ::1, 10.1.0.0/16",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
    "VIDEO_HOSTS": ["videos.example.org", "films.example.org:8443"],
    "METRICS_TOKEN": "q8Zr1vTzL0kPsWm4",
    "OUTGOING_ALLOW": ["chat.example.org", "chat:8065", "10.1.0.0/16", "[fd00::1]:443"],
}
SAFE["SECRET_KEY"] *= 2


@pytest.fixture
def refusals(settings):
    """What start-up says when some settings differ from safe ones."""

    def refusals(**changes):
        for name, value in (SAFE | changes).items():
            setattr(settings, name, value)
        found = run_checks(tags=[Tags.security], include_deployment_checks=True)
        return [f"{each.msg} {each.hint}" for each in found if each.level >= ERROR]

    return refusals


def test_it_accepts_what_is_safe(refusals):
    assert refusals() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ALLOWED_HOSTS": []}, "PORTAL_HOSTS is empty"),
        ({"VIDEO_HOSTS": ["*"]}, "PORTAL_VIDEO_HOSTS has “*”"),
        ({"VIDEO_HOSTS": ["a.example; script-src *"]}, "no name of a host"),
        ({"OUTGOING_ALLOW": ["10.1.2.3/8"]}, "PORTAL_OUTGOING_ALLOW has “10.1.2.3/8”"),
        ({"METRICS_TOKEN": "q8Zr1vTzL0kPsWm"}, "Set 16 random characters or more"),
        ({"FORWARDED_ALLOW_IPS": "127.0.0.1,proxy"}, "has “proxy”, which is no address"),
        ({"SECURE_HSTS_PRELOAD": True}, "Set PORTAL_HSTS_SUBDOMAINS=1 too"),
        ({"ALLOWED_HOSTS": ["a.example", "*"]}, "PORTAL_HOSTS has “*”"),
        ({"DEBUG": True}, "set PORTAL_DEBUG=0"),
        ({"SECRET_KEY": "short"}, "PORTAL_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "a" * 80}, "PORTAL_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": f"django-insecure-{SAFE['SECRET_KEY']}"}, "can be guessed"),
        ({"HTTPS": False}, "in the clear to portal.example.org"),
        ({"OIDC_SERVER_URL": "https://id.example.org"}, "PORTAL_OIDC_CLIENT_SECRET is missing"),
        ({"OIDC_CLIENT_ID": "portal"}, "PORTAL_OIDC_SERVER_URL and PORTAL_OIDC_CLIENT_SECRET"),
        ({"EMAIL_BACKEND": ""}, "PORTAL_EMAIL_URL names no kind"),
        ({"EMAIL_BACKEND": SMTP}, "PORTAL_EMAIL_FROM is no address"),
        ({"EMAIL_BACKEND": SMTP, "DEFAULT_FROM_EMAIL": "portal"}, "is no address"),
        ({"EMAIL_BACKEND": SMTP, "DEFAULT_FROM_EMAIL": "a@b.example\nBcc: c@d.example"}, "is no"),
        ({"ADDRESS": "portal.example.org"}, "PORTAL_ADDRESS is no address"),
        ({"ADDRESS": "javascript://portal.example.org"}, "PORTAL_ADDRESS is no address"),
        ({"DATA_DIR": Path("/dev/null/data")}, "Set PORTAL_DATA to a folder"),
    ],
)
def test_it_refuses_what_is_unsafe(refusals, changes, sentence):
    (said,) = refusals(**changes)

    assert sentence in said


@pytest.mark.parametrize(
    "changes",
    [
        {"HTTPS": False, "ALLOW_HTTP": True},
        {"SECURE_HSTS_PRELOAD": True, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True},
        {"FORWARDED_ALLOW_IPS": "*"},
        {"METRICS_TOKEN": ""},
        {"HTTPS": False, "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "a.localhost"]},
        {"OIDC_SERVER_URL": "x", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x"},
        {"EMAIL_BACKEND": SMTP, "DEFAULT_FROM_EMAIL": "Ops Portal <portal@example.org>"},
        {"EMAIL_BACKEND": SMTP, "DEFAULT_FROM_EMAIL": "portal@example.org"},
    ],
)
def test_it_accepts_what_is_unsafe_elsewhere_only(refusals, changes):
    assert refusals(**changes) == []


def test_a_misspelt_setting_is_named_with_the_nearest_one(monkeypatch):
    monkeypatch.setenv("PORTAL_HOST", "a.example")

    (warning,) = run_checks(tags=[SETTINGS])

    assert warning.msg.startswith("PORTAL_HOST is no setting")
    assert warning.hint == "Did you mean PORTAL_HOSTS?"


@pytest.mark.django_db
def test_a_taken_port_is_one_sentence(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.BIND = f"127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(CommandError, match=r"Port \d+ cannot be used: Address already in use"):
            call_command("preflight", address_only=True, stderr=StringIO())


def manage(*arguments, **environment):
    return programs.python(ROOT / "manage.py", *arguments, env=bare_environment(**environment))


@pytest.fixture(scope="module")
def preflight(tmp_path_factory):
    """How it ended in a folder that it had to make, and that folder."""
    folder = tmp_path_factory.mktemp("preflight") / "data"
    return manage("preflight", PORTAL_DATA=str(folder), PORTAL_HOSTS="localhost"), folder


def test_serving_waits_for_missing_migrations(preflight):
    done, _ = preflight

    assert done.returncode == 1
    assert "Run ./run manage migrate first." in done.stderr
    assert "Traceback" not in done.stderr


def python(code, **environment):
    """What a new interpreter prints that runs the code in the checkout."""
    environment = bare_environment(DJANGO_SETTINGS_MODULE="portal.settings", **environment)
    done = programs.python("-c", code, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("folder", ["", "new/folder"])
def test_reading_the_settings_makes_no_files(tmp_path, folder):
    code = "import portal.settings, portal.gunicorn, django; django.setup()"

    python(code, PORTAL_DATA=str(tmp_path / folder))

    assert list(tmp_path.iterdir()) == []


ASKING = (
    "check",
    "check --deploy",
    "issue_token rita",
    "preflight --address-only",
    "makemessages -h",
)


def test_what_only_asks_makes_no_data_folder(tmp_path):
    """One process for all: what it costs is to import Django."""
    code = f"""
import runpy, sys
from pathlib import Path
for command in {ASKING}:
    sys.argv = ["manage.py", *command.split()]
    try:
        runpy.run_path("manage.py", run_name="__main__")
    except SystemExit as end:
        print(end, file=sys.stderr)
    assert not Path({str(tmp_path / "data")!r}).exists(), command
    print("asked", command)
"""
    said = python(code, PORTAL_DATA=str(tmp_path / "data"), PORTAL_HOSTS="localhost")

    assert [line for line in said.splitlines() if line.startswith("asked")] == [
        f"asked {command}" for command in ASKING
    ]


def test_without_a_stored_key_nothing_is_signed(tmp_path):
    """Rather than with a key that the next process does not know."""
    signing = """
import django; django.setup()
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
try:
    print(signing.dumps(1))
except ImproperlyConfigured:
    print("refused")
"""
    assert python(signing, PORTAL_DATA=str(tmp_path)) == "refused"


MAKE = "from portal.core.ops import data_folder as folder; folder.make();"


def test_processes_that_begin_together_use_one_key(tmp_path):
    code = f"{MAKE} from django.conf import settings; print(settings.SECRET_KEY)"

    with ThreadPoolExecutor() as pool:
        begun = [pool.submit(python, code, PORTAL_DATA=str(tmp_path / "data")) for _ in range(6)]

    (key,) = {each.result() for each in begun}
    assert key == (tmp_path / "data" / "secret-key").read_text()
    assert len(key) > 80


def test_a_key_that_was_not_written_to_its_end_is_made_anew(tmp_path):
    (tmp_path / "secret-key").touch()

    python(MAKE, PORTAL_DATA=str(tmp_path))

    assert len((tmp_path / "secret-key").read_text()) > 80


MADE = {"secret-key", "portal.sqlite3"}


def test_preflight_makes_the_data_folder(preflight):
    _, folder = preflight

    assert {path.name for path in folder.iterdir()} >= MADE


def test_the_engine_makes_the_data_folder(tmp_path):
    folder = tmp_path / "data"

    manage("engine", "--once", PORTAL_DATA=str(folder), PORTAL_HOSTS="localhost")

    assert {path.name for path in folder.iterdir()} >= MADE


def test_a_key_that_is_set_is_not_stored(tmp_path):
    python(MAKE, PORTAL_DATA=str(tmp_path), PORTAL_SECRET_KEY="x" * 60)

    assert [path.name for path in tmp_path.iterdir()] == ["portal.sqlite3"]


@pytest.mark.parametrize("command", ["issue_token rita --scope runbooks:read", "import_guides ."])
def test_a_command_on_an_empty_database_is_refused_in_one_sentence(tmp_path, command):
    done = manage(*command.split(), PORTAL_DATA=str(tmp_path))

    assert done.returncode == 1
    assert f"no portal in the database of {tmp_path} yet" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_its_own_account_reads_the_data(tmp_path):
    folder = tmp_path / "data"
    manage("migrate", "sites", PORTAL_DATA=str(folder))

    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes["data"] == 0o700
    assert modes["portal.sqlite3"] == modes["secret-key"] == 0o600


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORTAL_HTTPS": "maybe"}, "PORTAL_HTTPS"),
        ({"PORTAL_EMAIL_URL": "smtp://host:port"}, "PORTAL_EMAIL_URL"),
        ({"PORTAL_CACHE_URL": "redis://127.0.0.1:1/0"}, "Is PORTAL_CACHE_URL right?"),
        ({"PORTAL_CACHE_URL": "cache.example.org"}, "Is PORTAL_CACHE_URL right?"),
        ({"PORTAL_DATA": "/dev/null/data"}, "Set PORTAL_DATA to a folder"),
    ],
)
def test_settings_that_cannot_be_read_are_one_sentence(tmp_path, environment, sentence):
    done = manage("preflight", **{"PORTAL_DATA": str(tmp_path)} | environment)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


HSTS = [
    ({}, "max-age=31536000"),
    ({"PORTAL_HSTS_SUBDOMAINS": "1"}, "max-age=31536000; includeSubDomains"),
    (
        {"PORTAL_HSTS_SUBDOMAINS": "1", "PORTAL_HSTS_PRELOAD": "1"},
        "max-age=31536000; includeSubDomains; preload",
    ),
    ({"PORTAL_HTTPS": "0", "PORTAL_HSTS_SUBDOMAINS": "1"}, "None"),
]


def test_hsts_holds_for_other_hosts_only_if_told_so(tmp_path):
    """One process, which reads the settings anew: it has imported all else."""
    ask = f"""
import os, runpy
import django; django.setup()
from django.test import Client, override_settings
for environment in {[environment for environment, _ in HSTS]}:
    os.environ |= environment
    read = runpy.run_path("portal/settings.py")
    with override_settings(**{{name: read[name] for name in read if name.startswith("SECURE_")}}):
        answer = Client(SERVER_NAME="localhost").get("/healthz", secure=True)
    print(answer.headers.get("Strict-Transport-Security"))
    for name in environment:
        del os.environ[name]
"""
    said = python(ask, PORTAL_DATA=str(tmp_path), PORTAL_HOSTS="localhost")

    assert said.splitlines() == [header for _, header in HSTS]
