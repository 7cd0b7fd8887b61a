"""The documents of others, which lie beside this tree and not in it: ../shared/data."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "data"


@pytest.fixture(scope="session")
def shared(lacking):
    """A folder or file of them; where it is missing the test is skipped, on CI it fails."""

    def shared(name: str) -> Path:
        if not (DATA / name).exists():
            lacking(f"{DATA / name} is missing")
        return DATA / name

    return shared
