"""Requests per second of both sides, by wrk; for whoever asks, no verdict hangs on it."""

import contextlib
import http.client
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rounds import headers_for
from bench.sides import SETTINGS
from bench.targets import TARGETS

HERE = Path(__file__).resolve().parent
CONNECTIONS = 8
PATHS = 500
SECONDS = 3
APPLICATIONS = {
    "portal": "portal.wsgi:application",
    "twin": "django.core.wsgi:get_wsgi_application()",
}
LINE = "{:<11}{:>8}  {:<24}{:<8}{:>8}{:>9}{:>9}"


def print_rates(database: str, worlds: dict, people: dict) -> None:
    """Print them for every target that needs no ETag."""
    if shutil.which("wrk") is None:
        sys.exit("bench: wrk is missing. Install Debian's package wrk, or leave --rates out.")
    print(LINE.format("database", "rows", "target", "side", "per s", "p50 ms", "p99 ms"))
    for size, world in worlds.items():
        with ExitStack() as stack:
            ports = {name: stack.enter_context(served(name, world.env)) for name in SETTINGS}
            for target in TARGETS:
                if target.unchanged or target.most:
                    continue
                for name, port in ports.items():
                    found = load(port, target.path, headers_for(target, name, people), size)
                    about = (database, f"{size:,}", target.name, name)
                    print(LINE.format(*about, *_cells(found)), flush=True)


def _cells(found: dict) -> tuple[str, ...]:
    if found["errors"] or not found["requests"]:
        return ("MISSED", f"{found['errors']} errors", "")
    return (f"{found['rate']:.0f}", f"{found['p50_ms']:.1f}", f"{found['p99_ms']:.1f}")


def load(port: int, path_of, headers: dict, size: int) -> dict:
    """One run of wrk over random paths."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as paths:
        numbers = [random.randint(1, size) for _ in range(PATHS)]
        paths.write("\n".join(path_of(n) for n in numbers) + "\n")
        paths.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
        for name, value in headers.items():
            command += ["-H", f"{name.removeprefix('HTTP_').title()}: {value}"]
        command += ["-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}", "--", paths.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    result = json.loads(line.removeprefix("RESULT "))
    return result | {"rate": result["requests"] / result["seconds"]}


@contextlib.contextmanager
def served(name: str, env: dict):
    """One side as gunicorn serves it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
    command += ["--bind", f"127.0.0.1:{port}", APPLICATIONS[name]]
    env = env | {"DJANGO_SETTINGS_MODULE": SETTINGS[name], "PORTAL_BIND": f"127.0.0.1:{port}"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(150):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse()
            return
        time.sleep(0.2)
    sys.exit("bench: the server does not answer")
