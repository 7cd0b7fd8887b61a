"""The commands of a step: its code blocks as somebody would type them."""

from collections.abc import Iterator

from markdown_it.token import Token

from portal.core.markdown import code_html, fences

CODE = ("fence", "code_block")
EXAMPLES = {"markdown", "md", "mdx"}  # of how something is written


def of_tokens(tokens: list[Token]) -> list[dict[str, str]]:
    """Each with `language` and `text`, in order; one of several ways has its name, too.

    That is `alternative`. Pictures and examples of Markdown are no commands, nor is a block that is
    some tool's directive.
    """
    return [
        code_html.command(token.content, token.info) | ({"alternative": name} if name else {})
        for token, name in _blocks(tokens)
        if _is_command(token)
    ]


def _is_command(token: Token) -> bool:
    fence = fences.read(token.info)
    return not fence.is_directive and fence.name not in {*code_html.PICTURES, *EXAMPLES}


def _blocks(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """The code blocks, each with the names of the tabs around it."""
    around: list[str] = []
    for token in tokens:
        if token.type == "tab_open":
            around.append(token.meta["name"])
        elif token.type == "tab_close":
            del around[-1:]
        elif token.type in CODE:
            yield token, ", ".join(around)
