"""Values in commands: each stays one word of the shell, wherever the author put it."""

import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core.markdown import render
from portal.core.markdown.filling import fill_command, fill_html

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
    html = filled_html("1. Do\n\n   Stop {{ x }} by `kill {{ x }}` now\n", x="<b> c")

    assert '<span class="param" data-param="x">&lt;b&gt; c</span> by' in html
    assert "&#x27;&lt;b&gt; c&#x27;</span></code>" in html


def test_a_secret_on_the_page_is_never_more_than_its_name():
    html = filled_html("1. Do\n\n   ```bash\n   login {{ pw }}\n   ```\n   then {{ pw }}\n")

    assert "data-secret" in html
    assert "${pw}" in html
