"""Clients that generators make of the document compile, and do what programs come for.

They are made with the commands of docs/api/generate-a-client.md. openapi-python-client, which needs
nothing but Python, has `test_client.py`.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from drf_spectacular.renderers import OpenApiJsonRenderer

from portal.accounts.models import Token
from portal.core.api.document import rendered

pytestmark = pytest.mark.slow

HERE = Path(__file__).with_name("clients")
GENERATOR = Path(sys.executable).with_name("openapi-generator-cli")
PAGE = (settings.BASE_DIR / "docs" / "api" / "generate-a-client.md").read_text()
# Java that ends after seconds: what it would gain by optimizing costs twice what it does.
SHORT_LIVED = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
COMPILED = [
    *("--strict", "--skipLibCheck", "--target", "es2022", "--lib", "es2022,dom"),
    *("--module", "nodenext", "--moduleResolution", "nodenext", "--outDir", "made"),
]
SAID = {
    "read": "disk-fills-up",
    "number": 2,
    "state": "draft",
    "problem": [404, "/api/v1/runbooks/nowhere/"],
}


def made(command, folder: Path) -> None:
    """Run a generator or a compiler; what it said is the reason of a failure."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | SHORT_LIVED,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the document as it is served."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "schema.json").write_bytes(rendered(OpenApiJsonRenderer)[0])
    (folder / "package.json").write_text('{"type": "commonjs"}')
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    return folder


@pytest.fixture(scope="module")
def generate(folder, need, node_tool):
    """Run the command of the page in which these words stand."""

    def generate(words: str) -> None:
        line = next(line for line in PAGE.splitlines() if words in line and "schema.json" in line)
        program, *arguments = shlex.split(line)
        if program == "npx":
            made([node_tool(arguments[0]), *arguments[1:]], folder)
        else:
            need("java")
            made([GENERATOR, *arguments], folder)

    return generate


@pytest.fixture(scope="module")
def compiled(folder, node_tool):
    """Type-check and compile a program; the JavaScript."""

    def compiled(name: str) -> Path:
        shutil.copy(HERE / f"{name}.ts", folder)
        made([node_tool("tsc"), *COMPILED, f"{name}.ts"], folder)
        return folder / "made" / f"{name}.js"

    return compiled


@pytest.fixture
def run(disk, alice, answering):
    """Run a program of a client as alice; what it said."""

    def run(*command, **known):
        _, token = Token.objects.issue(alice, "client", ["read", "write"], days=1)
        code, output = answering([str(part) for part in command], TOKEN=token, **known)
        assert code == 0, output
        assert disk.versions.get(number=2).text.endswith("3. Tell the team.\n")
        return json.loads(output.splitlines()[-1])

    return run


def test_types_of_openapi_typescript(generate, compiled, need, run):
    generate("npx openapi-typescript")

    assert run(need("node"), compiled("typed")) == SAID


def test_openapi_generator_typescript_fetch(generate, compiled, need, run):
    generate("-g typescript-fetch")

    assert run(need("node"), compiled("fetched")) == SAID


def test_openapi_generator_python(folder, generate, run):
    generate("-g python")

    said = run(sys.executable, HERE / "called.py", PYTHONPATH=str(folder / "python"))
    assert said == SAID
