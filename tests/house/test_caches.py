"""What is remembered has an end: whoever asks for ever new things must not fill the memory."""

import ast

from tests.house.test_layout import ROOT, sources

# Remembered for ever, as nobody chooses the arguments: there are as many as our code has.
FOR_EVER = {
    "portal/core/api/document.py rendered": "formats of the document",
    "portal/core/api/ratelimit.py counts": "no argument",
    "portal/core/outgoing/client.py _trust": "no argument",
    "portal/core/data/claims.py _claims": "models that are claimed",
    "portal/core/markdown/code_html.py _lexer": "languages of KNOWN",
    "portal/core/markdown/code_html.py _look": "kinds of tokens",
    "portal/core/markdown/document.py _load_addresses": "no argument",
    "portal/core/markdown/links.py self.lead": "of one text, as long as it is rendered",
    "portal/core/web/context.py address": "static files that templates name",
    "portal/accounts/models/users.py zones": "no argument",
    "portal/core/web/offers.py offered": "names that our code asks for",
    "portal/core/ops/release.py known": "no argument",
}


def is_endless(node: ast.AST) -> bool:
    """`cache`, or `lru_cache(maxsize=None)`, however it is imported."""
    call = node.func if isinstance(node, ast.Call) else node
    name = getattr(call, "attr", getattr(call, "id", ""))
    if name != "lru_cache":
        return name == "cache"
    sizes = [each.value for each in getattr(node, "keywords", []) if each.arg == "maxsize"]
    sizes += getattr(node, "args", [])
    return any(isinstance(size, ast.Constant) and size.value is None for size in sizes)


def endless(tree: ast.AST):
    """The names of what is remembered for ever: decorated, or assigned."""
    for node in ast.walk(tree):
        if any(map(is_endless, getattr(node, "decorator_list", []))):
            yield node.name
        elif isinstance(node, ast.Assign) and is_made_endless(node.value):
            yield ast.unparse(node.targets[0])


def is_made_endless(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and bool(value.args) and is_endless(value)


def test_only_what_is_named_is_remembered_for_ever():
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in sources()
        for name in endless(ast.parse(path.read_text()))
    }

    assert found == FOR_EVER.keys()


def test_it_sees_each_spelling():
    text = (
        "@cache\ndef a(x): ...\n@lru_cache(maxsize=None)\ndef b(x): ...\nc = functools.cache(d)\n"
    )
    text += "@lru_cache(maxsize=5)\ndef e(x): ...\n@lru_cache(None)\ndef f(x): ...\n"

    assert list(endless(ast.parse(text))) == ["a", "b", "c", "f"]
