"""The units and proxy blocks of the installation are read by the programs that they are for."""

import re
import shutil
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest

from tests.house.test_run import free_port
from tests.programs import bare_environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/runbooks/install-the-portal.md").read_text()
BLOCK = re.compile(r'^( *)```\w+ title="([^"]+)"\n(.*?)^\1```$', re.DOTALL | re.MULTILINE)
FILES = {
    path: re.sub(f"^{indent}", "", text, flags=re.MULTILINE).replace("{{ host }}", "portal.test")
    for indent, path, text in BLOCK.findall(PAGE)
}
ENV = FILES["/etc/ops-portal.env"]


def checked(*command: str | Path, **environment: str) -> str:
    """What a program said; it has to end well."""
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=bare_environment(**environment),
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def program(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


def test_all_files_are_there():
    assert sorted(FILES) == [
        "/etc/caddy/Caddyfile",
        "/etc/nginx/conf.d/ops-portal.conf",
        "/etc/ops-portal.env",
        "/etc/systemd/system/ops-portal-engine.service",
        "/etc/systemd/system/ops-portal.service",
    ]


@pytest.mark.parametrize("name", ["ops-portal", "ops-portal-engine"])
def test_systemd_takes_the_units(name, tmp_path):
    text = FILES[f"/etc/systemd/system/{name}.service"]
    for path in ("/opt/ops-portal/run", "/opt/ops-portal"):
        text = text.replace(path, path.replace("/opt/ops-portal", str(ROOT)))
    unit = tmp_path / f"{name}.service"
    unit.write_text(text.replace("User=portal", "User=root"))

    said = checked(program("systemd-analyze"), "verify", "--man=no", unit)

    assert name not in said  # warnings name the unit


def test_both_units_are_confined_alike():
    units = [text for path, text in FILES.items() if path.endswith(".service")]
    lines = [set(text.splitlines()) for text in units]

    assert {line.partition("=")[0] for line in lines[0] ^ lines[1]} <= {
        *("Description", "After", "ExecStart", "TimeoutStopSec"),
    }


@pytest.fixture
def nginx(tmp_path):
    """nginx with the block in a configuration of its own, where it needs no rights."""
    key, certificate = tmp_path / "key.pem", tmp_path / "fullchain.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=portal.test"]
    checked(program("openssl"), *asked, "-keyout", key, "-out", certificate)
    block = FILES["/etc/nginx/conf.d/ops-portal.conf"].replace("/etc/ssl/ops-portal", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{block}\n}}\n"
    )
    return [program("nginx"), "-p", tmp_path, "-c", whole]


def test_nginx_takes_its_block(nginx):
    said = checked(*nginx, "-t", "-q")

    assert "warn" not in said


@pytest.fixture
def caddy():
    path = program("caddy")
    if int(re.search(r"v?2\.(\d+)", checked(path, "version"))[1]) < 7:
        pytest.skip("this Caddy is older than 2.7")
    return path


def test_caddy_takes_its_block(caddy, tmp_path):
    place = tmp_path / "Caddyfile"
    place.write_text(FILES["/etc/caddy/Caddyfile"])

    said = checked(
        *(caddy, "validate", "--adapter", "caddyfile", "--config", place), HOME=str(tmp_path)
    )

    assert "Valid configuration" in said


def test_the_portal_starts_with_the_settings_of_both_ways(tmp_path):
    """Of a real installation, and of a trial without TLS."""
    trial = PAGE.partition("export ")[2].partition("\n")[0]
    ways = [dict(re.findall(r'^(\w+)="?(.*?)"?$', ENV, re.MULTILINE))]
    ways.append(dict(word.split("=") for word in trial.split()))
    assert [len(each) for each in ways] == [5, 3]

    for settings in ways:
        settings["PORTAL_DATA"] = str(tmp_path)
        checked(
            *(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"),
            **settings,
        )


@contextmanager
def running(*command, **environment):
    process = subprocess.Popen(
        list(map(str, command)),
        env=bare_environment(**environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def connected(port: int) -> ssl.SSLSocket:
    """A browser that has come to the proxy, as soon as the proxy listens."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(200):
        with suppress(OSError):
            plain = socket.create_connection(("127.0.0.1", port), timeout=10)
            return context.wrap_socket(plain, server_hostname="portal.test")
        Event().wait(0.05)
    raise AssertionError("The proxy does not listen.")


def assert_it_holds_back_what_is_slow(port: int, portal: socket.socket) -> None:
    """Nothing reaches the portal before all is there, and then who sent it is told truly."""
    lies = "X-Forwarded-For: 10.9.9.9\r\nX-Forwarded-Proto: http\r\n"
    head = f"POST / HTTP/1.1\r\nHost: portal.test\r\nContent-Length: 20000\r\n{lies}\r\n"
    with connected(port) as client:
        client.sendall(head.encode() + b"x" * 10_000)
        portal.settimeout(0.7)
        with pytest.raises(TimeoutError):
            portal.accept()

        client.sendall(b"x" * 10_000)
        portal.settimeout(10)
        taken, _ = portal.accept()
        with taken, taken.makefile("rb") as sent:
            headers = dict(line.decode().rstrip().split(": ", 1) for line in _lines(sent))
            assert sent.read(20_000) == b"x" * 20_000

    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert (headers["X-Forwarded-Proto"], headers["Host"]) == ("https", "portal.test")


def _lines(sent):
    """The headers of a request."""
    sent.readline()
    return iter(sent.readline, b"\r\n")


@pytest.fixture
def portal():
    """Where the proxy sends what it has."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.mark.slow
def test_nginx_holds_back_what_is_slow(nginx, portal):
    port, conf = free_port(), nginx[-1]
    text = re.sub(
        r"server \{\n +listen 80;.*?^\}", "", conf.read_text(), flags=re.DOTALL | re.MULTILINE
    )
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = text.replace("listen [::]:443 ssl;", "").replace(
        "127.0.0.1:8000", f"127.0.0.1:{portal.getsockname()[1]}"
    )
    conf.write_text(f"daemon off;\nmaster_process off;\n{text}")

    with running(*nginx):
        assert_it_holds_back_what_is_slow(port, portal)


@pytest.mark.slow
def test_caddy_holds_back_what_is_slow(caddy, portal, tmp_path):
    port, place = free_port(), tmp_path / "Caddyfile"
    text = FILES["/etc/caddy/Caddyfile"].replace(
        "portal.test {", f"portal.test:{port} {{\ntls internal"
    )
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{portal.getsockname()[1]}")
    own = "{\nadmin off\nskip_install_trust\nauto_https disable_redirects\n"
    place.write_text(text.replace("{\n", own, 1))

    with running(caddy, "run", "--adapter", "caddyfile", "--config", place, HOME=str(tmp_path)):
        assert_it_holds_back_what_is_slow(port, portal)
