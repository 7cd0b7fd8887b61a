"""The suite itself: nothing of it is lost unseen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.suite import migrated

ROOT = Path(__file__).resolve().parents[2]
HONEST = "def test_one():\n    pass\n\ndef test_two():\n    import pytest; pytest.skip('today')\n"
SAME = """
import pytest

class Twice(pytest.File):
    def collect(self):
        yield from [Nothing.from_parent(self, name="same") for _ in range(2)]

class Nothing(pytest.Item):
    def runtest(self):
        pass

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".twice":
        return Twice.from_parent(parent, path=file_path)
"""
LOST = """
def pytest_runtest_protocol(item):
    return True if item.name == "test_two" else None
"""


@pytest.fixture
def run(tmp_path):
    """Run a small suite with the plugin of this one: the exit status and what was said."""

    def run(files: dict[str, str], *options) -> tuple[int, str]:
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        plugins = ["-p", "xdist", "-p", "tests.suite.executed"]
        command = [sys.executable, "-m", "pytest", "--rootdir", tmp_path, *plugins, *options]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout

    return run


WAYS = [("-n", "0"), ("-n", "1", "--dist", "loadfile"), ("-n", "1", "--dist", "worksteal")]


@pytest.mark.parametrize("options", WAYS, ids=["alone", "by-file", "by-stealing"])
def test_a_run_that_executes_everything_succeeds(run, options):
    assert run({"test_a.py": HONEST}, *options)[0] == 0


@pytest.mark.parametrize("options", WAYS, ids=["alone", "by-file", "by-stealing"])
def test_two_tests_of_one_id_fail_the_run(run, options):
    status, said = run({"conftest.py": SAME, "a.twice": "", "test_a.py": HONEST}, *options)

    assert status == 1
    assert "a.twice::same: 2 tests have this id" in said


@pytest.mark.parametrize("options", WAYS[:2], ids=["alone", "by-file"])
def test_a_test_that_was_not_executed_fails_the_run(run, options):
    status, said = run({"conftest.py": LOST, "test_a.py": HONEST}, *options)

    assert status == 1
    assert "test_two: not executed" in said


@pytest.mark.parametrize("flag", ["UPDATE_SCHEMA", "RELEASE_SCHEMA", "UPDATE_ACCESS"])
def test_on_ci_no_flag_writes_what_is_expected(monkeypatch, update_asked, flag):
    monkeypatch.setenv(flag, "1")
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=flag):
        update_asked(flag)


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_what_is_missing_skips_a_test_here_and_fails_it_on_ci(
    monkeypatch, ci, outcome, need, shared
):
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="is not installed"):
        need("no-such-program")
    with pytest.raises(outcome, match="is missing"):
        shared("no-such-documents")


MIXED = """
import pytest

@pytest.fixture
def db():
    pass

def test_pure():
    pass

def test_rows(db):
    pass

@pytest.mark.django_db
def test_marked():
    pass

@pytest.mark.browser
def test_looks(db):
    pass

@pytest.mark.anywhere
def test_walk(db):
    pass
"""


def test_another_database_gets_only_what_asks_it_and_what_is_long_comes_first(run):
    options = ("-p", "tests.suite.order", "-v", "-W", "ignore", "-n", "0")

    _, everything = run({"test_a.py": MIXED}, *options)
    _, some = run({}, *options, "--only-database")

    assert "5 passed" in everything
    assert everything.index("test_looks") < everything.index("test_pure")
    assert "3 passed, 2 deselected" in some
    assert "test_pure" not in some and "test_walk" not in some


def test_whatever_is_changed_of_an_app_is_migrated_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    apps = [app.replace(".", "/") for app in settings.INSTALLED_APPS]
    ours = [app for app in apps if (ROOT / app).is_dir()]
    files = [tmp_path / name for name in ("requirements.txt", "tests/settings.py")]
    files += [tmp_path / app / "migrations" / "0001_initial.py" for app in ours]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    digests = [migrated.digest()]
    for file in files:
        file.write_text("changed")
        digests.append(migrated.digest())

    assert len(set(digests)) == len(files) + 1 > 6


def test_what_a_test_has_no_mark_for_is_not_set_up(request):
    assert "_django_db_marker" not in request.fixturenames


@pytest.mark.django_db
def test_what_a_test_has_a_mark_for_is_set_up(request):
    assert "_django_db_marker" in request.fixturenames
    assert "_live_server_helper" not in request.fixturenames
