"""The units and proxy blocks of the installation are read by the programs that they are for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_caddy_takes_its_block(tmp_path):
    caddy = program("caddy")
    version = re.search(r"v?2\.(\d+)", checked(caddy, "version"))
    if int(version[1]) < 7:
        pytest.skip("this Caddy is older than 2.7")
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
