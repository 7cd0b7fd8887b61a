"""Values in commands: each stays one word of the shell, wherever the author put it."""

import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core.markdown import render
from portal.core.markdown.substitution import fill_command, fill_html

NASTY = [
    *("a b", "it's", '"', "$(touch /tmp/x)", "`id`", "$HOME", "\\", "\\'", "; rm -rf /", "&& id"),
    *("|cat", "*", "~", "!", "#", "-n", "${IFS}", "$'\\n'", "EOF", "é ü", "(", ")", ">x", "<x"),
    *("'\"'\"'", "a#b"),
]
# what an author writes -> what the one word is when {{ x }} is VALUE
CONTEXTS = {
    "printf '%s|' {{ x }}": "VALUE|",
    "printf '%s|' pre{{ x }}post": "preVALUEpost|",
    "printf '%s|' \"pre {{ x }} post\"": "pre VALUE post|",
    "printf '%s|' 'pre {{ x }} post'": "pre VALUE post|",
    "printf '%s|' \"$(printf %s {{ x }})\"": "VALUE|",
    'printf \'%s|\' "$(printf %s "{{ x }}")"': "VALUE|",
    "printf '%s|' --name={{ x }} two": "--name=VALUE|two|",
    "true # note: {{ x }}\nprintf '%s|' done": "done|",
    "printf '%s|' a#b {{ x }}": "a#b|VALUE|",
    "(printf '%s|' {{ x }}); printf '%s|' \"{{ x }}\"": "VALUE|VALUE|",
    "printf '%s|' \\\"{{ x }}": '"VALUE|',
    'printf \'%s|\' "\\"{{ x }}\\""': '"VALUE"|',
    "printf '%s|' '{{ x }}''{{ x }}' # '{{ x }}": "VALUEVALUE|",
}
VALUES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1),
)


def run(command: str) -> str:
    made = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=10, check=True)
    return made.stdout.decode()


@pytest.mark.parametrize("command", CONTEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=VALUES)
@example("$(echo broken)")
@example("'; echo broken; '")
@example('"; echo broken; "')
def test_a_value_is_one_word_for_a_real_shell(command, value):
    filled, places = fill_command(command, "bash", {"x": value})

    assert {place.state for place in places} == {"filled"}
    assert run(filled) == CONTEXTS[command].replace("VALUE", value)


ESCAPES = {
    "an escaped blank is no break": "printf '%s|' a\\ #b {{ x }}",
    "nor is a substitution": "printf '%s|' $(printf a)#it\\'s {{ x }}",
    "nor an escaped line break": "printf '%s|' a\\\n#b {{ x }}",
}


@pytest.mark.parametrize("command", ESCAPES.values(), ids=ESCAPES)
@pytest.mark.parametrize("value", NASTY)
def test_a_number_sign_within_a_word_begins_no_comment(command, value):
    filled, _ = fill_command(command, "bash", {"x": value})

    assert run(filled).endswith(f"|{value}|")


def test_a_value_never_becomes_part_of_the_name_of_a_variable():
    assert run(fill_command('d=a; printf %s "$d{{ x }}"', "sh", {"x": "ir"})[0]) == "air"
    assert fill_command("echo ${{ x }}", "sh", {"x": "HOME"})[1][0].state == "by-hand"


def test_a_value_never_ends_a_here_document():
    text = "cat <<'EOF'\n{{ x }}\nid\nEOF\n"

    for value in ("EOF", "E", "OF"):
        for language in ("sh", "", "sql"):
            assert fill_command(text, language, {"x": value})[1][0].state == "by-hand"


# Whatever an author wrote around it, a value is never a command.

PIECES = [
    *("{{ x }}", "{{ x }}", " ", "\n", "'", '"', "\\", "$", "$(", "(", ")", "#", "`", "a", ";"),
    *("printf %s ", " a#b ", "it's ", "case a in a) ", ";; esac", "${A:-", "}", "$((", "<<<"),
    *("$'", '"$(', ')"', " # ", "\\\n", "\\'", "[[ ", " ]]", "&& ", "{ ", "; }", "=", "<(", "$["),
]
COMMAND = ":>made"
PAYLOADS = [
    *(f"$({COMMAND})", f"`{COMMAND}`", f";{COMMAND};", f"'$({COMMAND})'", f'"$({COMMAND})"'),
    *(f"';{COMMAND};'", f'";{COMMAND};"', f"\\';{COMMAND};", f")$({COMMAND})", f"a[$({COMMAND})]"),
    *(f"#'$({COMMAND})", f"\\'$({COMMAND})#", f"&{COMMAND}&"),
]


@pytest.mark.parametrize("shell", ["sh", "bash"])
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), value=st.sampled_from(PAYLOADS))
@example(pieces=['"$(case a in a) printf \'%s\' "{{ x }}";; esac)"'], value=PAYLOADS[0])
@example(pieces=["a\\ #it's {{ x }}"], value=PAYLOADS[0])
@example(pieces=["printf %s it's output\nprintf %s {{ x }}\nit's"], value=PAYLOADS[0])
@example(pieces=["(( {{ x }} ))"], value=PAYLOADS[0])
@example(pieces=["a[{{ x }}]=1"], value=PAYLOADS[0])
@example(pieces=["[[ {{ x }} -eq 1 ]]"], value=PAYLOADS[9])
@example(pieces=["printf %s ${{ x }}"], value=PAYLOADS[11])
@pytest.mark.parametrize("language", ["bash", "console", ""])
def test_no_value_is_ever_executed(shell, language, pieces, value, need, tmp_path):
    filled, places = fill_command("".join(pieces), language, {"x": value})
    if not any(place.state == "filled" for place in places):
        return
    around = {"cwd": tmp_path, "env": {"PATH": "/nowhere"}, "stdin": subprocess.DEVNULL}
    command = [need(shell), "-c", filled]
    subprocess.run(command, capture_output=True, timeout=10, check=False, **around)

    assert not (tmp_path / "made").exists(), filled


# People copy one line of a command, too: what was quoted by the line before is not quoted then.

GOES_ON = [
    ["echo 'first\n", "rm {{ x }}'\n"],
    ["echo 'a\n", "b' {{ x }} 'c\n", "d'\n"],
    ['echo "a\n', 'b" {{ x }} "c\n', 'd"\n'],
    ["echo 'a\n", "{{ x }}\n", "b'\n"],
    ['echo "a\n', "{{ x }}\n", 'b"\n'],
    ["echo \"it's\n", "'{{ x }}' \"\n"],
    ["echo a\\\n", "{{ x }}\n"],
    ["echo 'a' \"b\n", "'\"{{ x }}\n"],
]


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("value", PAYLOADS)
@pytest.mark.parametrize("lines", GOES_ON, ids=range(len(GOES_ON)))
def test_no_line_that_is_copied_alone_executes_a_value(shell, lines, value, need, tmp_path):
    filled, _ = fill_command("".join(lines), "bash", {"x": value})

    for line in filled.splitlines():
        executed(need(shell), line, tmp_path)
        assert not (tmp_path / "made").exists(), (filled, line)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), value=st.sampled_from(PAYLOADS))
def test_no_line_of_anything_executes_a_value(pieces, value, need, tmp_path):
    text = "".join(pieces)
    filled, places = fill_command(text, "bash", {"x": value})
    if "\n" not in text or not any(place.state == "filled" for place in places):
        return
    for line in filled.splitlines():
        executed(need("sh"), line, tmp_path)
        assert not (tmp_path / "made").exists(), (filled, line)


def executed(shell: str, command: str, folder) -> None:
    """Whatever it does, it finds no program and waits for nobody."""
    around = {"cwd": folder, "env": {"PATH": "/nowhere"}, "stdin": subprocess.DEVNULL}
    subprocess.run([shell, "-c", command], capture_output=True, timeout=10, check=False, **around)


READ_AGAIN = [
    "ssh db1 rm {{ x }}",
    "ssh db1 \"rm '{{ x }}'\"",
    "sudo bash -c 'rm {{ x }}'",
    'bash -lc "rm {{ x }}"',
    "kubectl exec web -- sh -c 'rm {{ x }}'",
    "psql -U app -c \"DELETE FROM t WHERE name = '{{ x }}'\"",
    "mysql --execute \"SELECT '{{ x }}'\"",
    "echo \"SELECT '{{ x }}'\" | psql app",
    "echo {{ x }} | sudo sh",
    "psql <<< \"SELECT '{{ x }}'\"",
    "su - app -c 'rm {{ x }}'",
    "eval rm {{ x }}",
    "python3 -c 'print(\"{{ x }}\")'",
    "sed -i 's/a/{{ x }}/' f",
    "ssh db1 \\\n  rm {{ x }}",
]


@pytest.mark.parametrize("command", READ_AGAIN)
def test_where_another_program_reads_it_as_a_program_only_plain_words_are_filled(command):
    assert fill_command(command, "bash", {"x": "a b"})[1][0].state == "by-hand"
    assert fill_command(command, "bash", {"x": "a.b-1"})[1][0].state == "filled"


NOT_READ_AGAIN = ["./deploy.sh {{ x }}", "psql -d {{ x }}", "bash a.sh {{ x }}", "cat ssh/{{ x }}"]


@pytest.mark.parametrize("command", NOT_READ_AGAIN)
def test_arguments_of_a_program_are_quoted(command):
    assert fill_command(command, "bash", {"x": "a b"})[0].endswith("'a b'")


def test_a_long_text_is_filled_in_time():
    text = "sh " * 20_000 + "{{ x }} -c " * 2_000

    assert len(fill_command(text, "bash", {"x": "a b"})[1]) == 2_000


UNSURE = [
    "cat <<EOF\n{{ x }}\nEOF",
    "echo `cat {{ x }}`",
    "echo $'a{{ x }}'",
    "echo ${A:-{{ x }}}",
    "echo $(({{ x }}+1))",
    "echo \\{{ x }}",
]


@pytest.mark.parametrize("command", UNSURE)
@pytest.mark.parametrize("value", [text for text in NASTY if text not in ("EOF", "-n")])
def test_where_nobody_can_tell_the_quotes_the_reader_fills_it_in(command, value):
    filled, places = fill_command(command, "bash", {"x": value})

    assert filled == command
    assert places[0].state == "by-hand"


def test_plain_words_need_no_quotes_anywhere():
    for command in (*CONTEXTS, *UNSURE):
        filled, _ = fill_command(command, "bash", {"x": "v2.4.1-rc_1"})
        assert "v2.4.1-rc_1" in filled
        assert "{{" not in filled


def test_only_declared_names_are_filled():
    filled, places = fill_command("helm --set {{ .Values.x }} {{ y }} {{ x }}", "sh", {"x": "1"})

    assert filled == "helm --set {{ .Values.x }} {{ y }} 1"
    assert [place.name for place in places] == ["x"]


def test_a_missing_value_is_left_and_marked():
    filled, places = fill_command("ping {{ x }}", "sh", {"x": ""})

    assert filled == "ping {{ x }}"
    assert places[0].state == "missing"


@pytest.mark.parametrize("language", ["sql", "yaml", "powershell", "python", "cmd", "", "text"])
@pytest.mark.parametrize("text", ["WHERE id = {{ x }}", "WHERE id = '{{ x }}'", 'a: "{{ x }}"'])
@pytest.mark.parametrize(
    "value", ["1=1;", "a'b", 'a"b', "x' or ''='", "a: [b]", "a\\", "$x", "`x`", "/*", "#"]
)
def test_no_value_leaves_its_place_in_another_language(language, text, value):
    assert fill_command(text, language, {"x": value})[1][0].state == "by-hand"


def test_words_with_blanks_need_quotes_that_are_there():
    assert fill_command("WHERE id = {{ x }}", "sql", {"x": "1 or 1"})[1][0].state == "by-hand"
    assert fill_command("Remove-Item {{ x }}", "powershell", {"x": "a -Force"})[0][-1] == "}"
    assert fill_command("WHERE id = {{ x }}", "sql", {"x": "1--"})[1][0].state == "by-hand"
    assert fill_command("kill {{ x }}", "", {"x": "a b"})[0] == "kill 'a b'"
    assert fill_command("kill {{ x }}", "", {"x": "1--"})[0] == "kill '1--'"


@pytest.mark.parametrize("value", ["'; DROP TABLE x; --", '"', "a\\b", "$x", "`x`", "a;b"])
def test_other_languages_get_only_what_needs_no_quotes(value):
    assert fill_command("SELECT '{{ x }}'", "sql", {"x": value})[1][0].state == "by-hand"


def test_other_languages_get_words():
    assert fill_command("SELECT '{{ x }}'", "sql", {"x": "db 1"})[0] == "SELECT 'db 1'"


@pytest.mark.parametrize(
    ("command", "run_as"),
    [
        ("printf '%s|' {{ pw }}", "one two|"),
        ("printf '%s|' \"{{ pw }}\"", "one two|"),
        ("printf '%s|' '{{ pw }}'", "one two|"),
    ],
)
def test_a_secret_is_a_variable_of_the_readers_shell(command, run_as):
    filled, places = fill_command(command, "bash", {"pw": None})

    assert places[0].state == "secret"
    assert run(f"pw='one two'; {filled}") == run_as


def step_of(text: str) -> dict:
    front = "---\nparameters:\n  - name: x\n  - name: pw\n    type: secret\n---\n"
    return render(front + text).steps[0]


def filled_html(text: str, **values) -> str:
    step = step_of(text)
    return fill_html(step["html"], step["commands"], {"x": "", "pw": None, **values}).html


def test_the_page_shows_the_same_words_that_are_copied():
    html = filled_html('1. Say {{ x }}\n\n   ```bash\n   echo "{{ x }}" {{ x }}\n   ```\n', x="a'b")

    assert "&quot;&#x27;a&#x27;&quot;" in html
    assert html.count("data-param") == 3


def test_values_in_prose_and_inline_code():
    html = filled_html("1. Do\n\n   Stop {{ x }} by `kill {{ x }}` now\n", x="b c")

    assert '<span class="param" data-param="x">b c</span> by' in html
    assert "&#x27;b c&#x27;</span></code>" in html


def test_values_in_prose_are_text_and_not_tags():
    assert "&lt;b&gt; c</span> by" in filled_html("1. Do\n\n   Stop {{ x }} by\n", x="<b> c")


@pytest.mark.parametrize("code", ['echo "{{ x }}"', "curl -H 'Host: {{ x }}'", "a `{{ x }}"])
def test_inline_code_has_no_value_that_could_leave_its_quotes(code):
    html = filled_html(f"1. Do\n\n   Now `` {code} `` and go\n", x="$(id)")

    assert "$(id)" not in html
    assert "{{ x }}" in html


def test_a_secret_on_the_page_is_never_more_than_its_name():
    html = filled_html("1. Do\n\n   ```bash\n   login {{ pw }}\n   ```\n   then {{ pw }}\n")

    assert "data-secret" in html
    assert "${pw}" in html
