"""Archives from people: nothing that they say of themselves is believed."""

import io
import stat
import zipfile

import pytest

from portal.core.media import archives
from portal.core.media.archives import ArchiveRefused, unpacked
from tests.packing import packed

FORMS = (".zip", ".md")


def taken(content: bytes, name: str) -> dict[str, bytes]:
    """{path: content} of what lies in the folder, with its own name in front."""
    with unpacked(io.BytesIO(content), name, FORMS) as folder:
        files = [path for path in folder.rglob("*") if path.is_file()]
        found = {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in files}
    assert not folder.parent.exists()
    return found


def refused(content: bytes, words: str, name: str = "a.zip") -> None:
    with pytest.raises(ArchiveRefused, match=words), unpacked(io.BytesIO(content), name, FORMS):
        pytest.fail("It was unpacked.")


def test_an_archive_is_a_folder_while_it_is_read():
    content = packed({"a/b.md": "x", "a/": "", "__MACOSX/a/b.md": "y", "é.md": "z"})

    assert taken(content, "My Docs.ZIP") == {"my-docs/a/b.md": b"x", "my-docs/é.md": b"z"}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("HostOutOfMemory.md", "hostoutofmemory/HostOutOfMemory.md"),
        ("Disk full (1).MD", "disk-full-1/Disk full (1).md"),
        ("a\\b.md", "ab/ab.md"),
        ("日本.md", "files/日本.md"),
        (f"{'日' * 100}.md", "files/files.md"),
    ],
)
def test_a_single_file_keeps_its_name_where_a_disk_takes_it(name, path):
    assert taken(b"x", name) == {path: b"x"}


def test_an_unknown_form_is_refused():
    refused(b"x", r"Send one file: \.zip, \.md\.", "a.tar")


def link(name="x/x.md"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return {info: "/etc/passwd"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read"),
        (b"no archive", "cannot be read"),
        (packed({"a/x.md": "x"})[:-30], "cannot be read"),
        (packed({"../x.md": "x"}), "is no name"),
        (packed({"/etc/x.md": "x"}), "is no name"),
        (packed({"a/../../x.md": "x"}), "is no name"),
        (packed({"a\\x.md": "x"}), "is no name"),
        (packed({"c:x.md": "x"}), "is no name"),
        (packed({"a\nb.md": "x"}), "is no name"),
        (packed({"x" * 300: "x"}), "is no name"),
        (packed(link()), "is a link"),
        (packed({"a": "x", "a/x.md": "x"}), "cannot be read"),
        (packed({"a.md": "x"}, compression=zipfile.ZIP_LZMA), "packed in a way"),
        (packed({f"{n}.txt": "" for n in range(archives.MOST + 1)}), "more than 1000 files"),
    ],
)
def test_a_hostile_archive_is_refused_whole(content, words):
    refused(content, words)


def test_a_bomb_is_refused_while_it_is_read(monkeypatch):
    monkeypatch.setattr(archives, "most_bytes", lambda: 1024 * 1024)
    bomb = packed({"a/x.md": b"0" * 20_000_000}, compression=zipfile.ZIP_DEFLATED)
    lying = bomb.replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    refused(bomb, "more than 1 MB")
    refused(lying, "cannot be read")


def test_an_encrypted_archive_is_refused():
    content = bytearray(packed({"a/x.md": "x"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1

    refused(content, "password")
