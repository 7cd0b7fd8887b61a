"""Programs that tests start, in an environment of their own."""

import atexit
import gc
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
# The compiled code of the run (./run test) is read by them, too: compiling Django takes seconds.
PASSED_ON = ("PATH", "HOME", "PYTHONPYCACHEPREFIX")


def bare_environment(**told: str) -> dict[str, str]:
    """What every program needs, what is told, and nothing else of this machine."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | told


def obey_interrupts() -> None:
    """For `preexec_fn`: what a shell starts in the background ignores SIGINT, and so do its own."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Programs:
    """What a test starts in a folder of its own; all of it ends with `stop`."""

    def __init__(self, folder: Path, patience: float):
        self.folder, self.patience = folder, patience
        self._started: list[subprocess.Popen] = []

    def start(self, *command: str, cwd: Path | None = None, **told: str) -> Path:
        """Where it writes what it says."""
        log = self.folder / f"{len(self._started)}.log"
        with log.open("wb") as said:
            about = {"cwd": cwd or self.folder, "env": bare_environment(**told)}
            self._started.append(subprocess.Popen(command, stdout=said, stderr=said, **about))
        return log

    def stop(self) -> None:
        for program in self._started:
            program.terminate()
        for program in self._started:
            program.wait(timeout=self.patience)


# What the portal needs of others, as far as reading it asks neither settings nor the environment.
LIBRARIES = [
    *("django.contrib.admin.options", "django.contrib.postgres.fields", "django.test"),
    *("django.core.management.commands.migrate", "django.db.backends.sqlite3.base"),
    *("environs", "fido2.server", "httpx2", "icalendar", "jinja2", "jsonpath_rfc9535"),
    *("limits.storage", "markdown_it", "PIL.Image", "pygments.lexers"),
    *("rapidfuzz.fuzz", "regex", "requests", "sqlparse", "yaml"),
]
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(LIBRARIES)


class Python:
    """`python ARGUMENTS` in ROOT: manage.py and its words, or -c and code; used as a `Popen` is.

    A process of its own, which reads settings and all of ours anew. It is a child of one that has
    read the libraries and nothing else, and so begins in a third of the time.
    """

    def __init__(self, *arguments: str | Path, env: dict[str, str]):
        self.folder = tempfile.TemporaryDirectory()
        self.logs = [Path(self.folder.name, name) for name in ("said", "wrong")]
        told = ([*map(str, arguments)], env, self.logs)
        self.process = forks.Process(target=become, args=told)
        self.process.start()
        self.pid: int = self.process.pid

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("python", timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said and what it complained of, once it has ended."""
        self.wait(timeout)
        said, wrong = (log.read_text() for log in self.logs)
        return said, wrong

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def python(
    *arguments: str | Path, env: dict[str, str], timeout: float = 60
) -> subprocess.CompletedProcess:
    """The same until its end, as of `subprocess.run`."""
    process = Python(*arguments, env=env)
    try:
        said, wrong = process.communicate(timeout)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return subprocess.CompletedProcess(arguments, process.wait(), said, wrong)


def become(arguments: list[str], environment: dict[str, str], logs: list[Path]) -> None:
    """In the child: what an interpreter does with these arguments."""
    gc.freeze()
    assert not {"portal", "runbooks", "onboarding"} & {*sys.modules}
    os.environ.clear()
    os.environ |= environment
    os.chdir(ROOT)
    for number, log in enumerate(logs, 1):
        with log.open("ab") as file:
            os.dup2(file.fileno(), number)
    sys.path[:] = [str(ROOT), *(each for each in sys.path if not each.startswith(f"{ROOT}/tests"))]
    try:
        execute(*arguments)
    finally:
        atexit._run_exitfuncs()  # children of multiprocessing end without them


def execute(first: str, *rest: str) -> None:
    if first != "-c":
        sys.argv = [first, *rest]
        runpy.run_path(first, run_name="__main__")
        return
    code, *words = rest
    sys.argv, sys.modules["__main__"] = ["-c", *words], ModuleType("__main__")
    exec(code, vars(sys.modules["__main__"]))
