"""Clients that generators make of the document compile, and do what programs come for.

openapi-python-client, which needs nothing but Python, has `test_client.py`.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drf_spectacular.renderers import OpenApiJsonRenderer

from portal.accounts.models import Token
from portal.core.api.document import rendered

pytestmark = pytest.mark.slow

HERE = Path(__file__).with_name("clients")
GENERATOR = Path(sys.executable).with_name("openapi-generator-cli")
WITHOUT = ("apiDocs", "modelDocs", "apiTests", "modelTests", "skipFormModel")
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
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
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
def generate(folder, need):
    """Make a client with OpenAPI Generator."""
    need("java")

    def generate(kind: str, into: str, **more) -> None:
        switches = ",".join(f"{name}=false" for name in WITHOUT)
        options = ",".join(f"{name}={value}" for name, value in more.items())
        command = [GENERATOR, "generate", "-g", kind, "-i", "schema.json", "-o", into]
        command += ["--global-property", f"apis,models,supportingFiles,{switches}"]
        made(command + (["--additional-properties", options] if options else []), folder)

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


def test_types_of_openapi_typescript(folder, node_tool, compiled, need, run):
    made([node_tool("openapi-typescript"), "schema.json", "-o", "schema.d.ts"], folder)

    assert run(need("node"), compiled("typed")) == SAID


def test_openapi_generator_typescript_fetch(generate, compiled, need, run):
    generate("typescript-fetch", "generated")

    assert run(need("node"), compiled("fetched")) == SAID


def test_openapi_generator_python(folder, generate, run):
    generate("python", "python", packageName="portal_client")
    assert importlib.util.find_spec("portal_client") is None

    said = run(sys.executable, HERE / "called.py", PYTHONPATH=str(folder / "python"))
    assert said == SAID
