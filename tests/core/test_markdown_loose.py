"""Code at the edge belongs to the numbered item before it; what stands between is on a step."""

import re

import pytest

from portal.core.markdown import render

FENCE = "```sh\nid\n```"


def commands(text):
    return [[each["text"] for each in step["commands"]] for step in render(text).steps]


def numbers(text):
    return re.findall(r'<span class="n">(\d+)</span>', render(text).html)


def indented(text, columns):
    return "\n".join(" " * columns + line for line in text.split("\n"))


@pytest.mark.parametrize("columns", [0, 1, 2])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("second", ["1.", "2."])
def test_code_that_is_not_indented_far_enough_is_the_items(columns, gap, second):
    text = f"1. Stop it.{gap}{indented(FENCE, columns)}\n\n{second} Next.\n"

    assert commands(text) == [["id"], []]
    assert numbers(text) == ["1", "2"]
    assert render(text).html.count("<ol") == 1


def test_the_code_stands_in_the_item_on_the_page():
    html = render(f"1. Stop it.\n\n{FENCE}\n\n{FENCE}\n\n2. Next.\n").html

    assert re.search(r"<li>.*?Stop it.*?<pre.*?<pre.*?</li>.*?<li>.*?Next", html, re.DOTALL)


def test_code_after_the_last_item_is_the_items():
    assert commands(f"1. a\n2. b\n\n{FENCE}\n") == [[], ["id"]]


def test_code_of_items_beyond_nine_needs_no_fourth_column():
    text = "".join(f"{number}. a\n\n   {indented(FENCE, 3).lstrip()}\n\n" for number in (9, 10, 11))

    assert commands(text) == [["id"]] * 3
    assert numbers(text) == ["9", "10", "11"]


def test_items_all_written_one_are_counted_on_over_what_stands_between():
    text = f"1. a\n\n{FENCE}\n\n1. b\n\n> Careful.\n\n1. c\n1. d\n\n{FENCE}\n\n1. e\n"

    assert numbers(text) == ["1", "2", "3", "4", "5"]
    assert [step["number"] for step in render(text).steps] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "between", ["## Then", "---", f"{FENCE}\n\n## Then"], ids=["heading", "line", "code, heading"]
)
def test_a_heading_or_a_line_starts_the_numbers_anew(between):
    assert numbers(f"1. a\n\n{between}\n\n1. b\n") == ["1", "1"]


def test_a_list_that_counts_from_one_is_another_one():
    text = f"1. a\n2. b\n\n{FENCE}\n\n1. c\n2. d\n"

    assert numbers(text) == ["1", "2", "1", "2"]
    assert commands(text) == [[], ["id"], [], []]


def test_another_mark_is_another_list():
    assert render(f"1. a\n\n{FENCE}\n\n2) b\n").html.count("<ol") == 2


def test_lists_within_quotes_and_items_are_joined_too():
    html = render(f"- x\n\n  1. a\n\n{indented(FENCE, 2)}\n\n  2. b\n").html

    assert html.count("<ol>") == 1
    assert "<p>a</p>" in html


def test_code_after_bullets_stays_where_it_is():
    assert "</ul>\n<div" in render(f"- a\n\n{FENCE}\n").html


@pytest.mark.parametrize(
    ("between", "shown"),
    [
        (
            "!!! danger\n    Never start the old primary again.",
            "Never start the old primary again.",
        ),
        ("> [!WARNING]\n> Never.", "Never."),
        ("> Never.", "Never."),
        ("Wait for it.", "Wait for it."),
        ("![The dialog](a.png)", '<img src="a.png"'),
        ("| a |\n|---|\n| cell |", "<td>cell</td>"),
        ("* a point", "<li>a point</li>"),
    ],
)
@pytest.mark.parametrize("mark", ["1.", "- [ ]"])
def test_what_stands_between_two_steps_is_shown_with_the_first(mark, between, shown):
    second = "2." if mark == "1." else "- [ ]"
    first, other = render(f"{mark} Stop it.\n\n{between}\n\n{second} Next.\n").steps

    assert shown in first["html"]
    assert shown not in other["html"]
    assert (first["title"], other["title"]) == ("Stop it.", "Next.")


def test_what_stands_below_a_heading_is_shown_with_the_step_it_leads_to():
    text = "1. a\n\nafter\n\n## Standby\n\n!!! danger\n    Only on the standby.\n\n1. b\n"
    first, second = render(text).steps

    assert "after" in first["html"]
    assert first["html"].count("standby") == 0
    assert second["html"].index("Standby") < second["html"].index("Only on the standby.")
    assert second["text"].endswith("Only on the standby.\nb")


def test_a_line_that_ends_with_a_colon_leads_to_the_next_step():
    first, second = render("1. a\n\nx\n\nThen, on the standby:\n\n2. b\n").steps

    assert first["html"] == "<p>x</p>\n"
    assert second["html"] == "<p>Then, on the standby:</p>\n"


def test_headings_without_words_of_their_own_are_no_part_of_a_step():
    assert [step["html"] for step in render("1. a\n\n## B\n\n### C\n\n1. b\n").steps] == ["", ""]


def test_the_first_step_has_what_its_section_begins_with():
    first, _ = render("Intro.\n\n## Do\n\n!!! danger\n    Call first.\n\n1. a\n2. b\n").steps

    assert "Call first." in first["html"]
    assert "Intro." not in first["html"]


def test_the_last_step_has_what_follows_in_its_section():
    step = render("1. a\n\nIf that fails, call us.\n\n## References\n\nLater.\n").steps[0]

    assert step["html"] == "<p>If that fails, call us.</p>\n"


def test_a_line_with_a_colon_at_the_very_end_is_kept():
    assert render("1. a\n\nThen call:\n").steps[0]["html"] == "<p>Then call:</p>\n"


def test_a_line_between_steps_divides_them_like_a_heading():
    first, second = render("1. a\n\nx\n\n---\n\ny\n\n2. b\n").steps

    assert (first["html"], second["html"]) == ("<p>x</p>\n", "<p>y</p>\n")


def test_sections_that_are_steps_begin_with_what_stands_above_the_first():
    first, second = render("# T\n\n!!! danger\n    Call first.\n\n## A\n\na\n\n## B\n\nb\n").steps

    assert "Call first." in first["html"]
    assert "Call first." not in second["html"]


def test_commands_between_steps_are_commands_of_the_step_in_the_order_shown():
    first, second, third = (FENCE.replace("id", name) for name in ("first", "second", "third"))
    text = f"## A\n\n{first}\n\n- [ ] a\n\n{indented(second, 2)}\n\nx\n\n{third}\n"

    assert commands(text) == [["first", "second", "third"]]


def test_code_at_the_edge_after_a_task_is_in_its_item_on_the_page_and_in_the_step():
    text = "- [ ] Stop\n\n```bash\nstop\n```\n\n- [x] Start\n\n```bash\nstart\n```\n\nDone.\n"

    rendered = render(text)

    assert [step["commands"][0]["text"] for step in rendered.steps] == ["stop", "start"]
    first, second, after = re.split(r"</li>", rendered.html)
    assert "stop" in first and "start" in second and "Done." in after


def test_code_after_a_bullet_that_is_no_task_stays_where_it_is():
    html = render("- [ ] A\n- b\n\n```bash\nx\n```\n").html

    assert html.index("</ol>") < html.index("<pre")


def test_words_of_bullets_around_tasks_are_kept_whole():
    text = "- One\n  - [ ] a\n- Two\n  - see *it*\n  - [ ] b\n- Three\n"
    first, second = render(text).steps

    assert first["html"] == "<p>One</p>\n"
    assert second["html"] == "<p>Two</p>\n<p>see <em>it</em></p>\n<p>Three</p>\n"
    assert "<li>One" in render(text).html


def test_a_footnote_between_steps_comes_along():
    first, _ = render("1. a\n\nx[^n]\n\n2. b\n\n[^n]: Note.\n").steps

    assert "Note." in first["html"]


def test_the_summary_of_what_is_folded_leads_to_its_first_step():
    text = "1. a\n\n<details>\n<summary>On Linux</summary>\n\n2. b\n\n</details>\n"
    first, second = render(text).steps

    assert (first["html"], second["html"]) == ("", "<p>On Linux</p>\n")


def test_the_name_of_a_tab_leads_to_its_first_step():
    text = '- [ ] a\n\n=== "Linux"\n\n    - [ ] b\n\n=== "Windows"\n\n    - [ ] c\n'

    assert [
        ("Linux" in each["html"], "Windows" in each["html"]) for each in render(text).steps
    ] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_tabs_between_two_steps_are_alternatives_of_the_first():
    text = f'1. a\n\n=== "Linux"\n\n{indented(FENCE, 4)}\n\n2. b\n'

    assert render(text).steps[0]["commands"] == [
        {"language": "sh", "text": "id", "alternative": "Linux"}
    ]
