"""The examples of docs/api/deployments.md, executed as they stand against a running portal."""

import re
import subprocess

import pytest
import yaml
from django.conf import settings

from portal.accounts.models import Token
from runbooks.models import Run, Runbook

from .world import png

PAGE = settings.BASE_DIR / "docs" / "api" / "deployments.md"
EXPRESSION = re.compile(r"\$\{\{ *([\w.]+) *\}\}")


def block(heading: str, language: str) -> str:
    """The first fence below a heading."""
    section = PAGE.read_text().split(f"## {heading}\n")[1]
    return re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)[1]


@pytest.fixture
def environment(portal, people, library, need):
    for program in ("bash", "curl", "python3"):
        need(program)
    scopes = ["runbooks:read", "runbooks:write"]
    _, token = Token.objects.issue(people["responder"], "build", scopes, days=1)
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PORTAL": portal, "TOKEN": token, "RELEASE": "v1.5.0", "BUILD": "77", "PATH": path}


def bash(script: str, environment: dict, folder=None) -> subprocess.CompletedProcess:
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    told = {"capture_output": True, "text": True, "timeout": 120, "check": False}
    return subprocess.run(command, env=environment, cwd=folder, **told)


def test_the_example_with_curl_opens_ticks_and_closes_a_run(environment):
    made = bash(block("With curl", "bash"), environment)

    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == "succeeded"
    run = Run.objects.get()
    assert (run.state, run.release, run.environment) == ("succeeded", "v1.5.0", "production")
    assert run.steps.exclude(state__in=("done", "skipped")).count() == 0


def test_evidence_and_a_rollback_are_sent_as_the_page_says(environment, people, tmp_path):
    deploy = Runbook.objects.get(slug="deploy-the-portal")
    values = {"release": "v1.5.0", "host": "portal.example.org"}
    run = Run.objects.start(deploy, by=people["responder"], parameters=values)
    (tmp_path / "dashboard.png").write_bytes(png())
    known = {**environment, "RUN": str(run.pk), "PREVIOUS": "v1.4.0"}
    made = bash(block("Evidence and rolling back", "bash"), known, tmp_path)

    assert made.returncode == 0, made.stderr
    assert run.entries.get(text="as the dashboard shows it").images.count() == 1
    [undo] = run.rollbacks.all()
    assert (undo.runbook.slug, undo.parameters) == ("roll-back-the-portal", {"previous": "v1.4.0"})


def workflow(environment, folder, *, breaks: str = "") -> list[int]:
    """Run the steps of the job as GitHub does; the command that `breaks` fails."""
    job = yaml.safe_load(block("With GitHub Actions", "yaml"))["jobs"]["deploy"]
    known = {
        "vars.PORTAL": environment["PORTAL"],
        "secrets.OPS_TOKEN": environment["TOKEN"],
        "github.ref_name": "v1.5.0",
        "github.run_id": "78",
        "github.server_url": "https://git.example.org",
        "github.repository": "shop/portal",
    }
    passed = {name: EXPRESSION.sub(lambda m: known[m[1]], v) for name, v in job["env"].items()}
    file, failed, codes = folder / "github-env", False, []
    file.touch()
    for step in job["steps"]:
        if (
            step.get("if", "success()").split(" && ")[0]
            != f"{'failure' if failed else 'success'}()"
        ):
            continue
        lines = (line.split("=", 1) for line in file.read_text().splitlines())
        env = {**passed, **dict(lines), "GITHUB_ENV": str(file), "PATH": environment["PATH"]}
        made = bash(
            step["run"].replace(f'echo "Here your command {breaks or None}', "false #"), env
        )
        codes.append(made.returncode)
        failed |= made.returncode != 0
        assert breaks or made.returncode == 0, made.stderr
    return codes


def test_the_workflow_of_github_closes_its_run(environment, tmp_path):
    assert workflow(environment, tmp_path) == [0, 0, 0]

    assert Run.objects.get().state == "succeeded"


@pytest.mark.parametrize(("breaks", "number"), [("deploys", 6), ("checks", 12)])
def test_a_build_that_fails_marks_the_step_and_closes_its_run(
    environment, tmp_path, breaks, number
):
    assert workflow(environment, tmp_path, breaks=breaks) == [0, 1, 0, 0]

    run = Run.objects.get()
    assert (run.state, run.link) == (
        "failed",
        "https://git.example.org/shop/portal/actions/runs/78",
    )
    assert run.steps.get(state="failed").number == number
    assert run.link in run.steps.get(state="failed").note
    asked = Runbook.objects.get(slug="deploy-the-portal").review_asked
    assert asked.startswith(f"Step {number} failed")
