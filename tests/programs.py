"""Programs that tests start, in an environment of their own."""

import os

# The compiled code of the run (./run test) is read by them, too: compiling Django takes seconds.
PASSED_ON = ("PATH", "HOME", "PYTHONPYCACHEPREFIX")


def bare_environment(**told: str) -> dict[str, str]:
    """What every program needs, what is told, and nothing else of this machine."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | told
