import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from runbooks.files.block import MARKER, BadBlock, join, strip

VALUES = {"slug": "watchdog", "alerts": ["Watchdog"], "history": [{"at": "now", "note": "a: b"}]}
FRONT = "---\ntitle: Watchdog\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body\n",
        "Body without end of line",
        f"{FRONT}Body\n",
        "---\ntitle: Watchdog\n---",
        "---\ntitle: Watchdog\n...\nBody  \n\n\n",
        "---\r\ntitle: Watchdog\r\n---\r\nBody\r\n",
        f"\ufeff{FRONT}Body\n",
        "\ufeffBody\n",
        "---\n---\nBody\n",
        "---\n- a list\n---\nBody\n",
        "---\nbroken: [\n---\nBody\n",
        "---\nA rule above, and below\n---\n",
        "---\rtitle: Old Mac\r---\r",
        f"---\nportal: of somebody else\n---\n{FRONT}",
        f"---\n{MARKER}\n  slug: copied\n---\nBody\n",
        f"---\n{MARKER}\n  slug: copied\ntitle: Watchdog\n---\nBody\n",
        "+++\ntitle = 'TOML'\n+++\nBody\n",
    ],
)
def test_a_text_comes_back_to_the_byte(text):
    assert strip(join(text, VALUES)) == (text, VALUES)


PIECES = ["---", "...", "title: x", MARKER, "  slug: x", "\n", "\r\n", "\r", " ", "\ufeff", "+++"]


@given(some.lists(some.sampled_from(PIECES) | some.text(max_size=5)).map("".join))
@settings(deadline=None)
def test_any_text_comes_back(text):
    assert strip(join(text, VALUES))[0] == text


@given(some.text(some.characters(exclude_categories=["Cs"])))
@settings(deadline=None)
def test_any_value_comes_back(value):
    assert strip(join(FRONT, {"note": value}))[1] == {"note": value}


def test_other_readers_of_yaml_can_read_it():
    text = join(FRONT, {"note": "line\nbreak\x7f\u2028", "slug": "x"})

    front = yaml.safe_load(text.split("---\n")[1])

    assert front["portal"] == {"note": "line\nbreak\x7f\u2028", "slug": "x"}


def test_it_is_taken_out_wherever_somebody_moved_it():
    moved = f"---\n{MARKER}\n  slug: watchdog\ntitle: Watchdog\n---\nBody\n"

    assert strip(moved) == (f"{FRONT}Body\n", {"slug": "watchdog"})


@pytest.mark.parametrize("block", ["  slug: [", "  - a list", ""])
def test_a_block_that_cannot_be_read_says_so(block):
    with pytest.raises(BadBlock, match="portal:"):
        strip(f"---\ntitle: x\n{MARKER}\n{block}\n---\nBody\n")


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, "&a [x]\n  b: *a", "!!bool x", "!!timestamp x", "1" + ":59" * 400 + ".5"],
)
def test_a_hostile_block_is_refused(value):
    with pytest.raises(BadBlock):
        strip(f"---\n{MARKER}\n  a: {value}\n---\nBody\n")
