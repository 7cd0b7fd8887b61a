"""Sessions of a shell in code: prompts are not copied, and what was answered is no command."""

import re
from html import unescape

import pytest

from portal.core.markdown import render
from portal.core.markdown.substitution import fill_html


def commands(code, language="console"):
    indented = code.replace("\n", "\n   ")
    step = render(f"1. Look\n\n   ```{language}\n   {indented}\n   ```\n").steps[0]
    return step["commands"]


def typed(code, language="console"):
    (command,) = commands(code, language)
    return command["text"]


@pytest.mark.parametrize(
    "prompt",
    [
        *("$ ", "# ", "> ", "user@host$ ", "user@host:~$ ", "root@db1:/var/log# ", "me@mac ~ % "),
        *("[root@db1 ~]# ", "[app@web-1 srv]$ ", "(venv) $ ", "bash-4.2$ ", "/ # ", "~ $ "),
        *("PS C:\\> ", "PS C:\\Users\\me> ", "PS> ", "C:\\> ", "C:\\Program Files (x86)>"),
        *("mysql> ", "orders=# ", "127.0.0.1:6379> ", "MariaDB [(none)]> ", "rs0:PRIMARY> "[4:]),
    ],
)
def test_a_prompt_of_a_console_is_not_typed_and_an_answer_is_no_command(prompt):
    code = f"{prompt}systemctl status nginx\nnginx is running\n{prompt}systemctl stop nginx"

    assert typed(code) == "systemctl status nginx\nsystemctl stop nginx"


@pytest.mark.parametrize("language", ["", "sh", "bash", "shell"])
@pytest.mark.parametrize("prompt", ["$ ", "root@db1:~# ", "[root@db1 ~]# "])
def test_prompts_make_a_session_of_a_shell_block_and_of_one_without_language(language, prompt):
    assert typed(f"{prompt}uptime\nup 3 days\n{prompt}id", language) == "uptime\nid"


def test_a_console_without_a_prompt_is_typed_as_a_whole():
    assert typed("systemctl stop nginx\nsystemctl start nginx") == (
        "systemctl stop nginx\nsystemctl start nginx"
    )


@pytest.mark.parametrize(
    "code",
    [
        "# Restart the service\nsystemctl restart nginx",
        "# check status\nsystemctl status nginx\n# check logs\njournalctl -u nginx",
        "# mount the data\nmount /data",
    ],
)
def test_a_comment_is_no_prompt_of_root(code):
    assert typed(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "cat <<EOF > /etc/motd\n$HOME is not a prompt\nEOF",
        "# $ is no prompt here\necho $HOME",
        "awk '{ print $1 }' /etc/passwd",
    ],
)
def test_a_script_is_left_as_it_is(code):
    assert typed(code, "bash") == code


def test_what_may_be_of_root_in_a_block_of_a_shell_stays_a_comment():
    code = '$ oc debug "node/a"\n# sysctl -a | grep fs\nfs.file-max = 1\n# rm -rf /srv'

    assert typed(code, "shell") == 'oc debug "node/a"\n# sysctl -a | grep fs\n# rm -rf /srv'
    assert typed(code, "console") == 'oc debug "node/a"\nsysctl -a | grep fs\nrm -rf /srv'


@pytest.mark.parametrize("code", ["alice@shop.example # on call\nbob@shop.example", "a@b: # c\nd"])
def test_an_address_with_a_comment_is_no_prompt(code):
    assert typed(code, "") == code


def test_empty_lines_between_commands_stay():
    assert typed("$ A=1\n\n$ B=2\nx\n\n$ id", "sh") == "A=1\n\nB=2\n\nid"


def test_a_script_with_a_prompt_somewhere_loses_the_prompt_alone():
    assert typed("cd /srv\n$ make", "bash") == "cd /srv\nmake"


def test_a_comment_above_what_was_typed_belongs_to_it():
    code = "# List the pods\n$ kubectl get pods\nNAME READY\n# of the output\nweb-1 1/1"

    assert typed(code) == "# List the pods\nkubectl get pods"


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("$ kubectl get \\\n    pods\nNAME", "kubectl get \\\n    pods"),
        ("$ kubectl get \\\n>   pods\nNAME", "kubectl get \\\n  pods"),
        ("$ cat <<EOF > x\na: 1\nEOF\n$ id\n0", "cat <<EOF > x\na: 1\nEOF\nid"),
        ("$ cat <<EOF > x\n> a: 1\n> EOF\ndone", "cat <<EOF > x\na: 1\nEOF"),
        ("$ echo 'a\nb'\na\nb", "echo 'a\nb'"),
        ("$ for i in 1 2; do\n>   echo $i\n> done\n1\n2", "for i in 1 2; do\n  echo $i\ndone"),
        ("$ ps aux |\n  grep nginx\nroot 1", "ps aux |\n  grep nginx"),
        ("$ get `id -u`   \nNAME\nx", "get `id -u`   "),
        ("$ npm run build\n> shop@1.0.0 build\n> vite\nok", "npm run build"),
        ("$ echo done # don't\ndone", "echo done # don't"),
        ('$ echo "a # b"\na # b', 'echo "a # b"'),
        ("$ mysql\nmysql> select\n    -> 1;\n1", "mysql\nselect"),
    ],
)
def test_a_command_may_take_several_lines(code, command):
    assert typed(code) == command


def test_a_command_of_another_shell_is_said_to_be_one():
    assert commands("PS C:\\> Get-Service\nRunning")[0]["language"] == "powershell"
    assert commands("$ mysql\nmysql> \\q")[0]["language"] == ""
    assert commands("$ id")[0]["language"] == "console"


def test_answers_are_marked_and_have_no_colours():
    html = render('```console\n$ echo "a"\n"a" # 1\n$ id\n```').html

    assert "<samp>&quot;a&quot; # 1\n</samp>" in html.replace('"a" # 1', "&quot;a&quot; # 1")
    assert html.count('<span class="hl-p">$ </span>') == 2


def test_a_prompt_in_a_line_is_marked():
    html = render("Run `$ id` now").html

    assert '<code><span class="hl-p">$ </span>id</code>' in html


def test_values_reach_the_command_that_they_belong_to():
    text = (
        "---\nparameters:\n  - name: host\n  - name: port\n---\n\n1. Look\n\n   ```console\n"
        "   $ ping {{ host }}\n   PING {{ host }}\n   $ nc {{ host }} {{ port }}\n   ```\n"
    )
    (step,) = render(text).steps

    filled = fill_html(step["html"], step["commands"], {"host": "a b", "port": "80"}).html
    shown = unescape(re.sub("<[^>]*>", "", filled))

    assert "$ ping 'a b'\nPING a b\n$ nc 'a b' 80" in shown


@pytest.mark.parametrize(
    ("info", "language", "label"),
    [
        ("{.bash}", "bash", "Shell"),
        ("{ .bash .annotate }", "bash", "Shell"),
        ('{.bash #restart title="Restart"}', "bash", "Shell Restart"),
        ("bash {.annotate}", "bash", "Shell"),
        ('bash title="restart.sh" linenums="1"', "bash", "Shell restart.sh"),
        ("bash {1,3-5}", "bash", "Shell"),
        ("bash{1}", "bash", "Shell"),
        ("bash,ignore", "bash", "Shell"),
        ("language-bash", "bash", "Shell"),
        ("{bash, eval=FALSE}", "bash", "Shell"),
        ("{code-block} bash", "bash", "Shell"),
        ("{}", "", "Code"),
    ],
)
def test_a_fence_names_its_language_in_the_way_of_any_tool(info, language, label):
    rendered = render(f"1. Look\n\n   ```{info}\n   id\n   ```\n")

    assert rendered.steps[0]["commands"] == [{"language": language, "text": "id"}]
    assert f"<span>{label}</span>" in rendered.html


def test_a_diagram_may_be_named_by_its_class():
    assert "data-mermaid" in render("```{.mermaid}\ngraph TD\n```").html
    assert "data-mermaid" in render("```{mermaid}\ngraph TD\n```").html


@pytest.mark.parametrize(
    "text",
    [
        "1. Look\n\n        ```bash\n        id\n        ```\n",
        "1. Look\n\n   {{< highlight bash >}}\n   id\n   {{< /highlight >}}\n",
        "1. Look\n\n   {% highlight bash linenos %}\n   id\n   {% endhighlight %}\n",
    ],
)
def test_a_command_is_never_a_fence(text):
    assert render(text).steps[0]["commands"] == [{"language": "bash", "text": "id"}]


def test_a_block_of_another_tool_that_is_no_code_is_no_command():
    assert render("1. Look\n\n   ```{warning}\n   Mind.\n   ```\n").steps[0]["commands"] == []
