"""Guides as Markdown: the same after reading and writing, whatever stands in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.files.blocks import BadText, one_line
from onboarding.files.document import GuideText, Picture, StepText, normal, read, write

FULL = b"""---
title: Your first day
slug: your-first-day
purpose: You find your way.
roles:
- reader
minutes: 5
---

## Look around {#9b2d7f0e-5f1c-4b83-9d0a-000000000001}

Press **Go**.

```sh
## not a step
```

\\## nor this
\\```callouts

**Control:** Go
**You should see:** A list.

![The [first\\] page](look.png "taken 2026-03-01T10:00:00+00:00")

```callouts
- kind: box
  text: Press it
  box: {x: 10, y: 20.5, w: 30, h: 15}
  selector: '#go'
```

```page
address: /runbooks/
role: reader
```

```video
title: The tour
file: tour.mp4
```

## Search {#search}
"""


def test_it_reads_all_parts():
    guide = read(FULL.replace(b"[first\\]", b"\\[first\\]"))

    look, search = guide.steps
    assert guide.about["minutes"] == 5 and guide.about["roles"] == ["reader"]
    assert look.text == "Press **Go**.\n\n```sh\n## not a step\n```\n\n## nor this\n```callouts"
    assert (look.control, look.result) == ("Go", "A list.")
    assert look.picture == Picture("look.png", "The [first] page", "2026-03-01T10:00:00+00:00")
    assert look.callouts[0]["box"] == {"x": 10, "y": 20.5, "w": 30, "h": 15}
    assert look.page == {"address": "/runbooks/", "role": "reader"}
    assert look.video["file"] == "tour.mp4"
    assert (search.title, search.key, search.text) == ("Search", "search", "")


def test_it_writes_what_it_read():
    content = FULL.replace(b"[first\\]", b"\\[first\\]").decode()

    # an own fence in the text makes all code of that text escaped: still the same guide
    assert read(write(read(content.encode())).encode()) == read(content.encode())
    plain = content.replace("\\## nor this\n\\```callouts\n\n", "")
    assert write(read(plain.encode())) == plain


LINES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30),
    st.sampled_from(
        ["## x", "##", "# x", "\\## x", "**Control:** x", "\\\\**You should see:**", "![a](b.png)"]
        + ["```", "~~~", "````", "```sh", "```callouts", " ```", "   ~~~", "    ```", "\\```page"]
        + ["---", "1. x", "", "  ", "\\", "\\ ```"]
    ),
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join).map(normal)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40).map(one_line)
FULL_WORDS = WORDS.filter(lambda text: text and not text.endswith("}"))
PERCENT = st.integers(0, 100) | st.floats(0, 100).map(lambda value: round(value, 2))
CALLOUT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["box", "arrow", "circle"]),
        "text": WORDS,
        "box": st.fixed_dictionaries(dict.fromkeys("xywh", PERCENT)),
        "selector": WORDS,
    }
)
BLUR = st.fixed_dictionaries(
    {"box": st.fixed_dictionaries(dict.fromkeys("xywh", PERCENT)), "selector": WORDS}
)
PICTURES = st.builds(
    Picture, st.just("a.png"), WORDS, st.sampled_from(["", "2026-03-01T10:00:00Z"])
)
STEPS = st.builds(
    StepText,
    title=FULL_WORDS,
    key=st.uuids().map(str),
    text=TEXTS,
    control=WORDS,
    result=WORDS,
    picture=st.none() | PICTURES,
    callouts=st.lists(CALLOUT, max_size=2),
    blurred=st.lists(BLUR, max_size=2),
    page=st.just({}) | st.fixed_dictionaries({"address": WORDS, "role": st.just("reader")}),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=3), FULL_WORDS)
def test_whatever_is_written_is_read_again(steps, title):
    guide = GuideText({"title": title, "minutes": 5}, steps)

    text = write(guide)

    assert read(text.encode()) == guide
    assert write(read(text.encode())) == text


def test_a_plain_file_has_a_step_for_each_heading():
    guide = read(
        b"# Sign in\n\nFor everybody.\n\nBring a phone.\n\n## Open it\nGo there.\n\n## Done"
    )

    assert guide.about == {"title": "Sign in", "purpose": "For everybody."}
    assert [(step.title, step.text) for step in guide.steps] == [
        ("Open it", "Bring a phone.\n\nGo there."),
        ("Done", ""),
    ]


def test_a_comment_is_neither_title_nor_purpose_nor_step():
    guide = read(b"<!-- by us\n\n## Not this\n-->\n# First day\n\nFind it.\n\n## Look\n\nHere.\n")

    assert guide.about == {"title": "First day", "purpose": "Find it."}
    assert [step.title for step in guide.steps] == ["Look"]
    assert guide.steps[0].text == "<!-- by us\n\n## Not this\n-->\n\nHere."


def test_a_comment_above_a_plain_list_is_kept_with_its_first_step():
    guide = read(b"<!-- by us -->\n# First day\n\n1. Look.\n2. Go on.\n<!-- later -->\n")

    assert guide.about["title"] == "First day"
    assert [step.text for step in guide.steps] == [
        "<!-- by us -->\n\nLook.",
        "Go on.\n<!-- later -->",
    ]


def test_an_open_comment_swallows_no_step_of_an_export():
    guide = GuideText({"title": "T"}, [StepText("A", "a", "<!-- x"), StepText("B", "b", "y -->")])

    assert [(step.title, step.text) for step in read(write(guide).encode()).steps] == [
        ("A", "<!-- x"),
        ("B", "y -->"),
    ]


def test_a_plain_list_has_a_step_for_each_item():
    guide = read(
        b"# Sign in\n\n1. Open **the page**. Wait.\n\n   ```\n   ls\n   ```\n2. Go\n   on\n"
    )

    assert [(step.title, step.text) for step in guide.steps] == [
        ("Open the page", "Open **the page**. Wait.\n\n```\nls\n```"),
        ("Go", "Go\non"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "no step"),
        (b"Just words.", 1, "no step"),
        (b"---\ntitle: x\n", 1, "not closed"),
        (b"---\n- x\n---\n## a", 2, "names and values"),
        (b"---\ntitle: x\nslug: &a b\nowner: *a\n---\n## a", 3, "aliases"),
        (b"---\na: [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]\n---\n## a", 2, "levels"),
        (b"---\na: x\n b: :\n---\n## a", 3, "YAML"),
        (b"---\na: !!python/object:x {}\n---\n## a", 2, "tag"),
        (b"## a\n\n```callouts\n- *a\n```", 4, "aliases"),
        (b"## a\n\n```callouts\nkind: box\n```", 3, "a list"),
        (b"## a\n\n```page\n- x\n```", 3, "names and values"),
        (b"## a\n\n```page\naddress: /\n", 3, "not closed"),
        (b"## a\n```page\na: 1\n```\n```page\na: 1\n```", 5, "too often"),
        (b"## a\n![x](a.png)\n![y](b.png)", 3, "one picture"),
        (b"## a\n**Control:** x\n**Control:** y", 3, "twice"),
        (b"## a\nb\xff", 2, "UTF-8"),
        (b"## a\n\nb\x00", 3, "NUL"),
        (b"## a\n" + b"x" * 2_000_000, 1, "Larger"),
    ],
)
def test_it_names_the_line_of_what_it_cannot_read(content, line, words):
    with pytest.raises(BadText) as caught:
        read(content)

    assert words in caught.value.detail and caught.value.line == line


@pytest.mark.parametrize("line", ["## a" + " " * 500_000 + "b{", "# a" + " " * 500_000 + "b"])
def test_many_spaces_are_read_as_fast_as_words(line):
    guide = read(f"{line}\n\n## Look {{#look}}\n\nHere.\n".encode())

    assert (guide.steps[-1].title, guide.steps[-1].key) == ("Look", "look")


def test_a_title_is_looked_for_at_the_beginning_of_a_long_line():
    guide = read(b"1. Look at it. " + b"[" * 500_000)

    assert guide.steps[0].title == "Look at it"


def test_the_order_in_which_a_database_keeps_members_makes_no_other_file():
    box = {"x": 1, "y": 2, "w": 3, "h": 4}
    page = {"address": "/", "role": "", "clicks": [{"do": "wait", "selector": "#a", "value": ""}]}
    step = StepText("Look", callouts=[{"kind": "box", "box": box, "selector": "#a"}], page=page)
    other = StepText(
        "Look",
        callouts=[{"selector": "#a", "box": dict(reversed(box.items())), "kind": "box"}],
        page={"role": "", "clicks": [dict(reversed(page["clicks"][0].items()))], "address": "/"},
    )

    assert write(GuideText({}, [step])) == write(GuideText({}, [other]))
