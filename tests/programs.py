"""Programs that tests start, in an environment of their own."""

import os
import signal

# The compiled code of the run (./run test) is read by them, too: compiling Django takes seconds.
PASSED_ON = ("PATH", "HOME", "PYTHONPYCACHEPREFIX")


def bare_environment(**told: str) -> dict[str, str]:
    """What every program needs, what is told, and nothing else of this machine."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | told


def obey_interrupts() -> None:
    """For `preexec_fn`: what a shell starts in the background ignores SIGINT, and so do its own."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
