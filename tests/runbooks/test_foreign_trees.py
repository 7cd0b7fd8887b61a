"""Two trees of other tools, 60 files: all commands in their steps, no comment shown, and back.

One is of MkDocs: numbered steps, code at the edge, content tabs, notes. One is of Hugo: tasks,
shortcodes, files named as pages and folders. Both have a `DiskFull` of their own.
"""

from unicodedata import normalize

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.models import AlertName, Runbook
from tests.runbooks.test_export import bring_in, empty_the_portal, known, same, take_out
from tests.runbooks.test_import import png

pytestmark = pytest.mark.django_db
ALERTS = "## Meaning\n\nIt is full.\n\n## Impact\n\nNobody can write.\n\n## Mitigation\n\n"
SHELL = "```{info}\n{text}\n```\n"
FRONT = "---\ntitle: {title}\nowner: {owner}\nservices: [shop]\nparameters: [{{name: host}}]\n---\n"
COMMENT = "<!-- hidden-word: `rm -rf /`\n\n## hidden-word -->\n"


def numbered(number: int) -> str:
    """Code at the edge in every way, in steps that go on counting."""
    shapes = (
        ("bash", "", ""),
        ("{.bash}", " ", ""),
        ('bash title="x"', "  ", ""),
        ("console", "", "$ "),
    )
    info, indent, prompt = shapes[number % 4]
    text = COMMENT
    for step in range(1, 4):
        code = SHELL.format(info=info, text=f"{prompt}run-{number}-{step} --host {{{{ host }}}}")
        code = "".join(f"{indent}{line}\n" for line in code.splitlines())
        text += (
            f'{1 if number % 2 else step}. Do {step}.\n\n{code}\n!!! warning "Mind"\n    So.\n\n'
        )
    return text


def tabbed(number: int, write) -> str:
    """The same command in two alternatives, in a section that is a step."""
    tabs = [(name, SHELL.format(info="bash", text=f"{name}-{number}")) for name in ("linux", "mac")]
    return f"{COMMENT}## Install\n\n{write(tabs)}\n"


def mkdocs_tabs(tabs) -> str:
    inside = ((name, "".join(f"    {line}\n" for line in code.splitlines())) for name, code in tabs)
    return "\n".join(f'=== "{name}"\n\n{code}' for name, code in inside)


def hugo_tabs(tabs) -> str:
    inside = (f'{{{{< tab "{name}" >}}}}\n{code}{{{{< /tab >}}}}\n' for name, code in tabs)
    return "{{< tabs >}}\n" + "".join(inside) + "{{< /tabs >}}\n"


def tasks(number: int) -> str:
    code = SHELL.format(info="sh", text=f"task-{number}")
    example = "````markdown\n```sh\nno-command\n```\n````\n"
    return f"{COMMENT}- [ ] Stop it\n\n{code}\n- [ ] Write\n\n{example}\nDone.\n"


def mkdocs() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"mkdocs.yml": "nav: [{Start: index.md}]\n"}
    for number in range(15):
        front = FRONT.format(title=f'"Step: {number}"', owner="ops" if number % 2 else "nobody")
        files[f"docs/steps/page-{number}.md"] = f"{front}\n{numbered(number)}"
        files[f"docs/tabs/tab-{number}.md"] = f"# Tab {number}\n\n{tabbed(number, mkdocs_tabs)}"
    rows = "\n".join(f"- [{n}](steps/page-{n}.html)" for n in range(15))
    files["docs/index.md"] = f"# Start\n\n{COMMENT}\n{rows}\n- [![Plan](plan.png)](plan.png)\n"
    files["docs/alerts/DiskFull.md"] = f"# DiskFull\n\n{ALERTS}{numbered(98)}"
    files |= {"docs/plan.png": png(), "docs/plan.svg": "<svg/>"}
    return files


def hugo() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"hugo.toml": "x = 1\n"}
    for number in range(12):
        files[f"content/tasks/task {number} #{number}.md"] = tasks(number)
        files[f"content/tabs/tab-{number}.md"] = f"# Tab {number}\n\n{tabbed(number, hugo_tabs)}"
    links = '[a](tasks/task%203%20%233.md) [b](tabs/tab-1/) [c](folder/) [d]({{< ref "tab-2" >}})'
    accent = normalize("NFD", "Übersicht.md")
    files["content/_index.md"] = f"# Start\n\n{links} [e](Übersicht.md)\n"
    files["content/folder/index.html.md"] = f"# Folder\n\n[up](../_index.md)\n\n{numbered(50)}"
    files[f"content/{accent}"] = f'+++\ntitle = "Overview"\n+++\n{numbered(51)}'
    files["content/alerts/DiskFull.md"] = f"# DiskFull\n\n{ALERTS}{numbered(99)}"
    return files


TREES = {"zoo": mkdocs, "ant": hugo}


@pytest.fixture
def imported(tmp_path):
    """Both trees in one portal: the first that is read has the alert. {path: text} of both."""
    Team.objects.create(slug="ops", name="Operations")
    Service.objects.create(slug="shop", name="Shop front")
    texts, broken = {}, []
    for name, files in TREES.items():
        for path, content in files().items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
            texts[f"runbooks/{name}/{path}"] = content
        work, _ = bring_in(tmp_path / name)
        broken += work.broken
    assert broken == []
    return {path: text for path, text in texts.items() if path.endswith(".md")}


def commands_in(text: str) -> list[str]:
    """What somebody would type, found by its mark alone."""
    words = (line.strip().removeprefix("$ ") for line in text.splitlines())
    return [line for line in words if line.startswith(("run-", "linux-", "mac-", "task-"))]


def test_every_command_is_in_its_step_and_every_comment_hidden(imported):
    assert len(imported) >= 60
    for path, text in imported.items():
        version = Runbook.objects.get(source_path=path).published
        steps = [[command["text"] for command in step["commands"]] for step in version.steps]
        assert [line for step in steps for line in step] == commands_in(text), path
        assert "hidden-word" not in version.html + version.plain + str(version.steps), path
        assert version.text == text
    orders = Runbook.objects.get(source_path="runbooks/zoo/docs/steps/page-3.md").published
    assert [len(step["commands"]) for step in orders.steps] == [1, 1, 1]


def test_they_come_back_from_an_export_as_they_were(imported, tmp_path):
    assert AlertName.objects.get().runbook.source_path.startswith("runbooks/zoo/")
    before = known()
    take_out(tmp_path / "one")
    empty_the_portal()

    work, states = bring_in(tmp_path / "one")

    assert set(states.values()) == {"created"}
    assert known() == before
    assert work.broken == []
    take_out(tmp_path / "two")
    assert same(tmp_path / "one", tmp_path / "two")
