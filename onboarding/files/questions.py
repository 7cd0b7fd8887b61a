"""Questions as Markdown: a file for each topic, in it a second-level heading for each question."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby

from django.utils import timezone
from django.utils.text import slugify

from onboarding.models import Guide, Question
from portal.core.web.outcomes import CREATED, UNCHANGED, UPDATED

from . import owners
from .blocks import (
    OWN_FENCE,
    BadText,
    code_of,
    dumped,
    escaped,
    inside,
    loaded,
    one_line,
    unescaped,
    written,
)
from .document import HEADING, front_of, heads_of, lines_of, normal, stripped
from .fields import number_of

MEMBERS = {"guides", "owner", owners.NAME, "published"}


@dataclass
class QuestionText:
    """A question as its file says it."""

    question: str
    slug: str
    answer: str
    more: dict = field(default_factory=dict)
    line: int = field(default=1, compare=False)


@dataclass
class QuestionFile:
    """A topic, its questions, and where it stands among the topics if the file says so."""

    topic: str
    rows: list[QuestionText]
    position: int | None = None


class Changed(Exception):
    """The question was changed in the portal and in the file."""


def write(topic: str, rows: list[QuestionText], position: int | None = None) -> str:
    about = {"topic": topic} | ({"position": position} if position else {})
    parts = [f"---\n{dumped(about)}---"]
    for row in rows:
        parts += [f"## {row.question} {{#{row.slug}}}", escaped(row.answer)]
        parts += [written("question", row.more)] * bool(row.more)
    return "\n\n".join(part for part in parts if part) + "\n"


def read(content: bytes, stem: str) -> QuestionFile:
    """What a file says. Raises BadText with the line."""
    lines = lines_of(content)
    about, places, start = front_of(lines)
    body = lines[start:]
    heads = heads_of(body)
    if not heads:
        raise BadText("It has no question: begin each with “## ”.")
    ends = [*heads[1:], len(body)]
    rows = [_read(body[a:b], start + a + 1) for a, b in zip(heads, ends, strict=True)]
    topic = str(about.get("topic") or stem.replace("-", " ").capitalize())
    position = number_of(about, places, "position") if "position" in about else None
    return QuestionFile(one_line(topic), rows, position)


def _read(lines: list[str], line: int) -> QuestionText:
    head = HEADING.fullmatch(lines[0])
    title = one_line(head["title"]) if head else ""
    slug = (head["key"] if head else "") or slugify(title)[:120]
    if not slug:
        raise BadText("A question needs words behind “## ”.", line)
    row = QuestionText(title, slug, "", line=line)
    blocks, skip = code_of(lines), set()
    for first, last in blocks:
        match = OWN_FENCE.fullmatch(lines[first])
        if match and match["name"] == "question":
            row.more = _more("\n".join(lines[first + 1 : last]), line + first)
            skip |= set(range(first, last + 1))
    code = inside(blocks)
    text = [
        line if number in code else unescaped(line)
        for number, line in enumerate(lines)
        if number and number not in skip
    ]
    row.answer = stripped(text)
    return row


def _more(text: str, line: int) -> dict:
    values = loaded(text, line + 1)
    if not isinstance(values, dict) or set(values) - MEMBERS:
        raise BadText(f"The block “question” has {', '.join(sorted(MEMBERS))}.", line)
    return values


def files_of(topics: list[str]) -> Iterator[tuple[str, str]]:
    """(name, text) of the file of each topic."""
    rows = Question.objects.filter(topic__in=topics)
    rows = rows.select_related("owner").prefetch_related("guides")
    taken: set[str] = set()
    for position, (topic, group) in enumerate(groupby(rows, _topic), 1):
        stem = name = slugify(topic)[:80] or "questions"
        while name in taken:
            name = f"{stem}-{len(taken)}"
        taken.add(name)
        yield f"{name}.md", write(one_line(topic), [text_of(row) for row in group], position)


def _topic(row) -> str:
    return row.topic


def text_of(row) -> QuestionText:
    more: dict = {
        "guides": sorted(guide.slug for guide in row.guides.all()),
        **owners.said(row.owner),
    }
    more = {name: value for name, value in more.items() if value}
    more |= {} if row.is_published else {"published": False}
    return QuestionText(one_line(row.question), row.slug, normal(row.answer), more)


def digest(topic: str, text: QuestionText) -> str:
    text = replace(text, more=owners.without_name(text.more))
    return sha256(write(topic, [text]).encode()).hexdigest()


def keep(
    topic: str, text: QuestionText, position: int, *, force: bool, makes_teams: bool = True
) -> str:
    """Make or change the question; returns what became of it. Raises Changed, ValidationError."""
    row = Question.objects.filter(slug=text.slug).first() or Question(slug=text.slug)
    new, old = digest(topic, text), digest(one_line(row.topic), text_of(row)) if row.pk else ""
    if row.pk and new in (row.source_hash, old):
        _place(row, position, new if new == old else row.source_hash)
        return UNCHANGED
    if row.pk and old != row.source_hash and not force:
        raise Changed
    is_new = row.pk is None
    row.write(
        at=timezone.now(),
        based_on=None if is_new or force else row.etag,
        topic=topic,
        question=text.question,
        answer=text.answer,
        position=position,
        is_published=bool(text.more.get("published", True)),
        owner=owners.team_of(text.more, makes=makes_teams),
        source_hash=new,
    )
    row.guides.set(Guide.objects.filter(slug__in=map(str, text.more.get("guides") or [])))
    Question.objects.filter(pk=row.pk).update(source_hash=digest(topic, text_of(row)))
    return CREATED if is_new else UPDATED


def _place(row, position: int, source_hash: str) -> None:
    Question.objects.filter(pk=row.pk).update(position=position, source_hash=source_hash)
