"""Files that are too large for one runbook: an index, and a part for each second-level heading."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.core.markdown import render
from portal.core.markdown.document import SOURCE_LIMIT
from runbooks.files import parts as large_file
from runbooks.files.importer import Import
from runbooks.files.parts import parts_of
from runbooks.files.sections import sections_of
from runbooks.models import AlertName, Runbook
from tests.runbooks.test_export import empty_the_portal, same, take_out
from tests.runbooks.test_import import bring_in, png, runbook_at, tree  # noqa: F401  (a fixture)

FRONT = """\
---
title: All alerts
alerts: [node-1, DiskFull, Elsewhere]
review_days: 30
parameters:
  - {name: host, description: Which}
---
"""
SECTION = """\
## Node {number}

See [the last](#node-5), [its meaning](#meaning-5) and [the rules][rules].[^1]
![Plan](plan.png) [other](other.md)

### Meaning

1. Look at {{{{ host }}}}.

   ```bash
   ssh {{{{ host }}}}
   ## no heading
   ```

<!--
## nor this
-->
"""
TAIL = "[rules]: #node-2\n[unused]: x.md\n\n[^1]: A note\n    that goes on.\n"
HEAD = "# Head\n\nAn [entry](#meaning-1), [lost](#gone).\n\n"


def large(*, filler="", front=FRONT):
    sections = [SECTION.format(number=number) + filler for number in range(6)]
    return f"{front}{HEAD}{''.join(sections)}\nLast *one*\n----------\n\nDiskFull.\n\n{TAIL}"


FILES = [*(f"big-Node-{number}.md" for number in range(6)), "big-Last-one.md", "big.md"]


def test_a_part_is_made_of_each_heading_and_links_lead_to_the_part_that_has_the_place():
    parts = parts_of("big.md", large(), set())

    assert list(parts) == FILES
    first = parts["big-Node-0.md"]
    assert "[the last](big-Node-5.md#node-5)" in first
    assert "[its meaning](big-Node-5.md#meaning)" in first
    assert "[rules]: big-Node-2.md#node-2" in first
    assert "[^1]: A note\n    that goes on." in first
    assert "unused" not in first
    assert "[its meaning](#meaning)" in parts["big-Node-5.md"]
    assert "An [entry](big-Node-1.md#meaning), [lost](#gone)." in parts["big.md"]
    rendered = render(first)
    assert (rendered.title, rendered.front_matter["review_days"]) == ("Node 0", 30)
    assert [step["commands"][0]["text"] for step in rendered.steps] == [
        "ssh {{ host }}\n## no heading"
    ]
    assert [parameter["name"] for parameter in rendered.parameters] == ["host"]


def test_code_of_a_section_stays_as_it_is_written():
    code = "```md\n[x](#two)\n```"
    parts = parts_of("big.md", f"## One\n{code}\n[x](#two)\n## Two\n", set())

    assert f"{code}\n[x](big-Two.md#two)" in parts["big-One.md"]


def test_a_long_note_that_each_section_uses_is_not_copied_without_end():
    note = "[^a]: x\n" + "    y\n" * 5_000

    assert parts_of("big.md", "## S\n[^a]\n" * 40 + note, set()) == {}


def test_no_word_of_a_section_is_lost():
    text, parts = large(filler="Ω\r\n"), parts_of("big.md", large(filler="Ω\r\n"), set())

    kept = "\n".join(parts.values())
    assert {line for line in text.splitlines() if line.startswith(("Ω", "DiskFull", "### "))} <= {
        *kept.splitlines()
    }
    assert kept.count("Ω") == 6


def test_alerts_go_to_the_part_that_has_them():
    parts = parts_of("big.md", large().replace("Node 1\n", "node-1\n"), set())

    found = {path: render(text).front_matter.get("alerts") for path, text in parts.items()}
    assert {path: alerts for path, alerts in found.items() if alerts} == {
        "big.md": ["Elsewhere"],
        "big-Last-one.md": ["DiskFull"],
        "big-node-1.md": ["node-1"],
    }


@pytest.mark.parametrize(("count", "are_alerts"), [(6, True), (2, False)])
def test_headings_that_are_nearly_all_names_of_alerts_are_their_names(count, are_alerts):
    names = [f"HostOut{number}" if number < count else f"Host {number}" for number in range(6)]
    text = "".join(f"## {name}\n\nText.\n\n" for name in names)

    parts = parts_of("big.md", f"# Rules\n\n{text}", set())

    found = [render(part).front_matter.get("alerts") for part in parts.values()]
    assert found[:6] == ([[name] for name in names] if are_alerts else [None] * 6)


def test_names_that_are_taken_and_headings_of_one_name_get_a_number():
    text = "## A b\n\n## A b\n\n## !\n"

    assert list(parts_of("x/big.md", text, {"x/big-A-b.md"})) == [
        *("x/big-A-b-2.md", "x/big-A-b-3.md", "x/big-part.md", "x/big.md")
    ]


@pytest.mark.parametrize(("count", "made"), [(3, 4), (4, 0)])
def test_a_text_of_too_many_headings_is_not_split(count, made, monkeypatch):
    monkeypatch.setattr(large_file, "MOST_PARTS", 3)

    assert len(parts_of("big.md", "## One name\n\nText.\n\n" * count, set())) == made


@pytest.mark.parametrize(
    ("heading", "title", "identifier"),
    [
        ("a [b](c) d", "a b d", ""),
        ("[![a](b)](c) *d* `e`", "!a d e", ""),
        ("a [b] c] [d [e](f) ## #", "a [b] c] d e ##", ""),
        ("a  b \t ###  ", "a b", ""),
        ("a {#own-id}  ##", "a", "own-id"),
        ("a {: #own }", "a", "own"),
        ("a {#b} {#c}", "a {#b}", "c"),
    ],
)
def test_a_title_is_the_words_of_a_heading(heading, title, identifier):
    section = sections_of(f"## {heading}\n")[1]

    assert (section.title, section.identifier) == (title, identifier)


HOSTILE = [" ", " \t", " #", "[", "[a](", "](x ", "](", "{#a", "{ ", "{#a} ", "*[", "]"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_heading_is_read_once(unit):
    """A pattern that takes the square of its length would need an hour for a million letters."""
    section = sections_of(f"## a{unit * (1_000_000 // len(unit))}b\n")[1]

    assert section.title.startswith("a") and section.identifier == ""


@pytest.mark.django_db
def test_a_large_file_is_split_where_that_is_asked_for(tree, tmp_path):  # noqa: F811
    files = {"big.md": large(filler="words " * (SOURCE_LIMIT // 24) + "\n"), "plan.png": png()}
    files |= {"other.md": "[place](big.md#meaning-3) [whole](big.md)"}
    folder = tree(files)
    states, whys = bring_in(folder)
    assert states["big.md"] == "refused" and "--split" in whys["big.md"]
    out = StringIO()

    call_command("import_docs", folder, "--split", stdout=out)

    lines = out.getvalue().splitlines()
    assert {f"created   {path}" for path in FILES} <= set(lines)
    assert not [line for line in lines if "internal links" in line]
    index = runbook_at("runbooks/wiki/big.md")
    assert index.linked_from.count() == 2
    assert 'id="h-meaning-3"' in index.published.html
    assert AlertName.objects.get(name="DiskFull").runbook.title == "Last one"
    assert index.links.filter(target=None).exclude(address="").count() == 0
    work = Import(folder, at=timezone.now(), split=True)
    assert {outcome.state for outcome in work.run()} == {"unchanged"}
    take_out(tmp_path / "one")
    empty_the_portal()
    bring_in(tmp_path / "one")
    take_out(tmp_path / "two")
    assert same(tmp_path / "one", tmp_path / "two")
    assert Runbook.objects.count() == len(FILES) + 1


@pytest.mark.django_db
def test_what_cannot_be_split_is_refused_as_before(tree):  # noqa: F811
    words = "words " * (SOURCE_LIMIT // 6 + 100)
    folder = tree({"flat.md": words, "one.md": f"## One\n\n{words}", "bad.md": b"\xff" * 140_000})

    states, whys = bring_in(folder, split=True)

    assert states == {
        **dict.fromkeys(("bad.md", "flat.md", "one-One.md"), "refused"),
        "one.md": "created",
    }
    assert "UTF-8" in whys["bad.md"]
    assert "cannot be split" in whys["flat.md"] and "this section alone" in whys["one-One.md"]


@pytest.mark.parametrize(
    ("alert", "text", "is_meant"),
    [
        ("DiskFull", "See `DiskFull`.", True),
        ("DiskFull", "DiskFullSoon and my-DiskFull, diskfull", False),
        ("node.disk:full", "(node.disk:full)", True),
        ("node.disk:full", "anode.disk:full, node.disk:fuller, node.disk full", False),
        ("[x.y]", "At [x.y]", True),
        ("[x.y]", "a[x.y] [x.y]-b", False),
        ("Größe-1", "Die Größe-1 ist", True),
    ],
)
def test_a_name_is_meant_where_it_stands_by_itself(alert, text, is_meant):
    parts = parts_of("a.md", f"---\nalerts: ['{alert}']\n---\n## One\n\n{text}\n\n## Two\n", set())

    alerts = render(parts["a-One.md"]).front_matter.get("alerts")

    assert alerts == ([alert] if is_meant else None)
