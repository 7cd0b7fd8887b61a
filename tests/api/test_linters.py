"""The recommended rules of Redocly and Spectral find nothing to warn of in the document."""

import json
import subprocess
from pathlib import Path

import pytest
from drf_spectacular.renderers import OpenApiJsonRenderer

from portal.core.api.document import rendered

pytestmark = pytest.mark.slow

HERE = Path(__file__).with_name("clients")
QUIET = {"PATH": "/usr/local/bin:/usr/bin:/bin", "REDOCLY_TELEMETRY": "off"}


@pytest.fixture(scope="module")
def lint(tmp_path_factory, node_tool):
    """The JSON that a linter says of the document."""
    path = tmp_path_factory.mktemp("linted") / "schema.json"
    path.write_bytes(rendered(OpenApiJsonRenderer)[0])

    def lint(program: str, *options: str):
        command = [node_tool(program), "lint", *options, path]
        done = subprocess.run(
            command, cwd=HERE, env=QUIET, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return lint


def test_redocly(lint):
    said = lint("redocly", "--config", "redocly.yaml", "--format", "json")

    assert [(each["ruleId"], each["message"]) for each in said["problems"]] == []


def test_spectral(lint):
    said = lint("spectral", "--ruleset", "spectral.yaml", "--format", "json", "--quiet")

    assert [(each["code"], each["message"], each["path"]) for each in said] == []
