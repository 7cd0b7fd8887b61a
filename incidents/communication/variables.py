"""What `{{ name }}` in a template may stand for: a fixed list of words, never an object."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from portal.core.data.nearest import nearest
from portal.core.data.signs import refusal_of
from portal.core.problems import Refused

USE = re.compile(r"\{\{([^{}]*)\}\}")  # without overlaps, so that no text takes long
LONGEST_VALUE = 500
LONGEST_SHOWN = 60
PREDICTS = re.compile(r"eta|etr|(estimate|expected|resolution|fix|back_at|until)", re.IGNORECASE)
NO_PREDICTION = (
    "There is no variable for when it will be over: a time that is missed costs more trust than "
    "one that was never named. Say when the next update comes: {{ next_update }}."
)


class Variable(NamedTuple):
    """`is_typed`: only the author knows it. `is_internal`: it may not stand in a public text."""

    name: str
    about: str
    is_typed: bool = False
    is_internal: bool = False

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


VARIABLES = {
    each.name: each
    for each in (
        Variable("incident", "Number of the incident, such as INC-142."),
        Variable("title", "Its title, as colleagues wrote it.", is_internal=True),
        Variable("severity", "SEV1 to SEV5."),
        Variable("severity_title", "The severity in a word, such as Major."),
        Variable("state", "Investigating, identified, monitoring, resolved or closed."),
        Variable("services", "Affected services; in a public text, the names of their components."),
        Variable("started", "When it was declared."),
        Variable("duration", "How long it has lasted, or lasted."),
        Variable("next_update", "When the next update is due, if this one is sent now."),
        Variable("commander", "Who leads the response.", is_internal=True),
        Variable("status_page", "Address of the status page."),
        Variable("impact", "What people notice.", is_typed=True),
        Variable("not_affected", "What works as always.", is_typed=True),
        Variable("workaround", "What people can do meanwhile.", is_typed=True),
        Variable("outcome", "What ended it, in a sentence.", is_typed=True),
        Variable("cause", "What led to it.", is_typed=True),
        Variable("next_steps", "What is done so that it does not happen again.", is_typed=True),
    )
}


def used(*texts: str) -> list[str]:
    """The names in these texts, each once, in reading order."""
    return list(dict.fromkeys(found.strip() for text in texts for found in USE.findall(text)))


def label_of(name: str) -> str:
    """The word that people read for a variable."""
    return VARIABLES[name].label if name in VARIABLES else name


def refusal_of_names(text: str, *, is_public: bool = False) -> str:
    """What is wrong with the variables of a text; empty if nothing is."""
    for name in used(text):
        known = VARIABLES.get(name)
        if known is None:
            return _unknown(name)
        if known.is_internal and is_public:
            return f"“{name}” is what colleagues read: a public text cannot use it."
    rest = USE.sub("", text)
    return "A “{{” or “}}” stands alone: write {{ name }}." if "{{" in rest or "}}" in rest else ""


def _unknown(name: str) -> str:
    if PREDICTS.search(name):
        return NO_PREDICTION
    short = name[:LONGEST_SHOWN]
    return f"There is no variable “{short}”.{nearest(name, [*VARIABLES])}"


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what has none stays as it is written."""
    return USE.sub(lambda use: values.get(use[1].strip()) or use[0], text)


def missing(values: Mapping[str, str], *texts: str) -> list[str]:
    """The names that these texts use and that have no value."""
    return [name for name in used(*texts) if not values.get(name, "").strip()]


def parts(text: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The text in pieces, each with how it is shown: empty, `param` or `param missing`."""
    found, end = [], 0
    for use in USE.finditer(text):
        name = use[1].strip()
        value = values.get(name, "")
        look = "param" if value else "param missing"
        found += [(text[end : use.start()], ""), (value or label_of(name), look)]
        end = use.end()
    return [piece for piece in (*found, (text[end:], "")) if piece[0]]


def checked_values(given: Mapping[str, str]) -> dict[str, str]:
    """What an author typed, by name. Raises Refused for unknown names and long values."""
    for name, value in given.items():
        if name not in VARIABLES:
            raise Refused(_unknown(name), pointer="/values")
        if len(value) > LONGEST_VALUE:
            detail = f"“{name}” is longer than {LONGEST_VALUE} characters."
            raise Refused(detail, pointer=f"/values/{name}")
        if refusal := refusal_of(value, is_text=True):
            raise Refused(refusal, pointer=f"/values/{name}")
        if USE.search(value):
            raise Refused(f"“{name}” is a value: it has no variables.", pointer=f"/values/{name}")
    return {name: value.strip() for name, value in given.items() if value.strip()}
