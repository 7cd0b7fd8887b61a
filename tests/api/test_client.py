"""A client that openapi-python-client makes of the document does what programs come for."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from portal.accounts.models import Token
from runbooks.models import Runbook

from .documents import document

PROGRAM = Path(sys.executable).with_name("openapi-python-client")
FILES = ("image/png", "image/jpeg", "image/webp", "video/mp4", "video/webm")
CONFIG = {
    "post_hooks": [],
    "package_name_override": "generated_client",
    # the generator knows no images and films; it takes them as text and as files
    "content_type_overrides": {
        "image/svg+xml": "text/plain",
        **dict.fromkeys(FILES, "application/octet-stream"),
    },
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The name of the package that was made, ready to be imported."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_text(json.dumps(document()))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    made = folder / CONFIG["package_name_override"]
    subprocess.run(
        [PROGRAM, "generate", "--path", "schema.json", "--config", "config.json"]
        + ["--meta", "none", "--output-path", made, "--fail-on-warning"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield made.name


@pytest.fixture
def sign_in(package, in_process):
    client = importlib.import_module(f"{package}.client")

    def sign_in(person):
        _, plain = Token.objects.issue(person, "client", ["read", "write"], days=1)
        transport = httpx.WSGITransport(app=in_process)
        return client.AuthenticatedClient(
            base_url="http://127.0.0.1", token=plain, httpx_args={"transport": transport}
        )

    return sign_in


@pytest.fixture
def call(package):
    """Call an operation by its module; returns what it parsed. Its answer must be the one named."""

    def call(module: str, *arguments, status: int = 200, **named):
        operation = importlib.import_module(f"{package}.api.{module}")
        answer = operation.sync_detailed(*arguments, **named)
        assert answer.status_code == status, answer.content
        return answer.parsed

    return call


def test_a_generated_client_pulls_drafts_and_publishes(disk, alice, paul, sign_in, call, package):
    models = importlib.import_module(f"{package}.models")
    author, approver = sign_in(alice), sign_in(paul)

    page = call("runbooks.runbooks_list", client=author, limit=10)
    pulled = call("runbooks.runbooks_read", page.results[0].slug, client=author)
    body = models.DraftRequest(text=pulled.text + "\n3. Tell the team.\n", note="Tell them")
    version = call(
        "runbooks.versions_draft",
        pulled.slug,
        client=author,
        body=body,
        if_match=pulled.etag,
        status=201,
    )
    for module, who in (
        ("versions_submit", author),
        ("versions_approve", approver),
        ("versions_publish", approver),
    ):
        more = {"body": models.DecisionRequest()} if module == "versions_approve" else {}
        version = call(
            f"runbooks.{module}",
            pulled.slug,
            version.number,
            client=who,
            if_match=version.etag,
            **more,
        )

    assert version.state == "published"
    assert "Tell the team" in Runbook.objects.get(slug=pulled.slug).published.text


def test_a_generated_client_is_told_what_is_wrong(disk, nina, sign_in, call):
    problem = call("runbooks.runbooks_read", "nowhere", client=sign_in(nina), status=404)

    assert problem.status == 404
    assert problem.instance == "/api/v1/runbooks/nowhere/"
