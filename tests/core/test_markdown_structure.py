"""Headings, links, notes, tables, figures, footnotes and code of a rendered text."""

import re

import pytest

from portal.core.markdown import render


def codes(rendered):
    return [(problem["code"], problem["line"]) for problem in rendered.problems]


def levels(rendered):
    return [entry["level"] for entry in rendered.toc]


def test_it_renders_a_paragraph():
    assert render("Hello *you*").html == "<p>Hello <em>you</em></p>\n"


class TestTitle:
    def test_a_first_heading_becomes_the_title_and_is_not_repeated(self):
        rendered = render("# Disk `full`\n\nFree some space.")

        assert rendered.title == "Disk full"
        assert rendered.html == "<p>Free some space.</p>\n"

    def test_the_front_matter_wins_and_the_same_heading_is_not_repeated(self):
        rendered = render("---\ntitle: Disk Full\n---\n\n# DiskFull\n\n## Impact\n")

        assert rendered.title == "Disk Full"
        assert levels(rendered) == [2]

    def test_another_first_heading_stays_and_does_not_swallow_the_sections(self):
        rendered = render("---\ntitle: Introduction\n---\n\n# Welcome!\n\n## Impact\n")

        assert [entry["title"] for entry in rendered.toc] == ["Welcome!", "Impact"]
        assert levels(rendered) == [2, 2]

    def test_a_first_heading_below_other_text_is_the_title_and_stays(self):
        rendered = render("Read this.\n\n# Disk full\n")

        assert rendered.title == "Disk full"
        assert levels(rendered) == [2]

    def test_a_link_in_the_heading_keeps_it(self):
        assert "<a href" in render("# [Disk](https://disk.example)\n").html

    def test_the_lede_is_the_first_paragraph_as_plain_text(self):
        assert render("# T\n\n> Quoted.\n\nFree *some*\nspace.\n\nMore.").lede == "Free some space."

    def test_a_long_lede_is_cut_between_words(self):
        lede = render("word " * 100).lede

        assert len(lede) <= 300
        assert lede.endswith("word…")


class TestHeadings:
    def test_levels_start_at_two_and_never_jump(self):
        assert levels(render("# T\n\n### a\n\n###### b\n\n## c\n\n#### d\n")) == [
            2,
            3,
            2,
            3,
        ]

    def test_other_first_level_headings_become_second_level(self):
        assert levels(render("# T\n\n# a\n\n## b\n\n# c\n")) == [2, 3, 2]

    def test_ids_never_meet_those_of_the_page(self):
        rendered = render("## Main\n\n## Main\n")

        assert [entry["id"] for entry in rendered.toc] == ["h-main", "h-main-1"]
        assert rendered.anchors == ["main", "main-1"]
        assert '<h2 id="h-main"><a href="#h-main">Main</a></h2>' in rendered.html

    def test_an_author_may_choose_the_anchor(self):
        rendered = render("## Free space {#free}\n\n[x](#free)")

        assert rendered.toc == [{"level": 2, "id": "h-free", "title": "Free space"}]
        assert '<a href="#h-free">x</a>' in rendered.html

    def test_a_heading_with_a_link_is_not_a_link_itself(self):
        assert render("x\n\n## [a](b)").html.count("<a ") == 1


class TestLinks:
    @pytest.mark.parametrize("anchor", ["backup--restore", "backup-restore", "Backup-Restore"])
    def test_anchors_of_github_and_mkdocs_reach_their_heading(self, anchor):
        rendered = render(f"[x](#{anchor})\n\n## Backup & restore\n")

        assert 'href="#h-backup--restore"' in rendered.html
        assert rendered.problems == []

    def test_a_heading_that_is_not_there_is_a_problem(self):
        rendered = render("---\nowner: x\n---\n\nA line\nand [x](#nowhere)")

        assert codes(rendered) == [("missing-anchor", 6)]

    def test_the_title_can_be_linked_to(self):
        rendered = render("# Disk full\n\n[up](#disk-full)")

        assert '<a href="#">up</a>' in rendered.html
        assert rendered.problems == []

    def test_relative_targets_are_resolved(self):
        asked = []

        def resolve(target):
            asked.append(target)
            return "/runbooks/etcd/" if target == "../my etcd.md" else None

        html = render("[a](../my%20etcd.md#fix) [b](c.md) [d](https://e.example)", resolve=resolve)

        assert asked == ["../my etcd.md", "c.md"]
        assert 'href="/runbooks/etcd/#h-fix"' in html.html
        assert 'href="c.md"' in html.html

    def test_every_link_and_image_is_listed_as_written(self):
        rendered = render('A\n[b *c*](d.md#e "t")\n![f](g.png)\nhttps://h.example/i')

        assert rendered.links == [
            {"target": "d.md", "anchor": "e", "text": "b c", "line": 2, "image": False},
            {"target": "g.png", "anchor": "", "text": "f", "line": 3, "image": True},
            {
                "target": "https://h.example/i",
                "anchor": "",
                "text": "https://h.example/i",
                "line": 4,
                "image": False,
            },
        ]

    @pytest.mark.parametrize("text", ["deploy.sh", "README.md", "www.example.com", "a@b.example"])
    def test_bare_words_are_not_links(self, text):
        assert "<a" not in render(text).html

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("See https://a.example/b.", "https://a.example/b"),
            ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
            ("**https://a.example**", "https://a.example"),
            ("x:https://a.example/?b=c&d=e", "https://a.example/?b=c&amp;d=e"),
        ],
    )
    def test_a_bare_address_is_a_link_without_the_end_of_its_sentence(self, text, address):
        assert f'href="{address}"' in render(text).html

    def test_a_reference_of_hugo_is_a_relative_link(self):
        rendered = render('[x]({{< ref "./Disk.md" >}})')

        assert rendered.links[0]["target"] == "./Disk.md"

    def test_link_attributes_of_mkdocs_are_not_shown(self):
        assert "{:" not in render('[x](https://a.example){:target="_blank"}').html
        assert "{:" in render('x{:target="_blank"}').html


class TestNotes:
    @pytest.mark.parametrize(
        "text",
        [
            '!!! warning "Mind the gap"\n    One *member* at a time.',
            '???+ warning "Mind the gap"\n\n    One *member* at a time.',
            "!!!warning Mind the gap\n    One *member* at a time.",
            '{{< hint warning "Mind the gap" >}}\nOne *member* at a time.\n{{< /hint >}}',
            '{{% notice warning "Mind the gap" %}}\nOne *member* at a time.\n{{% /notice %}}',
        ],
    )
    def test_every_form_becomes_a_note(self, text):
        assert render(f"{text}\n\nAfter.").html == (
            '<div class="note is-warn" role="note"><p class="note-title">Mind the gap</p>\n'
            "<p>One <em>member</em> at a time.</p>\n</div>\n<p>After.</p>\n"
        )

    def test_an_alert_of_github_becomes_a_note(self):
        html = render("> [!CAUTION]\n> One member at a time.").html

        assert '<div class="note is-bad" role="note"><p class="note-title">Caution</p>' in html

    @pytest.mark.parametrize(
        "line",
        [
            "!!! Do not restart",
            '!!! note these "words" too',
            '!!! note words ""',
            "!!! tip  a  b",
        ],
    )
    def test_no_word_of_its_first_line_is_lost(self, line):
        shown = re.sub("<[^>]*>", "", render(line).html)

        for word in re.findall(r"\w+", line.partition(" ")[2].removeprefix("note")):
            assert word.lower() in shown.lower() or word == "tip"

    def test_a_shortcode_that_is_never_closed_stays_text(self):
        assert "{{&lt; hint info &gt;}}" in render("{{< hint info >}}\ntext").html

    def test_a_note_inside_a_list_belongs_to_its_item(self):
        html = render("- a\n\n    !!! note\n        b\n\n- c\n").html

        assert html.count("<li>") == 2
        assert html.index("note") < html.index("<p>c</p>")


class TestTables:
    def test_a_table_can_be_scrolled_and_is_aligned_by_class(self):
        html = render("| Value | Limit |\n|:--|--:|\n| a | 1 |\n").html

        assert (
            '<div class="table-scroll" tabindex="0" role="region" '
            'aria-label="Table 1: Value, Limit"><table>' in html
        )
        assert '<th scope="col" class="al-right">Limit</th>' in html
        assert '<td class="al-right">1</td>' in html
        assert "style=" not in html

    def test_a_cell_too_many_is_kept(self):
        html = render("| a | b |\n|---|---|\n| 1 | `x | y` | 2 |\n| 3 |\n").html

        assert "<code>x | y</code> | 2" in html

    def test_a_line_may_be_broken_in_a_cell(self):
        assert "a<br>\nb" in render("| x |\n|---|\n| a<br/>b |\n").html


class TestFigures:
    def test_an_image_alone_is_a_figure_with_its_title_below(self):
        assert render('![Which way](a.png "Drawn by hand")').html == (
            '<figure><img src="a.png" alt="Which way" loading="lazy">'
            "<figcaption>Drawn by hand</figcaption></figure>\n"
        )

    def test_an_image_in_a_line_is_not(self):
        assert "<figure" not in render("Press ![OK](ok.png)").html

    def test_an_image_without_description_is_a_problem(self):
        assert codes(render("a\n\n![](b.png)")) == [("missing-alt", 3)]

    def test_a_diagram_keeps_its_source(self):
        html = render("```mermaid\ngraph TD; A-->B\n```").html

        assert html.startswith('<figure class="diagram" data-mermaid="">')
        assert "<code>graph TD; A--&gt;B</code>" in html


class TestFootnotes:
    def test_a_footnote_is_linked_both_ways(self):
        html = render("a[^x] b[^x]\n\n[^x]: Because.").html

        assert '<a href="#fn-1" id="fnref-1" aria-label="Footnote 1">1</a>' in html
        assert 'id="fnref-1-2"' in html
        assert '<li id="fn-1" value="1"><p>Because.</p>' in html
        assert '<a href="#fnref-1" aria-label="Back to the text">Back</a>' in html

    @pytest.mark.parametrize(
        "text",
        [
            "a\n\n[^x]: Kept.",
            "a[^x]\n\n[^x]: First.\n\n[^x]: Kept.",
            "a[^x]\n\n[^x]: First.\n\n    [^y]: Kept.",
        ],
    )
    def test_none_is_lost(self, text):
        assert "Kept." in render(text).html


class TestCode:
    def test_a_block_has_a_label_a_copy_button_and_can_be_scrolled(self):
        html = render("```promql\nup == 0\n```").html

        assert '<div class="code-head"><span>PromQL</span>' in html
        assert '<button class="btn btn-quiet" type="button" data-copy="">Copy</button>' in html
        assert '<pre tabindex="0" role="group" aria-label="PromQL code">' in html

    def test_prompts_and_options_of_a_shell_are_marked(self):
        html = render('```console\n$ kubectl --context a get "b" # c\n```').html

        assert '<span class="hl-p">$ </span>kubectl <span class="hl-n">--context</span>' in html
        assert '<span class="hl-s">"b"</span> <span class="hl-c"># c</span>' in html

    def test_a_prompt_makes_a_block_without_language_a_shell(self):
        assert "Shell" in render("```\n$ id\n```").html
        assert "<span>Code</span>" in render("```\nid\n```").html

    def test_only_six_classes_of_colour_are_used(self):
        html = render("```python\n@a\ndef f(x): return 'a' + 1 and None  # c\n```").html

        assert set(re.findall(r"hl-\w+", html)) <= {
            "hl-c",
            "hl-s",
            "hl-k",
            "hl-n",
            "hl-m",
            "hl-p",
        }

    def test_the_words_after_the_language_are_shown(self):
        assert "<span>YAML values.yaml</span>" in render("```yaml values.yaml\na: 1\n```").html
        assert "<span>cobol</span>" in render("```cobol\nSTOP RUN.\n```").html

    def test_an_indented_block_is_code_as_well(self):
        assert "<code>a &lt;b&gt;</code>" in render("    a <b>").html


def test_plain_text_is_what_a_reader_sees():
    assert render("## A *b*\n\n- c `d`\n\n| e |\n|---|\n| f |\n\n```\ng\n```").plain == (
        "A b\nc d\ne\nf\ng"
    )


def test_line_ends_of_other_systems_and_a_byte_order_mark_do_not_matter():
    unix = "---\ntitle: A\n---\n\n- b\n- c\n"

    assert render("\ufeff" + unix.replace("\n", "\r\n")) == render(unix)


def test_a_nested_task_shows_its_state():
    html = render("- a\n    - b\n        - [x] c\n\n1. d\n   - [ ] e").html

    assert 'aria-label="to do">☐</span>' in html
