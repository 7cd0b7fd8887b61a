from io import BytesIO, StringIO
from unicodedata import normalize

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.files.block import MARKER
from runbooks.files.importer import Import
from runbooks.models import Image, Runbook, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path):
    """Write files below a folder named `wiki`: `tree({"a.md": "text"})`."""
    folder = tmp_path / "wiki"

    def tree(files):
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return tree


def bring_in(folder, **options):
    """{path: state} and {path: why} of one import."""
    work = Import(folder, at=timezone.now(), **options)
    outcomes = list(work.run())
    assert len(outcomes) == work.count
    return {outcome.path: outcome.state for outcome in outcomes}, {
        outcome.path: outcome.why for outcome in outcomes if outcome.why
    }


def runbook_at(path):
    return Runbook.objects.select_related("published").get(source_path=path)


def png(**options):
    written = BytesIO()
    Picture.new("RGB", (8, 6), "teal").save(written, "PNG", **options)
    return written.getvalue()


def jpeg():
    written = BytesIO()
    Picture.effect_noise((60, 40), 50).convert("RGB").save(written, "JPEG", quality=60)
    return written.getvalue()


def test_it_publishes_a_folder_of_documents(tree):
    states, _ = bring_in(tree({"a.md": "# Alpha\n", "deep/b.markdown": "Beta\n"}))

    assert states == {"a.md": "created", "deep/b.markdown": "created"}
    alpha = runbook_at("runbooks/wiki/a.md")
    assert (alpha.title, alpha.slug, alpha.section) == ("Alpha", "alpha", "runbooks")
    assert alpha.published.text == "# Alpha\n"
    assert runbook_at("runbooks/wiki/deep/b.markdown").title == "B"


def test_a_second_time_nothing_changes(tree):
    folder = tree({"a.md": "[B](b.md)\n", "b.md": "![x](x.jpg)\n", "x.jpg": jpeg()})
    bring_in(folder)

    states, whys = bring_in(folder)

    assert set(states.values()) == {"unchanged"}
    assert not whys
    assert Version.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    ["no end", "\ufeffBOM\n", "CRLF\r\n  trailing  \r\n", "---\ntitle: x\n---\n\n\n", "\u2028\t\n"],
)
def test_a_text_is_stored_to_the_byte(tree, text):
    bring_in(tree({"a.md": text}))

    assert runbook_at("runbooks/wiki/a.md").published.text == text


def test_a_changed_file_is_published(tree):
    bring_in(tree({"a.md": "# Alpha\n"}))

    states, _ = bring_in(tree({"a.md": "# Alpha two\n"}))

    alpha = runbook_at("runbooks/wiki/a.md")
    assert states == {"a.md": "updated"}
    assert (alpha.published.number, alpha.title, alpha.slug) == (2, "Alpha two", "alpha")


def test_a_change_in_the_portal_stays(tree, alice):
    folder = tree({"a.md": "# Alpha\n"})
    bring_in(folder)
    runbook_at("runbooks/wiki/a.md").adopt("# Portal\n", by=alice)

    states, _ = bring_in(folder)

    assert states == {"a.md": "unchanged"}
    assert runbook_at("runbooks/wiki/a.md").published.text == "# Portal\n"


def test_a_change_on_both_sides_becomes_a_draft(tree, alice):
    bring_in(tree({"a.md": "# Alpha\n"}))
    runbook_at("runbooks/wiki/a.md").adopt("# Portal\n", by=alice)
    folder = tree({"a.md": "# File\n"})

    states, whys = bring_in(folder, by=alice)
    again, _ = bring_in(folder)

    alpha = runbook_at("runbooks/wiki/a.md")
    assert states == {"a.md": "draft"}
    assert "v3" in whys["a.md"]
    assert alpha.published.text == "# Portal\n"
    assert (alpha.newest.text, alpha.newest.state) == ("# File\n", "draft")
    assert again == {"a.md": "unchanged"}


def test_a_draft_in_the_portal_is_a_change_too(tree, alice):
    bring_in(tree({"a.md": "# Alpha\n"}))
    alpha = runbook_at("runbooks/wiki/a.md")
    alpha.draft("# Portal\n", author=alice, based_on=1)

    states, _ = bring_in(tree({"a.md": "# File\n"}))

    assert states == {"a.md": "draft"}
    assert runbook_at("runbooks/wiki/a.md").published.text == "# Alpha\n"
    assert alpha.versions.filter(text="# Portal\n").exists()


def test_an_old_copy_of_a_file_overwrites_nothing(tree):
    bring_in(tree({"a.md": "# One\n"}))
    bring_in(tree({"a.md": "# Two\n"}))

    states, _ = bring_in(tree({"a.md": "# One\n"}))

    assert states == {"a.md": "draft"}
    assert runbook_at("runbooks/wiki/a.md").published.text == "# Two\n"


def test_links_work_whatever_the_order(tree):
    files = {
        "a.md": "[to](z/b.md#part) [back](missing.md)",
        "z/b.md": '# B\n\n[up](../a.md) [hugo]({{< ref "../a.md" >}}) [root](/a/)\n',
    }
    work = Import(tree(files), at=timezone.now())
    list(work.run())

    b = runbook_at("runbooks/wiki/z/b.md")
    assert 'href="/runbooks/b/#h-part"' in runbook_at("runbooks/wiki/a.md").published.html
    assert b.published.html.count('href="/runbooks/a/"') == 3
    assert [str(link) for link in work.broken if not link.is_new] == [
        "a.md:1: missing.md (there is no such file)",
        "a.md:1: z/b.md#part (there is no such section)",
    ]


def test_links_work_whatever_the_ending(tree):
    files = {
        "a.markdown": "[page](b) [folder](c/) [file](b.markdown)",
        "b.markdown": "# B\n",
        "c/index.markdown": "# C\n",
    }

    bring_in(tree(files))

    html = runbook_at("runbooks/wiki/a.markdown").published.html
    assert html.count('href="/runbooks/b/"') == 2
    assert 'href="/runbooks/c/"' in html


ACCENT = "Gér\u00e9.md"  # NFC; the other form is four signs longer in UTF-8
LEADS_TO = {
    "docs/C# and C++ (100%).md": ["C%23%20and%20C++%20(100%25).md", "<C%23 and C++ (100%25).md>"],
    f"docs/{ACCENT}": [normalize("NFC", ACCENT), normalize("NFD", ACCENT), "G%C3%A9r%C3%A9"],
    f"docs/{normalize('NFD', 'Öl.md')}": ["Öl.md", normalize("NFD", "Öl.html"), "%C3%96l.md"],
    "docs/page.md": ["page.html", "page.htm#part", "page", "page.md?plain=1", "/docs/page.html"],
    "docs/dir/index.html.md": ["dir/", "dir", "dir/index.html", "dir/index.html.md", "/docs/dir/"],
    "docs/other/_index.md": ["other/", "other/index.html", "../other/", "/other"],
    "docs/low/readme.md": ["low/", "low"],
}


@pytest.mark.parametrize(("path", "written"), LEADS_TO.items())
def test_links_lead_to_files_as_authors_and_their_tools_write_them(tree, path, written):
    links = "\n".join(f"- [to]({target})" for target in written)
    folder = tree({path: "# There\n\n## Part", "docs/start.md": links, "docs/page.html": "x"})

    work = Import(folder, at=timezone.now())
    list(work.run())

    targets = runbook_at("runbooks/wiki/docs/start.md").links.values_list("target", flat=True)
    assert list(targets) == [runbook_at(f"runbooks/wiki/{path}").pk] * len(written)
    assert not work.broken


def test_a_link_around_a_picture_leads_to_the_picture_or_the_page(tree):
    text = "[![Small](a.png)](%C3%A4.PNG) [![Small](a.png)](b.html)\n\n[![A *b*][x]][y]\n\n"
    text += "[x]: a.png\n[y]: b.md\n"
    folder = tree({"a.md": text, "b.md": "B", "a.png": png(), "a\u0308.PNG": jpeg()})

    work = Import(folder, at=timezone.now())
    list(work.run())

    page = runbook_at("runbooks/wiki/a.md")
    small, large = Image.objects.order_by("source_path")
    assert not work.broken
    assert {small.runbook, large.runbook} == {page}
    assert page.published.html.count(small.get_absolute_url()) == 3
    assert f'<a href="{large.get_absolute_url()}"' in page.published.html
    assert page.published.html.count('<a href="/runbooks/b/"') == 2


def test_a_link_to_what_comes_later_is_mended(tree):
    bring_in(tree({"a.md": "[B](b.md) ![P](p.png)\n"}))

    bring_in(tree({"b.md": "# B\n", "p.png": png()}))

    html = runbook_at("runbooks/wiki/a.md").published.html
    assert 'href="/runbooks/b/"' in html
    assert f'src="{Image.objects.get().get_absolute_url()}"' in html


def test_it_reads_what_mkdocs_knows(tree):
    files = {
        "mkdocs.yml": "x: !!python/name:a\nnav: [Start: index.md, In: [The Page: sub/page.md]]\n",
        "docs/index.md": "[page](sub/page/) ![logo](/assets/logo.png)\n",
        "docs/sub/page.md": "Text\n",
        "docs/assets/logo.png": png(),
    }
    bring_in(tree(files), section="user-guide")

    start = runbook_at("user-guide/wiki/docs/index.md")
    assert (start.title, start.section) == ("Start", "user-guide")
    assert 'href="/runbooks/the-page/"' in start.published.html
    assert start.images.get().alt == "logo"


HUGE = f"[]\ndocs_dir: 0x{'f' * 5000}"


@pytest.mark.parametrize("nav", ["[" * 100_000, "!!bool x", "&a [x]\nb: *a", "!!int ''", HUGE])
def test_hostile_navigation_of_mkdocs_stops_nothing(tree, nav):
    folder = tree({"mkdocs.yml": f"nav: {nav}\n", "docs/index.md": "# Start\n"})

    assert bring_in(folder)[0] == {"docs/index.md": "created", "mkdocs.yml": "skipped"}


def test_it_reads_what_hugo_knows(tree):
    page = "---\ntitle: New name\nslug: fresh\naliases: [/docs/old-name/]\n---\n"
    bring_in(
        tree(
            {
                "content/_index.md": "Hello\n",
                "content/docs/page.md": page,
                "t.md": "+++\ntitle = 'Toml'\n+++\n",
            }
        )
    )

    page = runbook_at("runbooks/wiki/content/docs/page.md")
    assert (page.title, page.slug) == ("New name", "fresh")
    assert Runbook.objects.at("old-name") == page
    assert runbook_at("runbooks/wiki/content/_index.md").title == "Content"
    assert runbook_at("runbooks/wiki/t.md").title == "Toml"


def test_front_matter_says_what_is_known_of_a_runbook(tree):
    Team.objects.create(slug="platform", name="The Platform Team")
    Service.objects.create(slug="shop", name="Shop")
    text = (
        "---\nkind: Rollback\nsection: api\nowner: The Platform Team\nservices: [shop, missing]\n"
        "alerts: [ShopDown, no alert]\nreview_days: 30\n---\n# Shop\n"
    )

    _, whys = bring_in(tree({"a.md": text}))

    shop = runbook_at("runbooks/wiki/a.md")
    assert (shop.kind, shop.section, shop.owner.slug) == ("rollback", "api", "platform")
    assert (shop.review_days, [alert.name for alert in shop.alerts.all()]) == (30, ["ShopDown"])
    assert [service.slug for service in shop.services.all()] == ["shop"]
    assert "no service missing" in whys["a.md"]
    assert "no name of an alert" in whys["a.md"]
    assert not Service.objects.filter(slug="missing").exists()


def test_front_matter_that_cannot_be_read_is_named_with_its_line_and_how_to_write_it(tree):
    text = "---\nowner: dba\ntitle: Disk full: what now\n---\n\n# Disk\n\n1. Look\n"

    states, whys = bring_in(tree({"a.md": text}))

    assert states == {"a.md": "created"}
    assert 'line 3: The front matter cannot be read. Write line 3 as: title: "Disk' in whys["a.md"]
    assert [step["title"] for step in runbook_at("runbooks/wiki/a.md").published.steps] == ["Look"]


def test_what_another_tool_would_have_drawn_is_said_to_be_left_as_text(tree):
    _, whys = bring_in(tree({"a.md": "# A\n\n{{< youtube x >}}\n"}))

    assert (
        whys["a.md"] == "line 3: “{{< youtube x >}}” is shown as it is written: it is not Markdown"
    )


def test_links_of_wikis_and_places_in_other_pages_lead_there(tree):
    work = Import(
        tree(
            {
                "a.md": "# A\n\n[[Disk full]] [[disk-full#Free Space]] [x](disk-full.md#here)\n",
                "Disk-full.md": '# Full\n\n## Free Space\n\n<a name="here"></a>Here\n',
                "disk-full.md": '# The disk\n\n## Free Space\n\n<a name="here"></a>Here\n',
            }
        ),
        at=timezone.now(),
    )
    list(work.run())

    assert work.broken == []


def test_only_what_changed_in_the_front_matter_is_applied(tree):
    bring_in(tree({"a.md": "---\nkind: rollback\nreview_days: 30\n---\n"}))
    runbook_at("runbooks/wiki/a.md").describe(kind="recovery")

    bring_in(tree({"a.md": "---\nkind: rollback\nreview_days: 60\n---\n"}))

    found = runbook_at("runbooks/wiki/a.md")
    assert (found.kind, found.review_days) == ("recovery", 60)


@pytest.mark.parametrize(
    ("path", "text", "kind", "alerts"),
    [
        ("KubePodNotReady.md", "## Meaning\n\n## Impact\n", "troubleshooting", ["KubePodNotReady"]),
        ("Watchdog.md", "# Watchdog\n\n## Meaning\n\n## Impact\n", "troubleshooting", ["Watchdog"]),
        ("GettingStarted.md", "# Getting started\n", "reference", []),
        ("deploying.md", "# Deploying\n", "deployment", []),
        ("oncall/page.md", "# Page\n", "incident-response", []),
    ],
)
def test_kind_and_alert_are_guessed(tree, path, text, kind, alerts):
    bring_in(tree({path: text}))

    found = Runbook.objects.get()
    assert (found.kind, [alert.name for alert in found.alerts.all()]) == (kind, alerts)


def test_an_alert_stays_with_the_runbook_that_answers_it(tree):
    text = "---\nalerts: [Down]\n---\n"

    states, whys = bring_in(tree({"a.md": text, "b.md": text}))

    assert states == {"a.md": "created", "b.md": "created"}
    assert whys == {"b.md": "another runbook answers Down"}


def test_an_address_that_cannot_be_had_is_replaced(tree):
    text = "---\nslug: new\n---\n"

    states, whys = bring_in(tree({"a.md": text, "b.md": text}))

    assert set(states.values()) == {"created"}
    assert "it got new-2" in whys["a.md"]
    assert "it got new-3" in whys["b.md"]


def test_two_trees_never_meet(tree, tmp_path):
    bring_in(tree({"README.md": "# One\n"}))
    other = tmp_path / "other"
    other.mkdir()
    (other / "README.md").write_text("# Two\n")

    bring_in(other)
    bring_in(other, name="renamed")

    assert sorted(Runbook.objects.values_list("source_path", flat=True)) == [
        "runbooks/other/README.md",
        "runbooks/renamed/README.md",
        "runbooks/wiki/README.md",
    ]


def test_what_cannot_be_taken_stops_nothing(tree, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("secret\n")
    folder = tree(
        {
            "bad-utf8.md": b"fine\n\xff\n",
            "nul.md": b"a\x00b",
            "large.md": "x" * (128 * 1024 + 1),
            "bad-block.md": f"---\n{MARKER}\n  a: [\n---\n",
            "bomb.md": "[a]: /" + "x" * 1000 + "\n\n" + "[a]" * 20_000,
            "no.png": b"<svg/>",
            "node_modules/x.md": "x",
            ".git/x.md": "x",
            "good.md": "Good\n",
        }
    )
    (folder / "outside.md").symlink_to(secret)
    (folder / "dangling.md").symlink_to(folder / "nothing.md")
    (folder / "outside").symlink_to(tmp_path)

    states, whys = bring_in(folder)

    assert states.pop("good.md") == "created"
    assert set(states.values()) == {"refused"}
    assert whys["bad-utf8.md"] == "not UTF-8: byte 0xff in line 2"
    assert "NUL" in whys["nul.md"]
    assert "128 kB" in whys["large.md"]
    assert whys["outside.md"] == "a link that leaves the folder"
    assert whys["outside"] == "a link to a folder"
    assert whys[".git"] == "a hidden folder"
    assert Runbook.objects.count() == 1


@pytest.mark.parametrize("path", ["../x.md", "/etc/x.md", "runbooks/.x.md", "a//b.md", ""])
def test_a_block_cannot_lead_out_of_the_tree(tree, path):
    text = f'---\n{MARKER}\n  path: "{path}"\n---\n'

    states, _ = bring_in(tree({"a.md": text}))

    assert states == {"a.md": "refused"}


def test_a_dry_run_changes_nothing(tree):
    folder = tree({"a.md": "# A\n\n![x](x.png)\n", "x.png": png()})

    states, _ = bring_in(folder, dry_run=True)

    assert states == {"a.md": "created", "x.png": "created"}
    assert not Runbook.objects.exists()
    assert not Image.objects.exists()


def test_an_image_is_cleaned_and_stored(tree):
    notes = PngInfo()
    notes.add_text("Comment", "<script>")

    bring_in(tree({"a.md": "![x](i/x.png)\n", "i/x.png": png(pnginfo=notes)}))

    image = Image.objects.get(source_path="runbooks/wiki/i/x.png")
    with default_storage.open(image.path) as file:
        assert b"<script>" not in file.read()
    assert (image.width, image.height, image.alt) == (8, 6, "x")
    assert image.get_absolute_url() in runbook_at("runbooks/wiki/a.md").published.html


def test_an_image_with_a_damaged_colour_profile_is_taken(tree):
    content = png(icc_profile=b"x" * 200)
    start = content.index(b"iCCP")
    damaged = content[:start] + b"iCCP!" + content[start + 5 :]

    states, _ = bring_in(tree({"x.png": damaged}))

    assert states == {"x.png": "created"}


def test_a_changed_image_is_shown(tree):
    bring_in(tree({"a.md": "![x](x.png)\n", "x.png": png()}))
    old = Image.objects.get()

    states, _ = bring_in(tree({"x.png": jpeg()}))

    new = Image.objects.get(source_path="runbooks/wiki/x.png")
    assert states == {"a.md": "unchanged", "x.png": "updated"}
    assert new.get_absolute_url() in runbook_at("runbooks/wiki/a.md").published.html
    assert Image.objects.filter(pk=old.pk).exists()


def test_the_command_prints_a_line_for_each_file(tree):
    folder = tree({"a.md": "# A\n\n[x](x.md) [L](LICENSE)\n", "b.md": b"\xff", "LICENSE": "free"})
    out = StringIO()

    call_command("import_docs", folder, stdout=out)

    lines = out.getvalue().splitlines()
    assert "created   a.md" in lines
    assert "refused   b.md: not UTF-8: byte 0xff in line 1" in lines
    assert "skipped   LICENSE: no document: Markdown and images are read" in lines
    assert "1 internal links lead to files that were not taken:" in lines
    assert "1 internal links led nowhere before:" in lines
    assert "Done: 3 files (1 created, 1 refused, 1 skipped)." in lines


def test_what_is_not_taken_is_named_with_its_reason_where_it_is_missed(tree):
    links = ["big.md", "plan.svg", "paper.pdf", "src/go/x.go", "src", "sub/", ".git/x", "pic.png"]
    text = "\n\n".join(f"[to]({target})" for target in links)
    files = {"a.md": text, "big.md": "x" * 200_000, "plan.svg": "<svg>", "paper.pdf": "%PDF"}
    files |= {"src/go/x.go": "go", "src/y.c": "c", "sub/b.md": "B", "sub/z.txt": "z", ".git/x": "x"}

    work = Import(tree(files | {"pic.png": b"no picture"}), at=timezone.now())
    told = {outcome.path: outcome.why for outcome in work.run() if outcome.why}

    assert told == {
        ".git": "a hidden folder",
        "big.md": told["big.md"],
        "paper.pdf": ".pdf is not read: convert it to Markdown",
        "pic.png": told["pic.png"],
        "plan.svg": ".svg is not shown: save it as PNG",
        "src": "no documents: 2 files (.c, .go)",
        "sub/z.txt": ".txt is not read: convert it to Markdown",
    }
    assert told["big.md"].startswith("larger than 128 kB")
    missed = {link.target: link.why for link in work.broken}
    assert missed == {
        **{name: told[name] for name in ("big.md", "plan.svg", "paper.pdf", "src", "pic.png")},
        "src/go/x.go": told["src"],
        "sub/": "a folder without an index",
        ".git/x": "a hidden folder",
    }
    assert all(link.is_new for link in work.broken)


@pytest.mark.parametrize("option", ["--by=nobody", "--section=nowhere"])
def test_the_command_refuses_what_does_not_exist(tree, option):
    with pytest.raises(CommandError):
        call_command("import_docs", str(tree({"a.md": "A"})), option)


def test_the_command_refuses_a_folder_that_is_none(tmp_path):
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_docs", tmp_path / "nothing")


def test_the_owner_of_a_tree_is_that_of_what_names_none(tree):
    platform, shop = (Team.objects.create(slug=n, name=n.title()) for n in ("platform", "shop"))
    folder = tree({"a.md": "A", "b.md": "---\nowner: shop\n---\nB", "c.md": "C"})
    bring_in(folder, name="wiki")
    (folder / "new.md").write_text("New")

    call_command("import_docs", folder, "--owner", "Platform", "--quiet", stdout=StringIO())

    owners = dict(Runbook.objects.values_list("source_path", "owner"))
    assert set(owners.values()) == {platform.pk, shop.pk}
    assert owners["runbooks/wiki/b.md"] == shop.pk
    with pytest.raises(CommandError, match=r"no team nobody\. Teams are: platform, shop"):
        call_command("import_docs", folder, "--owner", "nobody")


def test_the_folders_of_guides_are_left_to_their_own_command(tree):
    folder = tree(
        {
            "user-guide/a.md": "# A",
            "user-guide/guides/first-day/guide.md": "## Look around",
            "user-guide/guides/first-day/page.png": png(),
            "user-guide/guides/last-day/guide.markdown": "## Leave",
            "user-guide/questions/access.md": "## Where?",
            "runbooks/wiki/guide.md": "# A guide to the wiki",
            "runbooks/questions/b.md": "# B",
        }
    )

    states, _ = bring_in(folder)

    assert sorted(states) == [
        "runbooks/questions/b.md",
        "runbooks/wiki/guide.md",
        "user-guide/a.md",
    ]
