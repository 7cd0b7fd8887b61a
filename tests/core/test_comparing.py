"""Comparing and merging: what the reader sees, and that no character is ever lost."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.comparing import EndingChange, Piece, Segment, compare_lines, merge

LINES = st.sampled_from(["", "## Impact", "# Disk", "```", "a b", "a c", "b c d", "ä 漢字 ½"])
ENDINGS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", ""])
TEXTS = st.lists(st.tuples(LINES, ENDINGS)).map(lambda lines: "".join(map("".join, lines)))
TEXTS |= st.text(max_size=40)

OLD = """# etcd

## Meaning

The quota is low.

## Mitigation

Run the command in all etcd pods.

```shell
$ etcdctl defrag
```
"""
NEW = """# etcd

## Meaning

The quota is low.

## Mitigation

Run the command in one etcd pod.

> [!WARNING] It blocks the member.

```shell
$ etcdctl --endpoints={{ member }} defrag
$ etcdctl alarm disarm
```
"""


def kinds(comparison):
    return [row.kind for row in comparison.rows if row.kind != "equal"]


def changed(comparison, kind):
    return next(row for row in comparison.rows if row.kind == kind)


def test_it_marks_the_words_that_changed():
    row = changed(compare_lines("Run it in all pods.\n", "Run it in one pod.\n"), "changed")

    assert row.left.segments == (
        Segment("Run it in ", False),
        Segment("all pods", True),
        Segment(".", False),
    )
    assert row.right.segments == (
        Segment("Run it in ", False),
        Segment("one pod", True),
        Segment(".", False),
    )


def test_the_inline_row_has_removed_words_before_the_added_ones():
    row = changed(compare_lines("Run it in all pods.\n", "Run it in one pod.\n"), "changed")

    assert row.inline == [
        Piece("Run it in ", "equal"),
        Piece("all pods", "removed"),
        Piece("one pod", "added"),
        Piece(".", "equal"),
    ]


def test_an_added_and_a_removed_line_read_as_one_piece_inline():
    assert compare_lines("", "new\n").rows[0].inline == [Piece("new", "added")]
    assert compare_lines("old\n", "").rows[0].inline == [Piece("old", "removed")]


def test_it_pairs_a_line_with_the_one_it_became():
    comparison = compare_lines(OLD, NEW)

    assert kinds(comparison) == ["changed", "added", "added", "changed", "added"]
    command = [row for row in comparison.rows if row.kind == "changed"][1]
    assert (command.left.number, command.right.number) == (12, 14)
    assert command.right.segments[1] == Segment("--endpoints={{ member }} ", True)


def test_a_line_with_nothing_in_common_is_removed_and_added():
    assert kinds(compare_lines("Page the DBA.\n", "Fail over first\n")) == ["removed", "added"]


def test_it_finds_the_line_that_lives_on_among_others():
    comparison = compare_lines(
        "Restart the primary.\n", "Check the lag.\nRestart the old primary.\n"
    )

    assert kinds(comparison) == ["added", "changed"]


def test_it_counts_words_and_sections():
    comparison = compare_lines(OLD, NEW)

    assert comparison.sections_changed == ["Mitigation"]
    assert (comparison.words_removed, comparison.words_added) == (2, 12)


def test_a_heading_inside_a_code_block_is_not_a_section():
    old = "## Impact\n\n```\n## not me\n```\n\nlow\n"

    assert compare_lines(old, old.replace("low", "high")).sections_changed == ["Impact"]


@pytest.mark.parametrize(
    ("line", "title"),
    [("## Impact ##", "Impact"), ("## C#", "C#"), ("   ##\tImpact", "Impact"), ("##", "")],
)
def test_it_reads_headings_as_commonmark_does(line, title):
    comparison = compare_lines(f"{line}\n\nlow", f"{line}\n\nhigh")

    assert comparison.sections_changed == [title]


def test_what_is_before_the_first_heading_is_a_section_without_title():
    assert compare_lines("a\n## B\n", "c\n## B\n").sections_changed == [""]


def test_equal_lines_far_from_a_change_are_folded():
    old = "## Meaning\n" + "same\n" * 40 + "## Impact\nlow disk\n"

    groups = compare_lines(old, old.replace("low", "high")).groups

    assert [(group.folded, group.hidden) for group in groups] == [(True, 39), (False, 0)]
    assert groups[0].sections == ["Meaning"]
    assert [row.kind for row in groups[1].rows] == ["equal"] * 3 + ["changed"]


def test_equal_texts_fold_into_one_group():
    comparison = compare_lines(OLD, OLD)

    assert comparison.same
    assert [group.hidden for group in comparison.groups] == [OLD.count("\n")]


def test_empty_texts_have_no_rows():
    assert compare_lines("", "").rows == []
    assert compare_lines("", "").groups == []


def test_a_change_of_line_endings_is_told_not_shown():
    comparison = compare_lines(OLD, OLD.replace("\n", "\r\n"))

    assert comparison.same_words
    assert not comparison.same
    assert comparison.ending_changes == [EndingChange("LF", "CRLF", OLD.count("\n"))]


def test_a_missing_last_newline_is_told():
    comparison = compare_lines("a\nb\n", "a\nb")

    assert comparison.ending_changes == [EndingChange("LF", "none", 1)]


def test_rare_separators_do_not_end_a_line():
    assert len(compare_lines("a\x0cb\u2028c\x85d\n", "").rows) == 1


@given(TEXTS, TEXTS)
def test_the_rows_hold_both_texts_to_the_character(old, new):
    rows = compare_lines(old, new).rows

    assert "".join(row.left.text + row.left.ending for row in rows if row.left) == old
    assert "".join(row.right.text + row.right.ending for row in rows if row.right) == new


@given(TEXTS, TEXTS)
def test_line_numbers_rise_by_one_and_kinds_tell_the_sides(old, new):
    rows = compare_lines(old, new).rows

    for side in ("left", "right"):
        numbers = [getattr(row, side).number for row in rows if getattr(row, side)]
        assert numbers == list(range(1, len(numbers) + 1))
    assert all((row.left is None) == (row.kind == "added") for row in rows)
    assert all((row.right is None) == (row.kind == "removed") for row in rows)


@given(TEXTS, TEXTS)
def test_the_inline_pieces_hold_both_texts(old, new):
    for row in compare_lines(old, new).rows:
        left = "".join(piece.text for piece in row.inline if piece.change != "added")
        right = "".join(piece.text for piece in row.inline if piece.change != "removed")
        assert left == (row.left.text if row.left else "")
        assert right == (row.right.text if row.right else "")


@given(TEXTS, TEXTS)
def test_an_equal_segment_has_the_same_text_on_both_sides(old, new):
    for row in compare_lines(old, new).rows:
        if row.kind == "changed":
            left, right = (
                [segment.text for segment in side.segments if not segment.changed]
                for side in (row.left, row.right)
            )
            assert left == right


@given(TEXTS, TEXTS)
def test_the_groups_hold_every_row_once(old, new):
    comparison = compare_lines(old, new)

    assert [row for group in comparison.groups for row in group.rows] == comparison.rows


SIZE = 32 * 1024  # in lines and in words far more than LARGEST_GRID and WORK allow
HOSTILE = {
    "blank lines": ("\n" * SIZE, "\n" * (SIZE // 2)),
    "two lines in turn": ("a\nb\n" * (SIZE // 4), "b\na\na\n" * (SIZE // 6)),
    "every other line": ("a b\n\n" * (SIZE // 5), "a c\n\n" * (SIZE // 5)),
    "one line of words": ("ab " * (SIZE // 3), "b a " * (SIZE // 4)),
    "one line of dots": (".!" * (SIZE // 2), "!?." * (SIZE // 3)),
    "spaces and hashes": ("## " + " #" * (SIZE // 2), "##" + " \t" * (SIZE // 2) + "x"),
    "carriage returns": ("\r" * SIZE, "\r\n" * (SIZE // 2)),
    "reversed": (
        "\n".join(str(number) for number in range(10_000)),
        "\n".join(str(number) for number in reversed(range(10_000))),
    ),
    "random": tuple(
        "".join(random.Random(seed).choices("ab \n", k=SIZE)) for seed in ("old", "new")
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_whatever_the_texts(name):
    old, new = HOSTILE[name]

    rows = compare_lines(old, new).rows

    assert "".join(row.right.text + row.right.ending for row in rows if row.right) == new


@pytest.mark.parametrize("name", HOSTILE)
def test_a_merge_ends_whatever_the_texts(name):
    old, new = HOSTILE[name]

    merged = merge(old, new, old)

    assert merged.merged_text == new
    assert "".join(segment.text for segment in merged.theirs_segments) == new


def test_a_page_shows_so_many_rows_and_says_how_many_it_leaves_out():
    same, old, new = "same\n" * 50, "old\n" * 3_000, "new\n" * 3_000

    found = compare_lines(same + old, same + new).excerpt(most=100)

    assert [(group.folded, len(group.rows)) for group in found.groups] == [(True, 47), (False, 100)]
    assert found.left_out == 50 + 6_000 - 147


def test_unfolded_all_rows_count():
    found = compare_lines("same\n" * 50 + "old\n", "same\n" * 50).excerpt(unfolded=True, most=40)

    assert [(group.folded, len(group.rows)) for group in found.groups] == [(False, 40)]
    assert found.left_out == 11


def test_lines_beyond_those_that_are_compared_are_counted_where_they_differ():
    text = "a\nb\nc\nd\n"

    assert compare_lines(text, text + "e\n", most=2).uncompared == 3
    assert not compare_lines(text, text + "e\n", most=2).same
    assert compare_lines(text, f"x{text}", most=2).uncompared == 0
    assert compare_lines(text, text, most=2).same


def test_texts_that_differ_all_over_are_one_question():
    base = "".join(f"base {n}\nsame {n}\n" for n in range(1_000))
    theirs, yours = base.replace("base", "theirs"), base.replace("base", "yours")

    merged = merge(base, theirs, yours)

    (conflict,) = merged.conflicts
    assert merged.merged_text == theirs
    assert merged.resolve({1: "yours"}) == yours
    assert conflict.line == 1


BASE = "Intro\n\nRun it in all pods.\n\nCheck the status.\n"
THEIRS = "Intro\n\nRun it in one pod at a time.\n\nCheck the status.\n"
YOURS = "Intro\n\nRun it in all pods of the cluster.\n\nCheck the status.\nWrite it down.\n"


def test_changes_of_different_lines_are_merged_without_doubt():
    merged = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n")

    assert merged.merged_text == "A\nb\nc\nD\n"
    assert merged.conflicts == []
    assert merged.clean_changes == 2


def test_a_line_changed_by_both_is_a_conflict():
    merged = merge(BASE, THEIRS, YOURS)

    (conflict,) = merged.conflicts
    assert (conflict.number, conflict.line) == (1, 3)
    assert conflict.base == "Run it in all pods.\n"
    assert conflict.theirs == "Run it in one pod at a time.\n"
    assert conflict.yours == "Run it in all pods of the cluster.\n"
    assert merged.clean_changes == 1


def test_a_conflict_marks_what_each_changed():
    (conflict,) = merge(BASE, THEIRS, YOURS).conflicts

    assert [s.text for s in conflict.theirs_segments if s.changed] == ["one pod at a time"]
    assert [s.text for s in conflict.yours_segments if s.changed] == [" of the cluster"]


def test_the_text_offered_first_has_theirs_and_no_markers():
    assert merge(BASE, THEIRS, YOURS).merged_text == THEIRS + "Write it down.\n"


@pytest.mark.parametrize(
    ("choice", "middle"),
    [
        ("theirs", "Run it in one pod at a time.\n"),
        ("yours", "Run it in all pods of the cluster.\n"),
        ("both", "Run it in one pod at a time.\nRun it in all pods of the cluster.\n"),
    ],
)
def test_a_choice_decides_the_conflict(choice, middle):
    text = merge(BASE, THEIRS, YOURS).resolve({1: choice})

    assert text == f"Intro\n\n{middle}\nCheck the status.\nWrite it down.\n"


def test_both_begin_on_lines_of_their_own_at_the_end_of_the_file():
    assert merge("a", "b", "c").resolve({1: "both"}) == "b\nc"


@pytest.mark.parametrize("choices", [{2: "yours"}, {1: "mine"}, {"1": "yours"}])
def test_an_unknown_choice_is_refused(choices):
    with pytest.raises(ValueError, match="no choice"):
        merge(BASE, THEIRS, YOURS).resolve(choices)


def test_a_browser_that_sends_crlf_makes_no_conflict():
    merged = merge(BASE, BASE.replace("Intro", "Start"), BASE.replace("\n", "\r\n"))

    assert merged.conflicts == []
    assert merged.merged_text == BASE.replace("Intro", "Start").replace("\n", "\r\n")


def test_a_text_that_mixes_endings_is_kept_as_it_is():
    mixed = "a\r\nb\n"

    assert merge(mixed, mixed, mixed + "c\n").merged_text == mixed + "c\n"


@given(TEXTS, TEXTS)
def test_only_yours_changed(base, yours):
    assert merge(base, base, yours).merged_text == yours


@given(TEXTS, TEXTS)
def test_only_theirs_changed(base, theirs):
    assert merge(base, theirs, base).merged_text == theirs


@given(TEXTS, TEXTS)
def test_both_made_the_same_change(base, text):
    merged = merge(base, text, text)

    assert merged.merged_text == text
    assert merged.conflicts == []


@given(TEXTS, TEXTS, TEXTS)
def test_a_choice_holds_the_text_of_each_conflict(base, theirs, yours):
    merged = merge(base, theirs, yours)
    numbers = [conflict.number for conflict in merged.conflicts]

    assert numbers == list(range(1, len(numbers) + 1))
    for choice in ("theirs", "yours"):
        text = merged.resolve(dict.fromkeys(numbers, choice))
        assert all(getattr(conflict, choice) in text for conflict in merged.conflicts)


@given(TEXTS, TEXTS, TEXTS)
def test_both_holds_the_words_of_both(base, theirs, yours):
    merged = merge(base, theirs, yours)

    text = merged.resolve({conflict.number: "both" for conflict in merged.conflicts})

    assert all(c.theirs in text and c.yours in text for c in merged.conflicts)


@given(TEXTS, TEXTS, TEXTS)
def test_every_line_typed_is_kept_when_yours_is_chosen(base, theirs, yours):
    merged = merge(base, theirs, yours)

    text = merged.resolve({conflict.number: "yours" for conflict in merged.conflicts})

    new_lines = set(yours.splitlines()) - set(base.splitlines())
    assert new_lines <= set(text.splitlines())


@given(TEXTS, TEXTS, TEXTS)
def test_the_marked_texts_are_the_texts(base, theirs, yours):
    merged = merge(base, theirs, yours)

    assert "".join(segment.text for segment in merged.theirs_segments) == theirs
    assert "".join(segment.text for segment in merged.yours_segments) == yours


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_begins_at_its_line(base, theirs, yours):
    merged = merge(base, theirs, yours)

    for conflict in merged.conflicts:
        before = merge_text_before(merged, conflict)
        assert conflict.line == len(compare_lines(before, "").rows) + 1


def merge_text_before(merged, conflict):
    place = next(at for at, chunk in enumerate(merged.chunks) if chunk.conflict is conflict)
    return "".join(chunk.resolved({}) for chunk in merged.chunks[:place])
