"""The image and the compose file: confined, pinned, and believing nobody unasked."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

from portal import settings

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "engine")
DEFAULT = re.compile(r"\$\{\w+:-([^${}]*)\}")


def default(text: str) -> str:
    """What compose makes of it where no variable is set."""
    while DEFAULT.search(text):
        text = DEFAULT.sub(r"\1", text)
    return text


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_confined(name):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert not {"cap_add", "privileged", "network_mode", "pid"} & service.keys()
    assert "/tmp" in service["tmpfs"]


def test_only_data_outlives_a_container():
    kept = {name: service["volumes"] for name, service in SERVICES.items()}

    assert kept.pop("database") == ["database:/var/lib/postgresql/data"]
    assert list(kept.values()) == [["data:/data"]] * len(OURS)


def test_only_a_proxy_on_this_machine_is_believed_and_reaches_it():
    (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    gateway = default(network["gateway"])

    for name in OURS:
        assert default(SERVICES[name]["environment"]["PORTAL_FORWARDED_ALLOW_IPS"]) == gateway
    assert ip_address(gateway) in ip_network(default(network["subnet"]))
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_every_setting_in_the_files_is_known():
    set_here = {name for each in OURS for name in SERVICES[each]["environment"]}
    set_here |= set(re.findall(r"\b(PORTAL_[A-Z_]+)=", DOCKERFILE))

    assert set_here - settings.KNOWN_NAMES == set()


def test_the_engine_is_asked_for_its_beat():
    assert SERVICES["engine"]["healthcheck"]["test"][-2:] == ["manage.py", "engine_health"]
    assert "ask_health()" in DOCKERFILE


def test_the_database_is_migrated_once_before_anything_runs():
    restarts = {name: service["restart"] for name, service in SERVICES.items()}
    migrated = {"migrate": {"condition": "service_completed_successfully"}}

    assert restarts.pop("migrate") == "no"
    assert set(restarts.values()) == {"unless-stopped"}
    assert SERVICES["web"]["depends_on"] == SERVICES["engine"]["depends_on"] == migrated


@pytest.mark.parametrize("name", ["run", "Dockerfile"])
def test_libraries_are_installed_only_with_their_hashes(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    installing = [line for line in lines if re.search(r"\binstall\b.* -r ", line)]

    assert installing
    assert [line for line in installing if "--require-hashes" not in line] == []


def test_images_are_pinned_to_a_patch_release():
    (base,) = re.findall(r"^FROM (\S+)$", DOCKERFILE, re.MULTILINE)

    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)
    assert re.fullmatch(r"postgres:\d+\.\d+(@sha256:[0-9a-f]{64})?", SERVICES["database"]["image"])


def test_the_image_runs_as_nobody_in_particular():
    (user,) = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)

    assert user == "portal"
    assert DOCKERFILE.index("USER portal") < DOCKERFILE.index("CMD")


def test_chromium_is_in_the_image_only_if_asked_for():
    assert "ARG CHROMIUM=\n" in DOCKERFILE
    assert 'if [ -n "$CHROMIUM" ]; then' in DOCKERFILE
    assert "ENV PORTAL_CHROMIUM=${CHROMIUM:+/usr/bin/chromium}" in DOCKERFILE
    assert default(SERVICES["web"]["build"]["args"]["CHROMIUM"]) == ""


def test_the_image_holds_all_that_is_imported():
    """.dockerignore leaves out everything that it does not name."""
    named = set((ROOT / ".dockerignore").read_text(encoding="utf-8").split())
    apps = {app.partition(".")[0] for app in settings.INSTALLED_APPS}
    ours = {app for app in apps if (ROOT / app).is_dir()}

    assert {f"!{name}" for name in (*ours, "manage.py", "requirements.txt", "static")} <= named
