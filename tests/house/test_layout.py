"""The house stays as it is drawn: who may import whom, and every app looks the same."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

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
STRANGERS = {("onboarding", "runbooks")}  # though one stands above the other
HEIGHT = {app: len(FLOORS) - number for number, floor in enumerate(FLOORS) for app in floor}
LABELS = {app.rpartition(".")[2]: app for app in HEIGHT if app != "portal"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}

FILES_OF_AN_APP = ["README.md", "apps.py", "urls.py"]
FOLDERS_OF_AN_APP = ["migrations", "models"]
IN_SOME_ROOM = ["api", "views"]  # a module or a package in one room of each app at least
LOOSE_AT_MOST = 8  # modules at an app's root
DRAWERS = {"services", "utils", "helpers", "signals", "util", "common", "misc"}
# What has another name here (the glossary of words): one name for one thing in every app.
OTHER_NAMES = {
    **dict.fromkeys(("telling", "messages", "told"), "notices"),
    **dict.fromkeys(("duties", "tasks", "periodic"), "jobs"),
    **dict.fromkeys(("mending", "todo"), "attention"),
    **dict.fromkeys(("nav", "menu", "rail"), "navigation"),
    **dict.fromkeys(("figures", "numbers", "metrics", "stats"), "statistics"),
    **dict.fromkeys(("demonstrating",), "demo"),
    **dict.fromkeys(("asked", "standing"), "audience or membership"),
    **dict.fromkeys(("keeping", "forgetting", "recorded"), "retention, erasure or export"),
    **dict.fromkeys(("freezing",), "publishing or difference"),
    **dict.fromkeys(("deriving", "receiving", "containers", "drawing"), "a noun of the glossary"),
}
# Nouns that happen to end like what somebody is doing.
NOUNS_IN_ING = {
    *("comparing", "listing", "matching", "monitoring", "muting", "onboarding", "outgoing"),
    *("opening", "printing", "publishing", "ring"),
}
TOP_LEVEL = {
    *("CHANGELOG.md", "Dockerfile", "LICENSE", "README.md", "SECURITY.md"),
    *("compose.yaml", "manage.py"),
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
    return user == used or (HEIGHT[user] > HEIGHT[used] and (user, used) not in STRANGERS)


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
        ("from runbooks.models import Run", "onboarding/jobs.py", "runbooks"),
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
    missing += [name for name in IN_SOME_ROOM if not rooms_of(folder, name)]

    assert missing == []


def rooms_of(folder: Path, name: str) -> list[Path]:
    """The modules and packages of that name in an app."""
    return [*folder.rglob(f"{name}.py"), *folder.rglob(f"{name}/__init__.py")]


@pytest.mark.parametrize("folder", apps(), ids=str)
def test_few_modules_lie_loose_at_the_root_of_an_app(folder):
    loose = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]

    assert len(loose) <= LOOSE_AT_MOST, sorted(loose)


def test_one_thing_has_one_name_in_every_app():
    wrong = {
        str(p.relative_to(ROOT)): OTHER_NAMES[p.stem] for p in rooms() if p.stem in OTHER_NAMES
    }

    assert wrong == {}


def test_modules_are_nouns():
    doing = [str(p) for p in rooms() if p.stem.endswith("ing") and p.stem not in NOUNS_IN_ING]

    assert doing == []


def rooms() -> set[Path]:
    """The modules and packages of the house but its migrations, each with its own name."""
    files = {path for path in sources() if "migrations" not in path.parts}
    return {path.parent if path.name == "__init__.py" else path for path in files}


def test_no_files_of_an_app_go_in_circles():
    modules = {module_of(path): path for path in sources() if "migrations" not in path.parts}
    arrows = {name: arrows_of(name, path, modules) for name, path in modules.items()}

    assert circles(arrows) == []


def arrows_of(name: str, path: Path, modules) -> set[str]:
    """The modules that one imports, wherever the import stands."""
    found = {
        target
        for node in ast.walk(ast.parse(path.read_text()))
        for target in targets(node, path, modules)
    }
    return found - {name}


def targets(node: ast.AST, path: Path, modules) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name in modules]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = absolute(node, path)
    parts = (f"{base}.{alias.name}" for alias in node.names)
    return [found for part in parts if (found := part if part in modules else base) in modules]


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """What still leads somewhere once everything is taken out that leads nowhere any more."""
    left = dict(arrows)
    while ends := [name for name, to in left.items() if not to & left.keys()]:
        for name in ends:
            del left[name]
    while starts := left.keys() - {to for name in left for to in left[name]}:
        for name in starts:
            del left[name]
    return [f"{name} -> {', '.join(sorted(to & left.keys()))}" for name, to in sorted(left.items())]


@pytest.mark.parametrize(
    ("arrows", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, ["a -> b", "b -> a"]),
        ({"over": {"a"}, "a": {"b"}, "b": {"a", "under"}, "under": set()}, ["a -> b", "b -> a"]),
    ],
)
def test_circles_are_seen(arrows, found):
    assert circles(arrows) == found


def test_imports_inside_functions_have_their_reason_beside_them():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if "migrations" not in path.parts and path.name != "apps.py"  # ready() is made for them
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not has_reason(path, node.lineno)
    ]

    assert wrong == []


def has_reason(path: Path, line: int) -> bool:
    """Whether a comment stands on the line, or on the one before the block of imports."""
    lines = path.read_text().splitlines()
    while "import " in lines[line - 2] and "#" not in lines[line - 1]:
        line -= 1
    return "#" in lines[line - 1].replace("# noqa", "") or lines[line - 2].lstrip().startswith("#")


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


def test_each_floor_names_the_major_that_it_was_tried_with():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
    ]
    pinned = pins(ROOT / "requirements-dev.txt")

    for text in named:
        requirement = Requirement(text)
        (floor,) = (one.version for one in requirement.specifier if one.operator in (">=", "=="))
        tried = Version(pinned[requirement.name])
        assert Version(floor).major == tried.major, text
        assert tried in requirement.specifier, text


def pins(path: Path) -> dict[str, str]:
    lines = [line.split(" ")[0] for line in path.read_text().splitlines() if "==" in line]
    return dict(line.split("==") for line in lines)
