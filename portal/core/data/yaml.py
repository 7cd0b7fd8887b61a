"""YAML from people: nothing that could explode is read.

`documents` reads strictly, with the line of every member; `load` takes what other tools write;
`load_loosely` also what names objects of Python, and makes none.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from portal.core.data.yaml_fixes import fix_of

LARGEST = 1024 * 1024
DEEPEST, MOST_NODES = 20, 10_000
MOST_EVENTS = 50_000  # of a file: its values, and the beginnings and ends of what holds them
MOST_BITS = 64  # of a number; Python writes none of more than 4,300 digits
LONGEST_NUMBER = 3000  # as it is written: to read one of base 60 (1:2:3) takes its square
NUMBER = re.compile(r"[-+]?[0-9][0-9a-fA-FxXoO_:]*")


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
YAML_ERRORS = (yaml.YAMLError, ValueError, RecursionError)


class Refused(ValueError):
    """YAML that is well formed but not wanted here."""


class BadYaml(ValueError):
    """A file that is not read; `line` counts from 1."""

    def __init__(self, detail: str, line: int = 1):
        super().__init__(detail)
        self.detail, self.line = detail, line


class _Loader(yaml.SafeLoader):
    """Safe, without anchors, aliases, own tags and repeated keys; dates stay words."""

    yaml_implicit_resolvers = {
        first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, stream):
        super().__init__(stream)
        self.nodes = self.depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadYaml("Anchors and aliases are not read: write it out.", line)
        if getattr(event, "tag", None):
            raise BadYaml(f"The tag {event.tag} is not read: leave it out.", line)
        self.nodes += 1
        self.depth += 1
        if self.nodes > MOST_NODES or self.depth > DEEPEST:
            raise BadYaml(f"More than {MOST_NODES} values or {DEEPEST} levels.", line)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def documents(text: bytes) -> list[tuple[Any, dict[str, int]]]:
    """Each document of a file with the lines of its members by JSON pointer. Raises BadYaml."""
    if len(text) > LARGEST:
        raise BadYaml(f"Larger than {LARGEST // 1024} kB.")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadYaml("It is not UTF-8.", text[: error.start].count(b"\n") + 1) from error
    loader = _Loader(decoded) if "\x00" not in decoded else _nul(decoded)
    try:
        found = []
        while loader.check_node():
            node: yaml.Node = loader.get_node()  # type: ignore[assignment]
            lines = dict(_lines(node, ""))
            found.append((_value(node, loader), lines))
        return found
    except yaml.YAMLError as error:
        raise _bad(error, decoded) from error
    except (ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, BadYaml):
            raise
        raise BadYaml("A value cannot be read: put it in quotes.") from error
    finally:
        loader.dispose()


def _bad(error: yaml.YAMLError, text: str) -> BadYaml:
    """The line to fix, and how to write it where that is known."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "It is not YAML"
    fix = fix_of(text, error, lambda source: list(yaml.compose_all(source, Loader=LOADER)))
    if fix:
        return BadYaml(f"Not YAML: {what}. Write line {fix[0]} as: {fix[1].strip()}", fix[0])
    return BadYaml(f"Not YAML: {what}.", mark.line + 1 if mark else 1)


def _nul(text: str):
    raise BadYaml("It has a NUL character.", text[: text.index("\x00")].count("\n") + 1)


def _lines(node: yaml.Node, pointer: str) -> Iterator[tuple[str, int]]:
    yield pointer, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, f"{pointer}/{key.value}")
            yield f"{pointer}/{key.value}", key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _lines(value, f"{pointer}/{at}")


def _value(node: yaml.Node, loader: _Loader) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, loader)
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, loader) for each in node.value]
    is_int = node.tag.endswith(":int")
    long = is_int and len(node.value) > LONGEST_NUMBER
    value = None if long else loader.construct_object(node, deep=True)
    if long or (is_int and value.bit_length() > MOST_BITS):
        raise BadYaml("This number is too large: put it in quotes.", node.start_mark.line + 1)
    return value


def _mapping(node: yaml.MappingNode, loader: _Loader) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadYaml("A name has to be a word.", line)
        if key.value in found:
            raise BadYaml(f"“{key.value}” is said twice.", line)
        found[key.value] = _value(value, loader)
    return found


class _Loose(LOADER):  # type: ignore[misc, valid-type]  # in C if there is a compiled one
    """Reads what names objects, without making any."""


_Loose.add_multi_constructor("", lambda loader, suffix, node: None)


def load(source: str | bytes, loader: Any = LOADER) -> Any:
    """What YAML of a stranger says. Raises Refused, and almost anything for what cannot be read."""
    check(source)
    return yaml.load(source, Loader=loader)  # noqa: S506  both loaders are safe ones


def load_loosely(source: str | bytes) -> Any:
    """The same, with None in place of objects of other programs."""
    return load(source, _Loose)


def check(source: str | bytes) -> None:
    """Raise Refused for aliases, which can make a few lines as large as the memory, and for depth.

    The loader crashes the whole process where the nesting is deeper than the stack. Numbers of
    thousands of digits are refused, too.
    """
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=LOADER)):
        if count > MOST_EVENTS:
            raise Refused(f"has more than {MOST_EVENTS} values")
        if isinstance(event, yaml.AliasEvent):
            raise Refused("uses a YAML alias (*name), which is not allowed")
        if isinstance(event, yaml.ScalarEvent) and _is_long_number(event):
            raise Refused("has a number with thousands of digits")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Refused(f"is nested more than {DEEPEST} levels deep")


def _is_long_number(event: yaml.ScalarEvent) -> bool:
    is_words = not (event.implicit[0] or event.tag)
    return (
        not is_words and len(event.value) > LONGEST_NUMBER and bool(NUMBER.fullmatch(event.value))
    )


class Inline(dict):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style but for what is `Inline`."""


_Dumper.add_representer(
    Inline,
    lambda dumper, value: dumper.represent_mapping(
        "tag:yaml.org,2002:map", value.items(), flow_style=True
    ),
)


def dumped(values: Any) -> str:
    """Values as YAML in which no line is folded."""
    return yaml.dump(  # a SafeDumper
        values,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=10**6,
    )


def written(document: dict) -> str:
    """A document as YAML: block style, members in their order, words and not escapes."""
    return yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True, default_flow_style=False, width=100
    )
