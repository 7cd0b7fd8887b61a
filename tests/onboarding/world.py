"""Guides and questions in which something of everything has happened, for tests of all pages."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image as Picture

from onboarding.models import (
    Assignment,
    Guide,
    Progress,
    Question,
    Screenshot,
    Step,
    StuckReport,
    Video,
)
from portal.core.media.uploads import store_image
from portal.search import index

KEY, FILM_KEY = (UUID(f"0d1c0000-0000-4000-8000-00000000000{n}") for n in (1, 2))
# of the first two steps of `make_guide`
MARKS = (
    ("box", "Press it", (5, 10, 20, 12)),
    ("arrow", "Then look here", (60, 50, 20, 10)),
    ("circle", "", (30, 70, 12, 14)),
    ("highlight", "What matters", (60, 5, 30, 8)),
)
CALLOUTS = [
    {"kind": kind, "text": text, "box": dict(zip("xywh", box)), "selector": ""}
    for kind, text, box in MARKS
]
FILM = Path(__file__).with_name("film.webm")
VTT = "WEBVTT\n\n00:00.000 --> 00:05.000\nHello\n"


def png(colour="teal", size=(900, 400)) -> io.BytesIO:
    file = io.BytesIO()
    Picture.new("RGB", size, colour).save(file, "PNG")
    file.seek(0)
    return file


def keep_picture(guide, by, colour="teal", alt="The first page"):
    stored = store_image(png(colour), name="page.png")
    return Screenshot.objects.keep(stored, alt=alt, by=by, guide=guide)


def keep_film() -> str:
    """The name of a file that is a short film: browsers complain about what is none."""
    path = default_storage.save("videos/film.webm", ContentFile(FILM.read_bytes()))
    return path.removeprefix("videos/")


def make_guide(by, title="Disk fills up", *, steps=2, **about) -> Guide:
    """Published: the first step with a picture and all kinds of marks, the second with a film."""
    with index.together():
        guide = _written(title, steps, by, about)
        guide.publish(by=by, note="First")
    return Guide.objects.get(pk=guide.pk)


def _written(title: str, steps: int, by, about: dict) -> Guide:
    guide = Guide.objects.start(title, by=by, purpose="You can do it alone.", **about)
    shot = keep_picture(guide, by)
    look = Step.objects.add(
        guide, by=by, key=KEY, title="Look", text="Press **Go**.", control="Go", result="A list."
    )
    look.show(shot, by=by, callouts=CALLOUTS)
    film = Video.objects.create(
        guide=guide,
        title="The film",
        name=keep_film(),
        content_type="video/webm",
        size=FILM.stat().st_size,
        captions=VTT,
        chapters=VTT,
        transcript="All of *it*.",
        poster=shot,
    )
    Step.objects.add(guide, by=by, key=FILM_KEY, title="Watch", text="Look at it.", video=film)
    for number in range(3, steps + 1):
        Step.objects.add(guide, by=by, title=f"Step {number}", text="Go on.")
    return guide


def make_questions(guide, *slugs) -> None:
    for place, slug in enumerate(slugs):
        question = Question(slug=slug, topic="Start", question=f"What is {slug}?", position=place)
        question.write(answer="It is `this`:\n\n- one\n- two")
        question.guides.add(guide)


def put_in_the_middle(guide, person, by) -> Progress:
    """Late, one step ticked, and stuck twice at the next: answered once, and waiting."""
    day = timezone.localdate() - timedelta(days=3)
    Assignment.objects.assign(
        guide, by=by, user=person, due_on=day, at=timezone.now() - timedelta(days=9)
    )
    progress = Progress.objects.start(guide, by=person)
    first, second = progress.version.keys[:2]
    progress.view(first, seconds=40)
    progress.done(first)
    for text in ("It does not play.", "It has no sound."):
        StuckReport.objects.report(progress, second, by=person, text=text)
    StuckReport.objects.earliest("pk").settle(by=by, answer="Reload the page.\nThen press play.")
    return progress
