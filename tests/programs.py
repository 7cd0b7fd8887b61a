"""Programs that tests start, in an environment of their own."""

import os
import signal
import subprocess
from pathlib import Path

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

    def start(self, *command: str) -> None:
        log = (self.folder / f"{len(self._started)}.log").open("wb")
        self._started.append(
            subprocess.Popen(
                command, cwd=self.folder, env=bare_environment(), stdout=log, stderr=log
            )
        )

    def stop(self) -> None:
        for program in self._started:
            program.terminate()
        for program in self._started:
            program.wait(timeout=self.patience)
