"""Steps come from task items, else ordered lists, else sections."""

import pytest

from portal.core.markdown import render


def titles(text):
    return [step["title"] for step in render(text).steps]


def test_task_items_are_steps_wherever_they_stand():
    assert titles("## A\n\n- [ ] a\n- [x] b\n\n## B\n\n1. not this\n\n- [ ] c\n") == [
        "a",
        "b",
        "c",
    ]


def test_nested_items_belong_to_their_parent():
    rendered = render("- [ ] a\n  - [ ] b\n  1. c\n- [ ] d\n")

    assert [step["text"] for step in rendered.steps] == ["a\nb\nc", "d"]


def test_tasks_inside_ordered_items_leave_the_items_as_steps():
    assert titles("1. a\n   - [ ] b\n2. c\n") == ["a", "c"]


def test_tasks_below_plain_bullets_are_steps():
    assert titles("- Phase one\n  - [ ] a\n  - [ ] b\n") == ["a", "b"]


def test_items_of_all_top_level_ordered_lists_are_steps():
    assert titles("1. a\n2. b\n\n## Then\n\n1. c\n\n> 1. quoted\n") == ["a", "b", "c"]


def test_sections_are_steps_where_there_is_no_list():
    rendered = render("# T\n\nIntro.\n\n## A\n\nb\n\n### C\n\nd\n\n## E\n")

    assert [step["title"] for step in rendered.steps] == ["A", "E"]
    assert "<h3" in rendered.steps[0]["html"]


def test_a_text_without_lists_and_sections_has_no_steps():
    assert render("Just text.\n\n- a\n- b\n").steps == []


def test_numbers_are_those_of_the_author_where_there_are_some():
    html = render("4. a\n4. b\n").html

    assert '<ol class="procedure list-unstyled" start="4">' in html
    assert '<span class="n">4</span><p>a</p>' in html
    assert '<span class="n">5</span><p>b</p>' in html


def test_tasks_are_numbered_through_the_whole_text():
    html = render("- [ ] a\n\n## B\n\n- [x] b\n").html

    assert '<span class="n">1</span><p>a</p>' in html
    assert '<span class="n">2</span><span class="chip">done</span> <p>b</p>' in html


def test_a_wrapped_first_line_is_one_title():
    assert titles("1. Open a shell\n   in the `pod`\n\n   Then wait.\n") == [
        "Open a shell in the pod"
    ]


def test_a_step_without_a_line_of_its_own_is_named_by_what_it_holds():
    assert titles("1. ```sh\n   $ id\n   ```\n2.\n") == ["$ id", "Step 2"]


@pytest.mark.parametrize(
    ("item", "html"),
    [
        ("Wait.\n\n   Then look.", "<p>Then look.</p>\n"),
        ("Wait.", ""),
        ("Read [this](x.md).", '<p>Read <a href="x.md">this</a>.</p>'),
    ],
)
def test_the_body_repeats_the_title_only_where_the_title_says_too_little(item, html):
    assert render(f"1. {item}\n").steps[0]["html"].strip() == html.strip()


def test_a_long_title_is_cut_and_the_body_has_all_of_it():
    step = render(f"1. {'word ' * 100}end\n").steps[0]

    assert len(step["title"]) <= 200
    assert "end" in step["html"]


def test_commands_are_its_code_blocks_without_prompts():
    text = "1. Look\n\n   ```sh\n   $ id\n   $ ls\n   ```\n\n       indented\n\n2. b\n"

    assert render(text).steps[0]["commands"] == [
        {"language": "sh", "text": "id\nls"},
        {"language": "", "text": "indented"},
    ]


def test_a_diagram_is_not_a_command():
    assert render("1. Look\n\n   ```mermaid\n   graph TD\n   ```\n").steps[0]["commands"] == []


@pytest.mark.parametrize(
    ("line", "check", "second_person"),
    [
        ("Defragment {check}", True, False),
        ("Defragment {second person}", False, True),
        ("Defragment {check} {second person}", True, True),
        ("Say {check} aloud", False, False),
        ("Defragment\n   \n   Really {check}", False, False),
    ],
)
def test_marks_at_the_end_of_the_first_line_ask_for_a_check(line, check, second_person):
    step = render(f"1. {line}\n").steps[0]

    assert (step["check"], step["second_person"]) == (check, second_person)


@pytest.mark.parametrize(
    "mark", ["{second}", "{Check}", "{chekc}.", "{second persn} {check}", "{second-person}\n  now"]
)
def test_a_mark_that_is_spelled_otherwise_is_a_problem(mark):
    rendered = render(f"---\ntitle: T\n---\n\n- [ ] Look\n- [ ] Go {mark}\n")

    assert [(found["code"], found["line"]) for found in rendered.problems] == [("unknown-mark", 6)]
    assert mark.split("}")[0] in rendered.problems[0]["detail"]


@pytest.mark.parametrize(
    "line", ["Open {id}", "Type `{second}`", "Fill {{ check }}", "Put {second} in", "Go ${check}"]
)
def test_other_words_in_braces_are_no_marks(line):
    assert render(f"- [ ] {line}\n- {{second}}\n").problems == []


@pytest.mark.parametrize("text", ["1. Go {second person}\n", "## Go {second person}\n\nx"])
def test_a_mark_is_a_chip_and_no_part_of_the_title(text):
    rendered = render(text)

    assert rendered.steps[0]["title"] == "Go"
    assert '<span class="chip">asks for a second person</span>' in rendered.html


def test_a_step_brings_its_footnotes():
    steps = render("1. a[^x]\n2. b[^y]\n\n[^x]: First.\n\n[^y]: Second.\n").steps

    assert "Second." in steps[1]["html"]
    assert "First." not in steps[1]["html"]


PICTURE = "![The red button](red.png)"
LINKED = "[![The red button](red.png)](big.png)"


@pytest.mark.parametrize(
    "line",
    [
        f"Press Stop {PICTURE}",
        f"Press Stop\n   {PICTURE}",
        f"Press Stop  \n   {PICTURE}",
        f"Press Stop {LINKED}",
        f"Press Stop {PICTURE} {LINKED}",
        f"Press {PICTURE} Stop",
        f"{PICTURE} Press Stop",
        f"{PICTURE}\n\n   Press Stop",
    ],
)
def test_the_description_of_a_picture_is_no_part_of_a_title(line):
    [step] = render(f"1. {line}\n").steps

    assert step["title"] == "Press Stop"
    assert step["html"].count("<img") == 1 + line.count(f"{PICTURE} {LINKED}")
    assert "The red button" in step["text"]


@pytest.mark.parametrize("picture", [PICTURE, LINKED])
@pytest.mark.parametrize(
    "line",
    [
        "Press `stop` {check} {second person} PICTURE",
        "Press `stop` PICTURE {check} {second person}",
        "Press `stop` {check} PICTURE {second person}",
        "Press `stop` {second person} {check}\n   PICTURE",
        "Press `stop`\n   PICTURE {check} {second person}",
        "Press `stop`  \n   PICTURE {check} {second person}",
    ],
)
def test_a_picture_never_covers_the_marks_of_its_step(line, picture):
    text = line.replace("PICTURE", picture)
    [step] = render(f"1. {text}\n").steps

    assert (step["check"], step["second_person"]) == (True, True)
    assert step["title"] == "Press stop"
    assert step["title_html"] == "Press <code>stop</code>"
    assert "{" not in step["html"]
    assert "Press" not in step["html"]  # the title says it
    assert step["html"].count("<img") == 1


def test_what_a_picture_shows_is_no_mark():
    [step] = render("1. Press ![the {check} box](box.png)\n").steps

    assert step["check"] is False


def test_a_mark_before_a_picture_within_a_line_stays_words():
    [step] = render(f"1. Write {{check}} {PICTURE} into the field\n").steps

    assert step["check"] is False
    assert step["title"] == "Write {check} into the field"


def test_a_section_with_a_picture_in_its_heading_is_a_step_of_its_words():
    assert titles(f"# T\n\n## Stop it {PICTURE}\n\nNow.\n\n## Wait\n\nLong.\n") == [
        "Stop it",
        "Wait",
    ]


def test_a_step_that_is_a_picture_alone_has_a_number_for_a_title():
    assert titles(f"1. {PICTURE}\n2. Go\n") == ["Step 1", "Go"]


def test_an_example_of_markdown_is_no_command():
    example = "   ````markdown\n   ```bash\n   rm -r x\n   ```\n   ````\n"
    text = f"1. Write it:\n\n{example}\n   ```sh\n   ls\n   ```\n"

    assert [command["text"] for command in render(text).steps[0]["commands"]] == ["ls"]
