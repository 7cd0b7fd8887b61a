"""Hostile Markdown: nothing executable comes out, and none of the text is lost."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.core.markdown import MarkdownError, render, sanitiser

SCHEMES = ("http:", "https:", "mailto:", "tel:")
VOID = {"br", "hr", "img"}

# each is shown exactly as written
SHOWN_AS_WRITTEN = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)" //',
    "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>body{display:none}</style>",
    "<div style='background:url(x)'>",
    '<iframe src="//evil.example"></iframe>',
    "<object data='data:text/html;base64,PHNjcmlwdD4='>",
    "<form action=//evil.example><input name=password>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php system('id') ?>",
    "</p></div></article><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a.example/1)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)",
    "![x](data:image/png;base64,AAAA)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<vbscript:x>",
    "<file:///etc/passwd>",
]

# parts of these are read as Markdown; what matters is what comes out
READ = [
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    "[x](<javascript:alert(1)>)",
    "[x](java\nscript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](javascript&#58alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](javas\\\ncript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: <javascript:alert(1)>\n\n[x][] ![x]",
    '![" onerror=alert(1) ](x)',
    '![x" onerror="alert(1)](x.png)',
    "![<img src=x onerror=alert(1)>](x.png)",
    '![x](x.png "\\" onerror=alert(1) \\"")',
    '![x](x.png"onerror="alert(1))',
    "![x](x.png' onerror='alert(1))",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](https://a.example 'x\" onmouseover=\"alert(1)')",
    '[a](https://a.example "b" [c](https://d.example"onclick=alert(1)))',
    '[![x](y "a](z)" onclick=alert(1) ")](w)',
    "[a [b](javascript:alert(1)) c](https://d.example)",
    "[[x](javascript:alert(1))](javascript:alert(2))",
    '<https://a.example/"onclick="alert(1)>',
    "<https://a.example/<script>alert(1)</script>>",
    "https://a.example/<script>alert(1)</script>",
    'https://a.example/"><script>alert(1)</script>',
    "https://a.example/' onclick='alert(1)",
    "xmpp:a@b.example mailto:a@b.example",
    '```"><script>alert(1)</script>\nx\n```',
    '```sh" onclick="alert(1)\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "```mermaid\ngraph TD; A-->B</code></pre><script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    '!!! warning "<script>alert(1)</script>"\n    <img src=x onerror=alert(1)>',
    '!!! warning" onclick="alert(1)\n    x',
    "> [!NOTE]\n> <script>alert(1)</script>",
    '{{< hint "><script>alert(1)</script> >}}\nx\n{{< /hint >}}',
    '## x {#a"onclick="alert(1)}',
    '## "><script>alert(1)</script>',
    "# <script>alert(1)</script>\n\nx",
    "| <script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    '| a" onclick="x |\n|---|\n| b |',
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    'x[^"><script>]\n\n[^"><script>]: y',
    "- [ ] <script>alert(1)</script>",
    "1. <script>alert(1)</script> {check}",
    "---\ntitle: <script>alert(1)</script>\n---\n\n{{ x }}",
    '---\nparameters:\n  - name: "x\\" onclick=\\"alert(1)"\n---\n\n{{ x" onclick="alert(1) }}',
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "<br onclick=alert(1)>",
    "<br\nonclick=alert(1)>",
    '=== "<script>alert(1)</script>"\n    <img src=x onerror=alert(1)>',
    "=== \"x' onclick='alert(1)\"\n    y",
    ':::note" onclick="alert(1)\n<script>alert(1)</script>\n:::',
    ":::note <img src=x onerror=alert(1)>\nx\n:::",
    "> [!WARNING] <img src=x onerror=alert(1)>\n> <script>alert(1)</script>",
    "<details>\n<summary><img src=x onerror=alert(1)></summary>\n<script>a</script>\n</details>",
    "<details open ontoggle=alert(1)>\nx\n</details>",
    '<details class="x" open onclick="alert(1)">\nx\n</details>',
    "<details>\n</div></article><script>alert(1)</script>\n</details>",
    "[[javascript:alert(1)]] [[x|<script>alert(1)</script>]] ![[javascript:x.png]]",
    '[[x" onclick="alert(1)]] ![[x" onerror="alert(1).png]]',
    '{{< figure src="javascript:alert(1)" >}}',
    '{{< figure src="x" alt="\\" onerror=alert(1)" caption="<script>alert(1)</script>" >}}',
    '[x]({{< ref "javascript:alert(1)" >}}) {{< ref "javascript:alert(1)" >}}',
    "[x]({{ site.url }}javascript:alert(1)) [x]({{ 'javascript:alert(1)' | relative_url }})",
    "![x](y.png){: onerror=alert(1) style=x }",
    '## x {: #y" onclick="alert(1) }\n\nz\n{: #z" onclick="alert(1) }',
    '<a name="x" onclick=alert(1)></a>',
    '<a name="x"><script>alert(1)</script></a>',
    "<a id='x\" onclick=\"alert(1)'>y</a>",
    '[TOC]\n\n## <script>alert(1)</script>\n\n## x" onclick="alert(1)',
    "[x](tel:1;javascript:alert(1))",
    '```{.bash onclick="alert(1)" title="<script>alert(1)</script>"}\nx\n```',
    "```console\n$ <script>alert(1)</script>\n</samp><img src=x onerror=alert(1)>\n```",
    "{{< highlight <script> >}}\n<script>alert(1)</script>\n{{< /highlight >}}",
    "---\ntitle: <script>: <img src=x onerror=alert(1)>\n---\n\nx",
]


@pytest.mark.parametrize("text", [*SHOWN_AS_WRITTEN, *READ])
def test_it_lets_nothing_executable_through(text):
    rendered = render(text)

    for html in [rendered.html, *(step["html"] for step in rendered.steps)]:
        assert_harmless(html)


@pytest.mark.parametrize("text", SHOWN_AS_WRITTEN)
def test_it_shows_what_it_refuses(text):
    assert squeezed(text) in squeezed(dom(render(f"Before {text}").html).text)


@pytest.mark.parametrize("text", [*SHOWN_AS_WRITTEN, *READ])
def test_it_is_as_harmless_inside_other_blocks(text):
    inside = text.replace("\n", "\n  ")

    for block in (
        f"- {inside}",
        f"> {inside}",
        f"# {inside}",
        f"**{inside}**",
        f"[{inside}](x)",
    ):
        assert_harmless(render(block).html)


def test_links_that_leave_the_site_do_not_hand_over_the_page():
    html = render("[a](https://a.example) [b](//b.example) [c](c.md) <https://d.example>").html

    assert html.count('rel="noopener noreferrer"') == 3


def test_an_address_from_the_resolver_is_checked_as_well():
    rendered = render("[a](b.md) ![c](d.png)", resolve=lambda target: "javascript:alert(1)")

    assert_harmless(rendered.html)


def test_the_sanitiser_holds_if_the_renderer_ever_fails():
    html = sanitiser.clean(
        '<p onclick="x">a<script>b</script><a href="javascript:c">d</a>'
        '<img src="data:e" onerror="f" alt="g"><span class="hl-k evil" style="color:red">h</span>'
    )

    assert_harmless(html)
    assert dom(html).text == "abdh"
    assert "evil" not in html


@settings(deadline=None)
@given(st.from_regex(r"<[a-z][a-z0-9_ .-]{0,20}>", fullmatch=True))
@example("<a._>")
def test_no_placeholder_is_lost(placeholder):
    text = f"Run `it` for {placeholder} and **{placeholder}**.\n\n| a |\n|---|\n| {placeholder} |\n"
    if placeholder.startswith("<br") and not placeholder[3:-1].strip():
        return

    assert dom(render(text).html).text.count(placeholder) == 3


MARKS = st.sampled_from(
    [
        *"*_`~[]()<>!#|-+=>\"'{}:\\&^$ \n",
        "\n\n",
        "    ",
        "```",
        "[^1]",
        "[^1]: ",
        "!!! note\n",
        *('=== "word"\n', ":::note\n", ":::\n", "<details>\n", "</details>\n", "[[", "]]"),
        *("```console\n", "$ word\n", "{: .a }", "[TOC]\n", '<a name="b">', "</a>", "[!NOTE]"),
    ]
    + [
        "{{ a }}",
        "{check}",
        "- [ ] ",
        "1. ",
        "<br>",
        "https://a.b",
        "word",
        "é",
        "\x00",
        "\ud800",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKS, max_size=40).map("".join))
def test_any_text_is_rendered_or_refused_harmlessly(text):
    try:
        rendered = render(text)
    except MarkdownError:
        return
    assert_harmless(rendered.html)


@settings(max_examples=300, deadline=None)
@example('```*{: .a }=== "word"\n')  # a fence with settings and other words
@given(st.lists(MARKS, max_size=40).map("".join))
def test_no_word_is_lost(text):
    rendered = render(f"x\n\n{text}")  # a heading that comes first would become the title
    attributes = " ".join(value for _, value in dom(rendered.html).attributes)

    assert (rendered.html + attributes).count("word") >= text.count("word") - hidden(text)


def hidden(text):
    """Words in definitions of links (`[a]: word`), which no Markdown shows."""
    return text.count("word") if "]:" in text else 0


class Dom(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open, self.text = set(), [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def dom(html):
    parsed = Dom()
    parsed.feed(html)
    parsed.close()
    return parsed


def assert_harmless(html):
    parsed = dom(html)
    assert parsed.tags <= sanitiser.TAGS
    assert not parsed.open
    for name, value in parsed.attributes:
        assert not name.startswith("on") and name not in (
            "style",
            "srcset",
            "srcdoc",
            "action",
        )
        if name in ("href", "src"):
            assert_allowed(value)


def assert_allowed(address):
    """As a browser reads it: control characters and blanks do not count."""
    address = "".join(sign for sign in address if sign > " ").lower()
    before, colon, _ = address.partition(":")
    is_relative = not colon or any(sign in before for sign in "/?#%") or not before
    assert is_relative or address.startswith(SCHEMES)


def squeezed(text):
    return "".join(text.split())
