"""Trees that were made to stop an import, or to learn what else is on the disk."""

import pytest
from django.utils import timezone

from runbooks.files.importer import Import
from tests.runbooks.test_import import bring_in, tree  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def test_a_link_that_no_disk_can_hold_is_broken_and_stops_nothing(tree):  # noqa: F811
    name = "a" * 300
    work = Import(
        tree({"a.md": f"[x]({name}.md) [y](sub/{name}/) [z](/{name})\n", "b.md": "B\n"}),
        at=timezone.now(),
    )

    assert [outcome.state for outcome in work.run()] == ["created", "created"]
    assert {link.why for link in work.broken} == {"there is no such file"}
    assert len(work.broken) == 3


def test_a_link_out_of_the_tree_does_not_tell_what_lies_there(tree, tmp_path):  # noqa: F811
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "private").mkdir()
    links = "[a](../secret.txt) [b](../gone.txt) [c](../private) [d](x/secret.txt) [e](x/gone.txt)"
    folder = tree({"a.md": f"{links} [f](x)\n"})
    (folder / "x").symlink_to(tmp_path)
    work = Import(folder, at=timezone.now())

    list(work.run())

    assert {link.target: link.why for link in work.broken} == {
        **dict.fromkeys(["../secret.txt", "../gone.txt", "../private"], "there is no such file"),
        **dict.fromkeys(["x/secret.txt", "x/gone.txt"], "there is no such file"),
        "x": "a link to a folder",
    }


def test_a_link_of_the_disk_that_leads_to_itself_is_refused_alone(tree):  # noqa: F811
    folder = tree({"good.md": "Good\n"})
    (folder / "loop.md").symlink_to(folder / "loop.md")

    states, whys = bring_in(folder)

    assert states == {"good.md": "created", "loop.md": "refused"}
    assert whys["loop.md"] == "not a file, or a link to none"
