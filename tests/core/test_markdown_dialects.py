"""What other tools add to Markdown is rendered as they mean it, or said to be left as text."""

import pytest

from portal.core.markdown import render


def problems(rendered):
    return [(problem["code"], problem["line"]) for problem in rendered.problems]


class TestTabs:
    TEXT = (
        "1. Restart\n\n"
        '    === "Linux"\n\n        ```bash\n        systemctl restart app\n        ```\n\n'
        '    === "Windows"\n\n        ```powershell\n        Restart-Service app\n        ```\n\n'
        "2. Look\n"
    )

    def test_they_are_alternatives_one_below_the_other_with_their_names(self):
        html = render('=== "Linux"\n\n    Use *apt*.\n\n=== "Mac"\n    Use brew.\n\nAfter.').html

        assert html == (
            '<div class="alternatives">\n'
            '<div class="alternative" role="group" aria-label="Linux">'
            '<p class="alternative-title">Linux</p>\n<p>Use <em>apt</em>.</p>\n</div>\n'
            '<div class="alternative" role="group" aria-label="Mac">'
            '<p class="alternative-title">Mac</p>\n<p>Use brew.</p>\n</div>\n'
            "</div>\n<p>After.</p>\n"
        ).replace('alternatives">\n<div', 'alternatives"><div')

    def test_each_command_says_which_it_belongs_to(self):
        steps = render(self.TEXT).steps

        assert [step["title"] for step in steps] == ["Restart", "Look"]
        assert steps[0]["commands"] == [
            {"language": "bash", "text": "systemctl restart app", "alternative": "Linux"},
            {"language": "powershell", "text": "Restart-Service app", "alternative": "Windows"},
        ]

    def test_tasks_in_one_say_which_it_is(self):
        steps = render('=== "Linux"\n    - [ ] a\n\n=== "Mac"\n    - [ ] b {check}\n').steps

        assert [step["title"] for step in steps] == ["Linux: a", "Mac: b"]
        assert "<p>a</p>" in steps[0]["html"]

    def test_an_exclamation_mark_begins_another_row(self):
        assert render('=== "a"\n    b\n\n===! "c"\n    d\n').html.count('"alternatives"') == 2

    HUGO = (
        '{{{{< tab "Linux" >}}}}\n{0}\n{{{{< /tab >}}}}\n'
        '{{{{% tab name="Mac" %}}}}\n{1}\n{{{{% /tab %}}}}\n'
    )
    DOCSY = HUGO.replace('tab "L', 'tab header="L').replace("}\n{{{{%", "}\n\n{{{{%")
    JSX = (
        '<TabItem value="l" label="Linux">\n\n{0}\n\n</TabItem>\n'
        '<TabItem value="Mac">\n\n{1}\n</TabItem>\n'
    )
    OTHERS = (
        f'{{{{{{{{< tabs "x" >}}}}}}}}\n{HUGO}{{{{{{{{< /tabs >}}}}}}}}\n',
        f"{{{{{{{{< tabpane text=true >}}}}}}}}\n\n{DOCSY}\n{{{{{{{{< /tabpane >}}}}}}}}\n",
        f'<Tabs groupId="os">\n{JSX}</Tabs>\n',
        "/// tab | Linux\n    new: true\n\n{0}\n///\n\n/// tab | Mac\n{1}\n///\n",
    )
    BASH = "```bash\nmake {}\n```"

    @pytest.mark.parametrize("written", OTHERS)
    def test_those_of_other_tools_are_the_same_alternatives(self, written):
        ours = '=== "Linux"\n\n    Use *apt*.\n\n=== "Mac"\n\n    Use brew.\n'

        rendered = render(written.format("Use *apt*.", "Use brew."))

        assert rendered.html == render(ours).html
        assert rendered.problems == []

    @pytest.mark.parametrize("written", OTHERS)
    def test_commands_of_other_tools_say_which_they_belong_to(self, written):
        written = written.format(self.BASH.format("linux"), self.BASH.format("mac"))
        lines = "".join(f"   {line}\n" if line else "\n" for line in written.splitlines())

        for text in (f"1. Install it\n\n{lines}\n2. Look\n", f"## Install it\n\n{written}"):
            assert render(text).steps[0]["commands"] == [
                {"language": "bash", "text": "make linux", "alternative": "Linux"},
                {"language": "bash", "text": "make mac", "alternative": "Mac"},
            ]

    def test_what_a_tab_calls_code_is_code(self):
        text = '{{< tabs name="t" >}}\n{{< tab name="A" codelang="sh" >}}\nls # x\n{{< /tab >}}\n'

        steps = render(f"## Do\n\n{text}{{{{< /tabs >}}}}\n").steps

        assert steps[0]["commands"] == [{"language": "sh", "text": "ls # x", "alternative": "A"}]

    def test_numbered_lists_in_tabs_are_shown_whole_with_their_section(self):
        text = '## Do\n\n=== "A"\n\n    1. a\n    2. b\n\n=== "B"\n\n    1. c\n'

        assert [step["title"] for step in render(text).steps] == ["Do"]

    @pytest.mark.parametrize("text", ["<Tabs>\n</Tabs>", "{{< tabs >}}\nx\n{{< /tabs >}}"])
    def test_a_group_without_tabs_stays_text(self, text):
        assert "alternatives" not in render(text).html

    def test_a_tab_without_a_body_keeps_its_name(self):
        assert "Linux" in render('=== "Linux"\nText.').html

    def test_an_underline_still_makes_a_heading(self):
        assert "<h2" in render("x\n\nTitle\n===\n").html


class TestContainers:
    @pytest.mark.parametrize(
        "text",
        [
            ":::warning Mind the gap\nOne *member* at a time.\n:::",
            "::: warning Mind the gap\n\nOne *member* at a time.\n\n:::",
            ":::warning[Mind the gap]\nOne *member* at a time.\n:::",
            ":::{warning} Mind the gap\nOne *member* at a time.\n:::",
            "::: {.warning} Mind the gap\nOne *member* at a time.\n:::",
            "> [!WARNING] Mind the gap\n> One *member* at a time.",
            "> [!warning]- Mind the gap\n> One *member* at a time.",
            '??? warning "Mind the gap"\n    One *member* at a time.',
        ],
    )
    def test_every_form_becomes_a_note_with_its_title(self, text):
        assert render(f"{text}\n\nAfter.").html == (
            '<div class="note is-warn" role="note"><p class="note-title">Mind the gap</p>\n'
            "<p>One <em>member</em> at a time.</p>\n</div>\n<p>After.</p>\n"
        )

    def test_one_may_stand_in_another(self):
        html = render("::::note\n:::tip\na\n:::\nb\n::::\nc").html

        assert html.count('role="note"') == 2
        assert html.endswith("<p>c</p>\n")

    def test_one_that_is_never_closed_stays_text(self):
        assert ":::note" in render(":::note\na").html

    def test_a_callout_of_obsidian_needs_no_title(self):
        assert '<p class="note-title">Danger</p>' in render("> [!danger]\n> a").html

    def test_a_quotation_with_brackets_stays_one(self):
        assert "<blockquote>" in render("> [!foo] bar").html

    def test_a_code_block_in_one_is_a_command(self):
        steps = render("1. a\n\n   :::tip\n   ```sh\n   id\n   ```\n   :::\n").steps

        assert steps[0]["commands"] == [{"language": "sh", "text": "id"}]


class TestDisclosures:
    def test_details_are_a_native_disclosure(self):
        html = render("<details>\n<summary>More</summary>\n\nOne *member*.\n\n</details>\n").html

        assert html == (
            '<details class="unfolds"><summary>More</summary>\n'
            "<p>One <em>member</em>.</p>\n</details>\n"
        )

    @pytest.mark.parametrize(
        "opening",
        [
            "<details open><summary><b>More</b></summary>",
            '<details open="">\n  <summary>\n  More\n  </summary>\n',
            '<details markdown="1" open>\n\n<summary>More</summary>',
        ],
    )
    @pytest.mark.parametrize("end", ["\n</details>", "</details>", "\n\n</DETAILS>"])
    def test_one_may_be_open(self, opening, end):
        assert '<details class="unfolds" open=""><summary>More</summary>' in (
            html := render(f"{opening}\n\nText.{end}\n\nAfter.").html
        )
        assert html.endswith("<p>Text.</p>\n</details>\n<p>After.</p>\n")

    def test_without_a_summary_it_is_called_details(self):
        assert "<summary>Details</summary>" in render("<details>\nText.\n</details>").html

    @pytest.mark.parametrize(
        "text",
        [
            "<details>\nText.",
            "<details onclick=x>\nText.\n</details>",
            "Some <details> in a line",
            "- <details>\n\nText.\n</details>",
        ],
    )
    def test_what_is_not_whole_stays_text(self, text):
        html = render(text).html

        assert "<details" not in html
        assert "&lt;details" in html

    def test_no_other_html_in_it_is_html(self):
        html = render("<details>\n<summary><img src=x></summary>\n<script>a</script>\n</details>")

        assert "<img" not in html.html
        assert "&lt;script&gt;" in html.html

    def test_an_end_in_code_ends_nothing(self):
        html = render("<details>\n```html\n</details>\n```\nb\n</details>\nc").html

        assert html.endswith("<p>b</p>\n</details>\n<p>c</p>\n")

    def test_steps_in_one_are_steps(self):
        text = "1. a\n\n<details>\n<summary>x</summary>\n\n1. b\n   - c\n\n</details>\n\n> 1. d\n"

        assert [step["title"] for step in render(text).steps] == ["a", "b"]


class TestWikilinks:
    @pytest.mark.parametrize(
        ("text", "target", "anchor", "words"),
        [
            ("[[Disk full]]", "Disk full", "", "Disk full"),
            ("[[Disk full|the disk]]", "Disk full", "", "the disk"),
            ("[[the disk|docs/disk]]", "docs/disk", "", "the disk"),
            ("[[Disk full#Free Space]]", "Disk full", "free-space", "Disk full#Free Space"),
            ("[[disk.md]]", "disk.md", "", "disk.md"),
        ],
    )
    def test_a_page_in_two_brackets_is_a_link(self, text, target, anchor, words):
        (link,) = render(text).links

        assert (link["target"], link["anchor"], link["text"]) == (target, anchor, words)

    def test_a_section_of_the_page_itself(self):
        rendered = render("[[#Free Space]]\n\n## Free Space\n")

        assert '<a href="#h-free-space">Free Space</a>' in rendered.html
        assert rendered.problems == []

    def test_a_picture_may_be_embedded(self):
        html = render("![[shots/db.png|300]]").html

        assert '<img src="shots/db.png" alt="db.png"' in html

    @pytest.mark.parametrize(
        "text", ["[[ -f x ]]", "`[[a]]`", "[[javascript:alert(1)]]", "[[a]", "[[]]", "a[0][[1]"]
    )
    def test_other_brackets_stay_text(self, text):
        assert "<a" not in render(text).html

    def test_a_reference_of_markdown_wins(self):
        assert '[<a href="b">a</a>]' in render("[[a]]\n\n[a]: b").html


class TestShortcodes:
    @pytest.mark.parametrize(
        ("target", "path", "anchor"),
        [
            ('{{< ref "disk.md" >}}', "disk.md", ""),
            ("{{< relref disk.md >}}", "disk.md", ""),
            ("{{% ref 'disk.md#free' %}}", "disk.md", "free"),
            ('{{< ref path="disk.md" lang="en" >}}', "disk.md", ""),
            ("{% link _docs/disk.md %}#free", "/_docs/disk.md", "free"),
            ("{{ site.baseurl }}{% link disk.md %}", "/disk.md", ""),
            ("{{ site.baseurl }}/disk/", "/disk/", ""),
            ("{{ '/disk/' | relative_url }}", "/disk/", ""),
            ("{% post_url 2024-01-01-disk %}", "/2024-01-01-disk", ""),
        ],
    )
    def test_the_target_of_a_link(self, target, path, anchor):
        (link,) = render(f"[x]({target})").links

        assert (link["target"], link["anchor"], link["text"]) == (path, anchor, "x")

    def test_a_reference_in_the_text_is_a_link(self):
        assert '<a href="disk.md">disk.md</a>' in render('See {{< ref "disk.md" >}}.').html

    @pytest.mark.parametrize(
        "text",
        [
            '{{< figure src="/a.png" alt="A disk" caption="Full" >}}',
            '{{< figure src="/a.png" alt="A disk" title="Full" width="300px" />}}',
            '{% include figure.html src="/a.png" alt="A disk" caption="Full" %}',
            '{% include image.html file="/a.png" alt="A disk" caption="Full" %}',
        ],
    )
    def test_a_figure_is_a_picture_with_its_caption(self, text):
        assert render(text).html == (
            '<figure><img src="/a.png" alt="A disk" loading="lazy">'
            "<figcaption>Full</figcaption></figure>\n"
        )

    def test_a_figure_leads_nowhere_dangerous(self):
        assert "<img" not in render('{{< figure src="javascript:alert(1)" >}}').html

    def test_what_is_left_as_text_is_said_once(self):
        rendered = render("a\n\n{{< youtube abc >}}\n\n{{< youtube d >}}\n\n`{{< gist x >}}`\n")

        assert problems(rendered) == [("left-as-text", 3)]
        assert "{{< youtube abc >}}" in rendered.problems[0]["detail"]
        assert "{{&lt; youtube abc &gt;}}" in rendered.html

    @pytest.mark.parametrize(
        ("block", "same"),
        [
            ("/// warning | Mind\n    type: x\n\na\n///", '!!! warning "Mind"\n    a'),
            (
                "//// details | More\n/// note\na\n///\n////",
                ":::details More\n:::note\na\n:::\n:::",
            ),
        ],
    )
    def test_blocks_of_python_markdown_are_notes_and_disclosures(self, block, same):
        assert render(block).html == render(same).html

    @pytest.mark.parametrize(
        "text",
        [
            ":::note\na",
            "/// tab | Linux\na",
            "/// latex | x\na\n///",
            "a <details>",
            "```{warning}\na\n```",
            '<TabItem value="a">',
        ]
        + ['<img src="https://a.example/b.png">', '<a href="x">y</a>', "<table class='x'>"],
    )
    def test_a_block_that_is_not_read_is_said_to_be_left(self, text):
        assert problems(render(f"{text}\n")) == [("left-as-text", 1)]

    @pytest.mark.parametrize("text", ["DROP TABLE <table>", "a <p> b", "x < y", "`{% raw %}`"])
    def test_a_placeholder_is_not(self, text):
        assert problems(render(f"{text}\n")) == []


class TestAttributes:
    @pytest.mark.parametrize(
        "text",
        [
            '[x](https://a.example){:target="_blank"}',
            '[x](https://a.example){: .button rel="nofollow" }',
            "[x](https://a.example){ .md-button }",
            "![x](a.png){ width=300 }",
            "`x`{.bash}",
            "x\n{: .lead }",
            "{: .lead }\n\nx",
            "## x {: .no_toc }",
            "## x { #y .z }",
        ],
    )
    def test_they_are_not_shown(self, text):
        assert "{" not in render(text).html

    @pytest.mark.parametrize(
        "text", ['x{:target="_blank"}', "x {y}", "`x` {y}", "[x](y){z}", "## x {y}", "x {: y } z"]
    )
    def test_other_braces_are(self, text):
        assert "{" in render(text).html

    @pytest.mark.parametrize("text", ["## Free {: #f }", "Free\n{: #f }", "## Free { #f .x }"])
    def test_an_id_can_be_linked_to(self, text):
        rendered = render(f"[x](#f)\n\n{text}\n")

        assert rendered.problems == []
        assert '<a href="#h-f">x</a>' in rendered.html
        assert 'id="h-f"' in rendered.html


class TestAnchors:
    @pytest.mark.parametrize(
        "text",
        ['<a name="f"></a>Free', "<a id='f'>Free</a>", '<A NAME="f"/>Free', "<a id=f></a>Free"],
    )
    def test_a_place_can_be_linked_to(self, text):
        rendered = render(f"[x](#f)\n\n{text}\n")

        assert rendered.problems == []
        assert '<a href="#h-f">x</a>' in rendered.html
        assert '<span id="h-f"></span>' in rendered.html
        assert "&lt;" not in rendered.html

    def test_a_heading_keeps_its_name(self):
        rendered = render('## F\n\n<a name="f"></a>x\n\n<a name="g"></a><a name="g"></a>')

        assert rendered.html.count('id="h-f"') == 1
        assert rendered.html.count('id="h-g"') == 1

    def test_it_is_no_part_of_a_heading_or_a_title(self):
        rendered = render('# <a name="top"></a>Disk\n\n## <a name="b"></a>Free\n\n[x](#b)')

        assert (rendered.title, rendered.toc[0]["title"]) == ("Disk", "Free")
        assert rendered.problems == []


class TestContents:
    @pytest.mark.parametrize(
        "text",
        ["[TOC]", "[[_TOC_]]", "[[TOC]]", "{{< toc >}}", "{:toc}", "* TOC\n{:toc}", "1. x\n{:toc}"],
    )
    def test_the_table_of_contents_is_drawn_where_it_stands(self, text):
        rendered = render(f"{text}\n\n## A *b*\n\n### C\n\n## D\n")

        assert rendered.html.startswith(
            '<ul class="contents"><li><a href="#h-a-b">A b</a>'
            '<ul class="contents"><li><a href="#h-c">C</a></li></ul></li><li>'
            '<a href="#h-d">D</a></li></ul>\n'
        )
        assert [step["title"] for step in rendered.steps] == ["A b", "D"]

    def test_the_words_in_a_line_stay_words(self):
        assert "[TOC]" in render("See [TOC] below").html


def test_a_number_to_call_is_a_link():
    assert '<a href="tel:+49301234"' in render("[Call](tel:+49301234)").html
