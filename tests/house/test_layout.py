"""The house stays as it is drawn: who may import whom, and every app looks the same."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Who may use whom: an app uses its own line and those below it, never above and never beside it.
FLOORS = [
    {"portal"},
    {"portal.hygiene"},
    {"incidents"},
    {"portal.continuity"},
    {"portal.monitoring", "onboarding"},
    {"runbooks"},
    {"portal.architecture"},
    {"portal.search"},
    {"portal.notifications"},
    {"portal.accounts"},
    {"portal.core"},
]
HEIGHT = {app: len(FLOORS) - number for number, floor in enumerate(FLOORS) for app in floor}
LABELS = {app.rpartition(".")[2]: app for app in HEIGHT if app != "portal"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}

FILES_OF_AN_APP = ["README.md", "apps.py", "forms.py", "urls.py"]
FILES_OR_PACKAGES = ["admin", "api", "models", "serializers", "views"]
FOLDERS_OF_AN_APP = ["migrations"]  # and management/commands where it has any
DRAWERS = {"services", "utils", "helpers", "signals", "util", "common", "misc"}
TOP_LEVEL = {
    *("CHANGELOG.md", "Dockerfile", "LICENSE", "README.md", "compose.yaml", "manage.py"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt", "run"),
    *("bench", "docs", "incidents", "onboarding", "portal", "runbooks"),
    *("static", "templates", "tests"),
}
NOT_OURS = {"data", "node_modules", "staticfiles", "__pycache__"}  # ignored by git, made by use


class Use(NamedTuple):
    line: int
    app: str
    what: str


def sources() -> Iterator[Path]:
    for folder in ("portal", "runbooks", "incidents", "onboarding"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def apps() -> list[Path]:
    return sorted({path.parent for path in sources() if path.name == "apps.py"})


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def app_of(module: str) -> str | None:
    """The app that a module belongs to, or None if it is none of ours."""
    parts = module.split(".")
    names = [".".join(parts[:2]), parts[0]]
    return next((name for name in names if name in HEIGHT), None)


def uses(tree: ast.AST, path: Path) -> Iterator[Use]:
    """Every app that the code names: imports wherever they stand, and models named in strings."""
    for node in ast.walk(tree):
        for module in imported(node, path):
            if app := app_of(module):
                yield Use(node.lineno, app, module)
        for label in named_models(node):
            if app := LABELS.get(label.partition(".")[0]):
                yield Use(node.lineno, app, label)


def imported(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = absolute(node, path)
    return [f"{base}.{alias.name}" if base == "portal" else base for alias in node.names]


def absolute(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.parent.relative_to(ROOT).parts
    parts = package[: len(package) - node.level + 1]
    return ".".join((*parts, node.module) if node.module else parts)


def named_models(node: ast.AST) -> list[str]:
    """“app.Model” in a relation or in `apps.get_model`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return []
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if name not in RELATIONS | {"get_model"}:
        return []
    values = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("to", "app"))]
    return [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]


def may_use(user: str, used: str) -> bool:
    return user == used or HEIGHT[user] > HEIGHT[used]


def test_nothing_uses_what_stands_above_or_beside_it():
    wrong = [
        f"{path.relative_to(ROOT)}:{use.line} uses {use.what}"
        for path in sources()
        for use in uses(ast.parse(path.read_text()), path)
        if not may_use(app_of(module_of(path)), use.app)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("code", "place", "used"),
    [
        ("import runbooks.models", "portal/accounts/models/users.py", "runbooks"),
        ("def f():\n    from runbooks import search", "portal/core/db.py", "runbooks"),
        ("from portal import settings", "portal/core/db.py", "portal"),
        ("from ..accounts import models", "portal/core/db.py", "portal.accounts"),
        ("x = models.ForeignKey('runbooks.Runbook')", "portal/core/db.py", "runbooks"),
        ("x = models.ManyToManyField(to='incidents.Incident')", "runbooks/a.py", "incidents"),
        ("Run = apps.get_model('runbooks', 'Run')", "portal/accounts/models/users.py", "runbooks"),
    ],
)
def test_it_sees_forbidden_uses_of_every_form(code, place, used):
    path = ROOT / place

    found = [use.app for use in uses(ast.parse(code), path)]

    assert used in found
    assert not may_use(app_of(module_of(path)), used)


@pytest.mark.parametrize("folder", [app for app in apps() if app.name != "core"], ids=str)
def test_an_app_has_the_same_files_as_all_others(folder):
    missing = [name for name in FILES_OF_AN_APP if not (folder / name).is_file()]
    missing += [name for name in FOLDERS_OF_AN_APP if not (folder / name).is_dir()]
    missing += [
        name
        for name in FILES_OR_PACKAGES
        if not (folder / f"{name}.py").is_file() and not (folder / name / "__init__.py").is_file()
    ]

    assert missing == []


def test_there_are_no_drawers():
    assert [str(path) for path in sources() if path.stem in DRAWERS] == []


def test_there_are_no_signals_and_no_generic_foreign_keys():
    names = ("GenericForeignKey", "django.db.models.signals", "django.dispatch")
    found = [
        (str(path.relative_to(ROOT)), name)
        for path in sources()
        for name in names
        if name in path.read_text()
    ]

    assert found == []


def test_rest_routes_stand_in_one_file_only():
    routers = [path for path in sources() if "Router(" in path.read_text()]

    assert routers in ([], [ROOT / "portal" / "api.py"])


def test_the_top_level_has_nothing_else():
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    names -= NOT_OURS | {path.name for path in ROOT.glob("*.sqlite3*")}

    assert names <= TOP_LEVEL


def test_the_pins_of_both_requirement_files_agree():
    used, dev = (pins(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))

    assert used.items() <= dev.items()


def pins(path: Path) -> dict[str, str]:
    lines = [line.split(" ")[0] for line in path.read_text().splitlines() if "==" in line]
    return dict(line.split("==") for line in lines)
