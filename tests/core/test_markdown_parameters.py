"""Front matter, and the parameters that it declares."""

import pytest

from portal.core.markdown import render


def with_parameters(declarations, body="{{ cluster }}"):
    return render(f"---\nparameters:\n{declarations}\n---\n\n{body}\n")


def problems(rendered):
    return [(problem["code"], problem["line"]) for problem in rendered.problems]


class TestFrontMatter:
    def test_it_is_read_and_not_shown(self):
        rendered = render("---\ntitle: Disk full\nweight: 3\ntags: [a, b]\n---\nText.\n")

        assert rendered.front_matter == {
            "title": "Disk full",
            "weight": 3,
            "tags": ["a", "b"],
        }
        assert rendered.html == "<p>Text.</p>\n"

    def test_that_of_hugo_may_be_toml(self):
        rendered = render('+++\ntitle = "Disk full"\ndate = 2024-05-01\n+++\nText.\n')

        assert rendered.front_matter == {"title": "Disk full", "date": "2024-05-01"}
        assert rendered.html == "<p>Text.</p>\n"

    def test_toml_that_cannot_be_read_stays_visible(self):
        rendered = render("+++\na = 1\ntitle = x\n+++\nText.\n")

        assert problems(rendered) == [("bad-front-matter", 3)]
        assert "title = x" in rendered.html

    def test_the_line_that_cannot_be_read_is_named_with_how_to_write_it(self):
        rendered = render("---\nowner: dba\ntitle: Disk full: what now\n---\n\nText.\n")

        assert rendered.problems == [
            {
                "code": "bad-front-matter",
                "line": 3,
                "detail": "The front matter cannot be read. "
                'Write line 3 as: title: "Disk full: what now"',
            }
        ]

    @pytest.mark.parametrize(
        "front",
        [
            "title: Disk full: what now",
            "title: Disk full: what now\nsteps:\n- [ ] one\n1. two",
            "tags: [\n\n1. a",
        ],
    )
    def test_what_cannot_be_read_is_no_step_title_or_command(self, front):
        rendered = render(f"---\n{front}\n---\n\n# Disk\n\n## Look\n\n    id\n")

        assert [step["title"] for step in rendered.steps] == ["Look"]
        assert len(rendered.steps[0]["commands"]) == 1
        assert rendered.title == "Disk"
        assert rendered.lede == ""
        assert front.split("\n")[0] in rendered.plain

    def test_text_between_rulers_is_text(self):
        rendered = render("---\n\nRead this.\n\n## A\n\n---\n\nb\n")

        assert rendered.problems == []
        assert [step["title"] for step in rendered.steps] == ["A"]

    def test_front_matter_that_is_never_closed_is_a_problem(self):
        rendered = render("---\ntitle: Disk full\n\n# Disk\n")

        assert problems(rendered) == [("bad-front-matter", 1)]
        assert "line ---" in rendered.problems[0]["detail"]

    def test_its_values_fit_into_json(self):
        values = render(
            "---\nwhen: 2024-05-01\n1: .inf\nat: 2024-05-01 10:00:00\n---\n"
        ).front_matter

        assert values == {"when": "2024-05-01", "1": "inf", "at": "2024-05-01T10:00:00"}

    @pytest.mark.parametrize(
        ("yaml", "line"),
        [
            ("title: a\nb: [", 3),
            ("title: {{ .Name }}", 2),
            ("- a\n- b", 1),
            ("just words", 1),
            ("a: &x [1]\nb: *x", 1),
            ("when: 2024-99-99", 2),
            ("a: !!python/object:os.system x", 2),
            ("a: " + "[" * 30, 1),
            ("a: " + "9" * 5000, 1),
            ("a: 0x" + "f" * 10_000, 1),
            ("a: 1" + ":59" * 3000, 1),
            ("a: 1" + ":59" * 400 + ".5", 1),
            ("a: !!bool abc", 1),
            ('a: !!int ""', 1),
            ('a: !!float ""', 1),
            ("a: !!timestamp abc", 1),
            ("? [a, b]\n: c\n? {d: e}\n: f", 2),
        ],
    )
    def test_what_cannot_be_read_is_a_problem_and_stays_visible(self, yaml, line):
        rendered = render(f"---\n{yaml}\n---\n\nText.\n")

        assert rendered.problems[0]["code"] == "bad-front-matter"
        assert rendered.problems[0]["line"] == line
        assert rendered.front_matter == {}
        assert yaml.split("\n")[-1].lstrip("-?: ")[:5] in rendered.plain

    def test_no_value_holds_what_a_database_cannot_store(self):
        rendered = render('---\nparameters:\n  - {name: a, default: "x\\0y"}\n---\n{{ a }}\n')

        assert rendered.parameters[0]["default"] == "x\ufffdy"

    def test_aliases_cannot_make_it_explode(self):
        lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
        lines += [f"{n}: &{n} [{', '.join(['*' + p] * 9)}]" for p, n in zip("abcdefg", "bcdefgh")]

        assert problems(render("---\n" + "\n".join(lines) + "\n---\n")) == [("bad-front-matter", 1)]

    @pytest.mark.parametrize("text", ["---\n\nText.\n", "---\n---\n", "a\n\n---\ntitle: b\n---\n"])
    def test_other_lines_are_left_to_markdown(self, text):
        rendered = render(text)

        assert rendered.front_matter == {}
        assert rendered.problems == []


class TestDeclarations:
    def test_a_declaration_is_completed(self):
        assert with_parameters("  - name: cluster").parameters == [
            {
                "name": "cluster",
                "description": "",
                "type": "string",
                "required": True,
                "default": "",
                "pattern": "",
                "choices": [],
                "secret": False,
            }
        ]

    def test_a_default_makes_it_optional(self):
        parameter = with_parameters("  - {name: cluster, type: number, default: 3}").parameters[0]

        assert (parameter["default"], parameter["required"]) == ("3", False)

    @pytest.mark.parametrize("words", ["type: secret", "secret: true"])
    def test_a_secret_is_known_as_one(self, words):
        parameter = with_parameters(f"  - {{name: cluster, {words}}}").parameters[0]

        assert (parameter["type"], parameter["secret"]) == ("secret", True)

    @pytest.mark.parametrize(
        "entry",
        [
            "name: 1a",
            "description: nameless",
            "name: cluster, type: colour",
            "name: cluster, type: choice",
            "name: cluster, choices: [a], default: b",
            'name: cluster, pattern: "db[0-9]+", default: web1',
            "name: cluster, type: number, default: three",
            "name: cluster, type: date, default: today",
            "name: cluster, choices: a",
            "name: cluster, pattern: '('",
            "name: cluster, type: secret, default: hunter2",
        ],
    )
    def test_a_bad_declaration_is_a_problem_at_its_line(self, entry):
        rendered = with_parameters(f"  - {{{entry}}}", body="x")

        assert [problem["code"] for problem in rendered.problems] == ["bad-parameter"]
        assert rendered.parameters == []

    def test_a_name_declared_twice_is_a_problem(self):
        rendered = with_parameters("  - name: cluster\n  - name: cluster")

        assert [problem["code"] for problem in rendered.problems] == ["bad-parameter"]
        assert len(rendered.parameters) == 1

    def test_something_else_than_a_list_is_a_problem(self):
        assert problems(render("---\nparameters: cluster\n---\n")) == [("bad-parameter", 2)]


class TestUse:
    MARK = '<span class="param" data-param="cluster">{{ cluster }}</span>'

    @pytest.mark.parametrize(
        "text",
        [
            "a {{ cluster }} b",
            "## {{ cluster }}",
            "`a {{ cluster }} b`",
            "| a |\n|---|\n| {{ cluster }} |",
        ]
        + [
            "```sh\n$ a --b={{ cluster }}.c\n```",
            "    {{ cluster }}",
            "[{{ cluster }}](x)",
        ],
    )
    def test_a_declared_name_is_marked(self, text):
        assert self.MARK in with_parameters("  - name: cluster", body=text).html

    def test_two_in_a_row_are_two(self):
        html = with_parameters("  - name: cluster", body="`{{ cluster }}{{ cluster }}`").html

        assert self.MARK * 2 in html

    def test_it_is_not_filled_in_inside_an_address(self):
        html = with_parameters("  - name: cluster", body="[x](https://a.example/{{cluster}})").html

        assert "data-param" not in html

    def test_an_undeclared_name_is_a_problem_and_left_alone(self):
        rendered = with_parameters("  - name: cluster", body="{{ cluster }}\n\n`{{ clutser }}`")

        assert problems(rendered) == [("undeclared-parameter", 8)]
        assert "<code>{{ clutser }}</code>" in rendered.html

    def test_an_unused_name_is_a_problem_where_it_is_declared(self):
        rendered = with_parameters("  - name: pod\n  - name: cluster")

        assert problems(rendered) == [("unused-parameter", 3)]

    @pytest.mark.parametrize(
        "text",
        [
            "{{ $labels.x }}",
            "{{ .Values.x }}",
            "{{ range .items }}{{ end }}",
            "{{ x | upper }}",
        ]
        + [
            "{{ include 'x' . }}",
            "{{- if x }}{{ else }}",
            "{{< param Repo >}}",
            "{% raw %}",
        ],
    )
    def test_other_templates_are_no_problem(self, text):
        rendered = with_parameters("  - name: cluster", body=f"{{{{ cluster }}}} {text}")

        assert {code for code, _ in problems(rendered)} <= {"left-as-text"}

    def test_without_declarations_nothing_is_a_problem(self):
        assert render("{{ cluster }} and {{ namespace }}").problems == []
