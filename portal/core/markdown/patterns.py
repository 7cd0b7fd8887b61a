"""Regular expressions of authors, in RE2: its time grows with the text, its memory has an end.

An engine that tries one way after the other (`re`, `regex`) is kept busy for ever by a short
pattern, or takes all memory before it has read any text: `((a{1,99}){1,99}){1,99}`.
"""

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST = 200
MEMORY = 2 * 1024 * 1024  # of one pattern; it takes about half of it, and matching the rest
KEPT = 32  # patterns

LOOKS_AROUND = (
    "looks ahead or behind with (?=…), (?!…), (?<=…) or (?<!…). Write what is allowed, such as "
    "(blue|green), or list the values as choices"
)
REFERS_BACK = "refers back to one of its groups. Write out what is allowed, or list it as choices"
POSSESSIVE = "has a possessive repeat such as a++, or an atomic group (?>…). Write it without"
ENDS = "has \\Z. Leave it out: the whole value has to match anyway"
ADVICE = (
    (re.compile(r"\(\?<?[=!]"), LOOKS_AROUND),
    (re.compile(r"\\[1-9]|\(\?P="), REFERS_BACK),
    (re.compile(r"[*+?}]\+|\(\?>"), POSSESSIVE),
    (re.compile(r"\\Z"), ENDS),
)
TOO_LARGE = (
    "repeats too much. Write smaller counts, at most {1,1000}, and no counted repeat of another one"
)


class BadPattern(ValueError):
    """A pattern that cannot be checked; the message goes on after its name: “has …”."""


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text matches. Raises BadPattern."""
    return compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=KEPT)
def compiled(pattern: str) -> Any:
    """The pattern, ready to match. Raises BadPattern, which says what to write instead."""
    if len(pattern) > LONGEST:
        raise BadPattern(f"is longer than {LONGEST} characters. Shorten it")
    options = re2.Options()
    options.max_mem, options.log_errors = MEMORY, False
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError as error:
        raise BadPattern("has halves of characters. Write it anew") from error
    except re2.error as error:
        raise BadPattern(_advice(pattern, error.args[0].decode())) from error
    finally:
        re2.purge()  # it keeps more of them than KEPT


def _advice(pattern: str, why: str) -> str:
    if "too large" in why or "repetition size" in why:
        return TOO_LARGE
    found = (advice for shape, advice in ADVICE if shape.search(pattern))
    return next(found, f"is not a regular expression ({why})")
