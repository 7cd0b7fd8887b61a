"""`./run` as people use it."""

import json
import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Timer
from time import sleep
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.programs import bare_environment, obey_interrupts

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("nina", "rita", "alice", "paul", "olga")
PASSWORD = "a password for one test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments, **environment):
    return subprocess.Popen(
        [ROOT / "run", *arguments],
        env=bare_environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=obey_interrupts,
    )


def sign_in(address: str, username: str) -> str:
    """The first page as that person sees it."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    form = browser.open(address)  # leads to the page where one signs in
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.read().decode())[1]
    fields = {"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD}
    request = Request(form.url, urlencode(fields).encode(), {"Referer": form.url})
    answer = browser.open(request)
    assert answer.url == f"{address}/"
    return answer.read().decode()


def engine_lives(address: str) -> bool:
    """Whether the engine beats, at the latest after some seconds."""
    for _ in range(100):
        if json.load(build_opener().open(f"{address}/readyz"))["engine"] == "ok":
            return True
        sleep(0.2)
    return False


def nobody_left(group: int) -> bool:
    """Whether the group ends within seconds: who lost its parent is noticed by others later."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        sleep(0.2)
    return False


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder: the first demo fills it, those that come after find it full."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo():
    """Start a demo; whatever the test does, nothing of it outlives the test."""
    started = []

    def demo(*arguments, **environment):
        started.append(run("demo", *arguments, **environment))
        deadline = Timer(180, kill_group, [started[-1].pid])
        deadline.daemon = True
        deadline.start()
        return started[-1]

    yield demo
    for process in started:
        kill_group(process.pid)
        process.communicate()


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def lines_until_ready(process) -> list[str]:
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("ready: "):
            return lines
    raise AssertionError(f"It ended before it was ready: {process.stderr.read()}")


@pytest.mark.slow
def test_the_demo_shows_its_people_serves_them_and_ends_cleanly(demo, data):
    for ending in (signal.SIGINT, signal.SIGTERM):  # the second finds what the first made
        port = str(free_port())
        process = demo("--port", port, "--data", data, PORTAL_DEMO_PASSWORD=PASSWORD)

        assert_it_serves_its_people(lines_until_ready(process), port)

        process.send_signal(ending)
        rest, _ = process.communicate(timeout=40)
        assert (process.returncode, rest) == (0, "")
        assert nobody_left(process.pid)


def assert_it_serves_its_people(lines: list[str], port: str) -> None:
    address = lines[-1].removeprefix("ready: ")
    said = "\n".join(lines)

    assert address == f"http://127.0.0.1:{port}"
    steps = [line[:11] for line in lines if line.startswith("Step ")]
    assert steps == [f"Step {number} of 4" for number in range(1, 5)]
    assert [name for name in (*NAMES, PASSWORD) if name not in said] == []
    assert "Alice" in sign_in(address, "alice")
    assert engine_lives(address)
    assert build_opener().open(f"{address}/status/public/").status == 200


def test_a_taken_port_is_told_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        demo = run("demo", "--port", port, "--data", tmp_path / "demo")
        _, said = demo.communicate(timeout=60)

    assert demo.returncode == 1
    assert f"Port {port} cannot be used" in said
    assert not any(path.stat().st_size for path in tmp_path.glob("demo/*.sqlite3"))


@pytest.mark.slow
def test_told_to_end_before_it_is_ready_the_demo_leaves_nobody(demo, data):
    process = demo("--port", str(free_port()), "--data", data, PORTAL_DEMO_PASSWORD=PASSWORD)
    next(line for line in process.stdout if PASSWORD in line)  # web and engine start now
    sleep(1)

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=40)

    assert nobody_left(process.pid)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dance"], "There is no ./run dance."),
        (["demo", "--port", "eighty"], "--port needs a number"),
        (["demo", "--port"], "--port needs"),
        (["demo", "--prot", "1"], "demo knows --port N and --data FOLDER"),
        (["serve", "--port", "80"], "serve takes no options"),
    ],
)
def test_a_wrong_word_is_answered_with_a_sentence(arguments, sentence):
    done = run(*arguments)
    _, said = done.communicate(timeout=60)

    assert done.returncode == 1
    assert sentence in said
