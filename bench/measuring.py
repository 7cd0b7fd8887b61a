"""Start the server as `serve` does and load it with wrk, the floor right before each target."""

import contextlib
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.targets import KEEPERS, PAGES, TARGETS

HERE = Path(__file__).resolve().parent
CONNECTIONS = 8
PATHS = 500


def measure_all(prepared: dict, env: dict, size: int, seconds: float) -> dict:
    """name -> rate, p50_ms, p99_ms, ratio to the floor; and the rate of the import."""
    with served(env) as port:
        figures = {
            name: _measure(name, port, prepared, size, seconds) | prepared["inprocess"][name]
            for name in TARGETS
        }
    for name in ("import", "ticks"):
        figures[name] = _alone(prepared[f"{name}_per_second"])
    return figures


def _alone(rate: float) -> dict:
    """The figures of what is measured without a server, and so without a floor."""
    return {"rate": rate, "p50_ms": 1000 / rate, "p99_ms": 0.0, "ratio": 1.0, "cpu_ratio": 1.0}


def _measure(name: str, port: int, prepared: dict, size: int, seconds: float) -> dict:
    page = name in PAGES
    headers = (
        {"Cookie": f"session={prepared['keeper' if name in KEEPERS else 'session']}"}
        if page
        else {"Authorization": f"Bearer {prepared['token']}"}
    )
    floor_path = (lambda n: f"/floor/{n}/") if page else (lambda n: f"/api/v1/floor/{n}/")
    floor = load(port, floor_path, headers, size, seconds / 2)
    if name == "detail 304":
        headers = headers | {"If-None-Match": prepared["etag"]}
    figures = load(port, TARGETS[name], headers, size, seconds)
    again = load(port, floor_path, headers, size, seconds / 2)
    floor_rate = (floor["rate"] + again["rate"]) / 2
    return figures | {"ratio": figures["rate"] / floor_rate, "floor": floor_rate}


def load(port: int, path_of, headers: dict, size: int, seconds: float) -> dict:
    """One run of wrk over random paths."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as paths:
        numbers = [random.randint(1, size) for _ in range(PATHS)]
        paths.write("\n".join(path_of(n) for n in numbers) + "\n")
        paths.flush()
        extra = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *extra]
        command += ["-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}", "--", paths.name]
        out = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=120
        ).stdout
    line = next(line for line in out.splitlines() if line.startswith("RESULT "))
    result = json.loads(line.removeprefix("RESULT "))
    if result["errors"]:
        sys.exit(f"bench: {result['errors']} errors at {path_of(1)}")
    return {
        "rate": result["requests"] / result["seconds"],
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
    }


@contextlib.contextmanager
def served(env: dict):
    """The server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
    command += ["--bind", f"127.0.0.1:{port}", "portal.wsgi:application"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return
        time.sleep(0.2)
    sys.exit("bench: the server does not answer")
