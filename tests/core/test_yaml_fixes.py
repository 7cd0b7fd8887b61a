"""A line of YAML that cannot be read is named, with how to write it."""

import pytest
import yaml

from portal.core.data.yaml import BadYaml, Refused, _Loader, documents, load
from portal.core.data.yaml_fixes import fix_of


def fixed(source):
    try:
        load(source)
    except Exception as error:
        return fix_of(source, error, load)
    raise AssertionError("it can be read")


@pytest.mark.parametrize(
    ("source", "line", "written"),
    [
        ("title: Disk full: what now", 1, 'title: "Disk full: what now"'),
        ("owner: dba\ntitle: Disk full: what now\ntags: [a]", 2, 'title: "Disk full: what now"'),
        ("title: {{ .Name }}", 1, 'title: "{{ .Name }}"'),
        ("title: `disk` is full", 1, 'title: "`disk` is full"'),
        ("title: @home", 1, 'title: "@home"'),
        ("title: %d files", 1, 'title: "%d files"'),
        ("title: *bold*", 1, 'title: "*bold*"'),
        ('title: "Disk" is full: now', 1, "title: '\"Disk\" is full: now'"),
        ('title: "Disk full', 1, 'title: "Disk full"'),
        ("title: [draft] Disk full", 1, 'title: "[draft] Disk full"'),
        ("tags:\n  - a: b: c", 2, '  - a: "b: c"'),
        ("tags:\n  - @home", 2, '  - "@home"'),
        ("a:\n\tb: 2", 2, "  b: 2"),
        ("title:Disk full\nowner: dba", 1, "title: Disk full"),
        ("when: 2024-99-99", 1, 'when: "2024-99-99"'),
        ('title: "a "b" c"\ndate: {{ .Date }}', 1, "title: 'a \"b\" c'"),
    ],
)
def test_it_says_how_to_write_the_line(source, line, written):
    assert fixed(source) == (line, written)


@pytest.mark.parametrize("source", ["[", "a: 1\n]\n}", "? [a, b]\n: c", "a: " + "[" * 300])
def test_it_says_nothing_where_no_single_change_helps(source):
    assert fixed(source) is None


def test_a_file_of_the_catalog_says_it_too():
    with pytest.raises(BadYaml, match='Write line 2 as: name: "a: b"') as caught:
        documents(b"kind: x\nname: a: b\n")

    assert caught.value.line == 2


@pytest.mark.parametrize("digit", ["9", "f", ":1"])
def test_a_number_of_thousands_of_digits_is_refused_before_it_is_read(digit, monkeypatch):
    def unread(*_):
        raise AssertionError("It was read.")

    number = ("0x" if digit == "f" else "1") + digit * 200_000
    monkeypatch.setattr(yaml, "load", unread)
    monkeypatch.setitem(_Loader.yaml_constructors, "tag:yaml.org,2002:int", unread)

    with pytest.raises(Refused, match="thousands of digits"):
        load(f"tier: {number}")
    with pytest.raises(BadYaml, match="too large") as refusal:
        documents(f"name: a\ntier: {number}".encode())
    assert refusal.value.line == 2


def test_words_and_numbers_of_a_usual_size_are_read():
    long = "9" * 5000
    assert load(f"a: '{long}'\nb: {2**63}\nc: {'ab' * 2000}")["a"] == long
    ((values, _),) = documents(f"a: '{long}'\nb: {2**63}\nc: 0x1f".encode())
    assert values == {"a": long, "b": 2**63, "c": 31}
