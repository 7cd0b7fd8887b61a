"""A guide as one Markdown file, read and written; nothing here asks the database or the disk."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from onboarding.pictures.callouts import SIDES
from onboarding.pictures.pages import NAMES
from portal.core.data.yaml import Inline, dumped
from portal.core.markdown.document import SOURCE_LIMIT

from .blocks import (
    CONTROL,
    OWN_FENCE,
    PICTURE,
    RESULT,
    BadText,
    alt_of,
    code_of,
    comments_of,
    escaped,
    inside,
    loaded,
    located,
    one_line,
    unescaped,
    written,
    written_picture,
)
from .plain import ITEM, first_list, title_of

LARGEST = 8 * SOURCE_LIMIT
# Possessive, and spaces from their first on: many of them take no longer than other letters.
SPACES = r"(?<![ \t])[ \t]++"
HEADING = re.compile(rf"##[ \t]++(?P<title>.*?)(?:{SPACES}\{{#(?P<key>[\w-]+)\}})?(?:{SPACES})?")
TITLE = re.compile(rf"#[ \t]++(?P<title>.*?)(?:{SPACES})?")
FRONT = (
    *("title", "slug", "purpose", "audience", "roles", "minutes", "prerequisites", "owner"),
    *("owner_name", "position", "tour", "acknowledgement"),
)
LONGEST_TITLE, LONGEST_PURPOSE = 200, 300
ORDER = ("kind", "text", "box", *SIDES, "do", "selector", "value", *NAMES)


@dataclass
class Picture:
    """The picture of a step: a file beside the text."""

    file: str
    alt: str = ""
    taken_at: str = ""  # ISO 8601, of one taken from the running portal


@dataclass
class StepText:
    """A step as its file says it; `line` is where it begins."""

    title: str
    key: str = ""
    text: str = ""
    control: str = ""
    result: str = ""
    picture: Picture | None = None
    callouts: list = field(default_factory=list)
    blurred: list = field(default_factory=list)  # what is unreadable in the picture
    page: dict = field(default_factory=dict)
    video: dict = field(default_factory=dict)
    line: int = field(default=1, compare=False)
    lines: dict = field(default_factory=dict, compare=False)  # where its blocks begin


@dataclass
class GuideText:
    """A guide as its file says it: `about` has the members of FRONT that are given."""

    about: dict
    steps: list[StepText]
    lines: dict = field(default_factory=dict, compare=False)  # of the members of `about`
    notes: list[str] = field(default_factory=list, compare=False)  # what was passed over


def write(guide: GuideText) -> str:
    """The file. Reading it gives the same guide, and writing that the same file."""
    about = {name: guide.about[name] for name in FRONT if name in guide.about}
    parts = [f"---\n{dumped(about)}---", *(_written_step(step) for step in guide.steps)]
    return "\n\n".join(parts) + "\n"


def _written_step(step: StepText) -> str:
    key = f" {{#{step.key}}}" if step.key else ""
    lines = [f"{CONTROL} {step.control}"] * bool(step.control)
    lines += [f"{RESULT} {step.result}"] * bool(step.result)
    picture = step.picture
    title = f"taken {picture.taken_at}" if picture and picture.taken_at else ""
    callouts = [_inline_box(callout) for callout in in_order(step.callouts)]
    blurred = [_inline_box(place) for place in in_order(step.blurred)]
    parts = [
        f"## {step.title}{key}",
        escaped(step.text),
        "\n".join(lines),
        written_picture(picture.file, picture.alt, title) if picture else "",
        written("callouts", callouts) if callouts else "",
        written("blurred", blurred) if blurred else "",
        written("page", in_order(step.page)) if step.page else "",
        written("video", step.video) if step.video else "",
    ]
    return "\n\n".join(part for part in parts if part)


def in_order(value):
    """JSON with the members of its objects in one order, whichever database kept it."""
    if isinstance(value, list):
        return [in_order(each) for each in value]
    if not isinstance(value, dict):
        return value
    places = {name: place for place, name in enumerate(ORDER)}
    names = sorted(value, key=lambda name: (places.get(name, len(ORDER)), name))
    return {name: in_order(value[name]) for name in names}


def _inline_box(callout: dict) -> dict:
    box = callout.get("box")
    return {**callout, "box": Inline(box)} if isinstance(box, dict) else callout


def read(content: bytes) -> GuideText:
    """What a file says. Raises BadText with the line."""
    lines = lines_of(content)
    about, places, start = front_of(lines)
    body = lines[start:]
    heads = heads_of(body)
    comments, intro = _without_comments(body[: heads[0]] if heads else body)
    intro = _take_title(about, intro)
    if heads:
        steps = [
            _read_step(body[a:b], start + a + 1)
            for a, b in zip(heads, [*heads[1:], None], strict=True)
        ]
        _place_intro(about, intro, steps)
    else:
        steps = _listed(about, intro, start + len(body) - len(intro) + 1)
    if steps and comments:
        steps[0].text = "\n".join([*comments, "", steps[0].text])
    if not steps:
        raise BadText("It has no step: begin each with “## ” and its title, or number them.")
    return GuideText(about, steps, places)


def lines_of(content: bytes) -> list[str]:
    if len(content) > LARGEST:
        raise BadText(f"Larger than {LARGEST // 1024} kB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadText("It is not UTF-8.", content[: error.start].count(b"\n") + 1) from error
    if "\x00" in text:
        raise BadText("It has a NUL character.", text[: text.index("\x00")].count("\n") + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def front_of(lines: list[str]) -> tuple[dict, dict[str, int], int]:
    """The members of the front matter, their lines, and the number of lines that it takes."""
    if lines[0].rstrip() != "---":
        return {}, {}, 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise BadText("The front matter is not closed: a line --- is missing.")
    values, places = located("\n".join(lines[1:end]), 2)
    if values is not None and not isinstance(values, dict):
        raise BadText("The front matter has names and values, such as “minutes: 10”.", 2)
    return values or {}, places, end + 1


def heads_of(lines: list[str]) -> list[int]:
    """Where the second-level headings stand: none in code, and in comments only those with a key.

    Exports give each heading a key: an open comment in one step never swallows the next.
    """
    code = inside(code_of(lines))
    comments = comments_of(lines, code)
    heads = ((n, HEADING.fullmatch(line)) for n, line in enumerate(lines) if n not in code)
    return [n for n, head in heads if head and (head["key"] or n not in comments)]


def _without_comments(intro: list[str]) -> tuple[list[str], list[str]]:
    """The comments above the first step, and the lines with nothing in their place."""
    comments = comments_of(intro, inside(code_of(intro)))
    items = (n for n, line in enumerate(intro) if n not in comments and ITEM.fullmatch(line))
    first = next(items, len(intro))
    above = {number for number in comments if number < first}
    kept = [line for number, line in enumerate(intro) if number in above]
    return kept, ["" if number in above else line for number, line in enumerate(intro)]


def _take_title(about: dict, intro: list[str]) -> list[str]:
    """The intro without a first-level heading, which is the title if none is given."""
    for number, line in enumerate(intro):
        if match := TITLE.fullmatch(line):
            about.setdefault("title", match["title"])
            return intro[number + 1 :]
        if line.strip():
            break
    return intro


def _place_intro(about: dict, intro: list[str], steps: list[StepText]) -> None:
    """A first paragraph says the purpose if nothing else does; the rest opens the first step."""
    text = stripped(intro)
    first, _, rest = text.partition("\n\n")
    if text and "purpose" not in about and len(one_line(first)) <= LONGEST_PURPOSE:
        about["purpose"], text = one_line(first), rest.strip("\n")
    if text:
        steps[0].text = f"{text}\n\n{steps[0].text}".strip("\n")


def _listed(about: dict, body: list[str], first_line: int) -> list[StepText]:
    before, items = first_list(body)
    steps = [
        StepText(title=title_of(item)[:LONGEST_TITLE], text=item, line=first_line + number)
        for number, item in items
    ]
    if steps:
        _place_intro(about, before, steps)
    return steps


def _read_step(lines: list[str], first_line: int) -> StepText:
    head = HEADING.fullmatch(lines[0])
    if head is None or not head["title"]:
        raise BadText("A step needs a title behind “## ”.", first_line)
    step = StepText(title=one_line(head["title"]), key=head["key"] or "", line=first_line)
    blocks = code_of(lines)
    code, skip, text = inside(blocks), set(), []
    for first, last in blocks:
        if match := OWN_FENCE.fullmatch(lines[first]):
            _take_block(step, match["name"], lines[first + 1 : last], first_line + first)
            skip |= set(range(first, last + 1))
    for number, line in enumerate(lines[1:], 1):
        if number in skip:
            continue
        if number in code:
            text.append(line)
        elif not _is_part(step, line, first_line + number):
            text.append(unescaped(line))
    step.text = stripped(text)
    return step


def _take_block(step: StepText, name: str, lines: list[str], line: int) -> None:
    expected = list if name in ("callouts", "blurred") else dict
    if name == "question" or name in step.lines:
        raise BadText(f"A block “{name}” stands here once too often.", line)
    values = loaded("\n".join(lines), line + 1)
    if not isinstance(values, expected):
        what = "a list" if expected is list else "names and values"
        raise BadText(f"The block “{name}” is {what}.", line)
    step.lines[name] = line
    setattr(step, name, values)


def _is_part(step: StepText, line: str, number: int) -> bool:
    for mark, name in ((CONTROL, "control"), (RESULT, "result")):
        if line.startswith(mark):
            if getattr(step, name):
                raise BadText(f"“{mark}” stands twice in this step.", number)
            setattr(step, name, one_line(line.removeprefix(mark)))
            return True
    if OWN_FENCE.fullmatch(line):
        raise BadText("This block is not closed.", number)
    match = PICTURE.fullmatch(line)
    if not match or "://" in match["file"] or match["file"].startswith(("/", "#")):
        return False
    if step.picture:
        raise BadText("A step shows one picture: make two steps of it.", number)
    step.lines["picture"] = number
    step.picture = Picture(match["file"], one_line(alt_of(match)), _taken(match["title"]))
    return True


def _taken(title: str | None) -> str:
    word, _, moment = (title or "").partition(" ")
    try:
        at = datetime.fromisoformat(moment) if word == "taken" else None
    except ValueError:
        return ""
    return moment if at and at.tzinfo else ""


def stripped(lines: list[str]) -> str:
    """The text without the empty lines at its ends."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[full[0] : full[-1] + 1]) if full else ""


def normal(text: str) -> str:
    """A text as a file keeps it: one kind of line end, no empty lines at its ends."""
    return stripped(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n"))
