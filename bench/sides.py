"""The two sides as processes: the portal and its twin over the same rows."""

import json
import subprocess
import sys
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

from bench.asking import NothingAnswered

SETTINGS = {"portal": "bench.settings", "twin": "bench.twin.settings"}


class Side:
    """One worker. `ask` sends an order and waits for the answer."""

    def __init__(
        self, name: str, env: dict, *, python: str = sys.executable, cwd: Path | None = None
    ):
        self.name = name
        settings = {"DJANGO_SETTINGS_MODULE": SETTINGS[name]} if name in SETTINGS else {}
        self.process = subprocess.Popen(
            [python, "-m", "bench.worker"],
            env=env | settings,
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, verb: str, **order) -> dict:
        """Raises NothingAnswered if what was asked showed nothing."""
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"verb": verb, **order}) + "\n")
            self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise NothingAnswered(f"the process of the {self.name} ended")
        answer = json.loads(line)
        if "error" in answer:
            raise NothingAnswered(f"{self.name}: {answer['error']}")
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.terminate()  # it may be in the middle of an answer that nobody waits for
        self.process.wait(20)


def started(stack: ExitStack, worlds: dict) -> dict[tuple[int, str], Side]:
    """(size, side) -> its worker, for every world."""
    return {
        (size, name): stack.enter_context(Side(name, worlds[size].env))
        for size, name in product(worlds, SETTINGS)
    }
