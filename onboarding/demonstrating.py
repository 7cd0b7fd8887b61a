"""A guide, questions, and people at different places in it, for the portal of the demo."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from portal.accounts.models import Team
from portal.core.uploads import store_image

from .models import Assignment, Guide, Progress, Question, Screenshot, Step, StuckReport

PICTURE = settings.BASE_DIR / "docs" / "user-guide" / "images" / "a-runbook.png"
ALT = "The page of a runbook, with its state, its buttons and its text"


def _mark(kind, text, x, y, w, h) -> dict:
    """A callout; the numbers are pixels of PICTURE, which is 1280 by 860."""
    sides = ((x, 1280), (y, 860), (w, 1280), (h, 860))
    box = [round(value * 100 / side, 2) for value, side in sides]
    return {
        "kind": kind,
        "text": text,
        "box": dict(zip("xywh", box, strict=True)),
        "selector": "",
    }


STEPS = (
    {
        "title": "Open the search",
        "text": "Press **/** anywhere, or click into the search box at the top.",
        "control": "Search runbooks",
        "result": "The cursor stands in the search box.",
        "marks": (_mark("arrow", "The search box is on every page.", 248, 10, 480, 33),),
    },
    {
        "title": "Type what you know",
        "text": "A word of the title, an error message, or the name of an alert: `QueueBacklog`.",
        "control": "Search runbooks",
        "result": "A list with the best match first.",
    },
    {
        "title": "See whether it is the right one",
        "text": "Look at the state, the owner and the alerts before you follow anything.",
        "result": "“Published” with a version, and an owner whom you can ask.",
        "marks": (
            _mark("box", "Published, and which version.", 245, 158, 104, 25),
            _mark("circle", "Who keeps it: ask them.", 494, 156, 84, 28),
            _mark("highlight", "The alert that it answers.", 586, 158, 112, 25),
            _mark("box", "What changes soon, and why.", 248, 279, 1000, 70),
        ),
    },
    {
        "title": "Copy a command",
        "text": "Press **Copy** above a command. What is asked for is filled in for you.",
        "control": "Copy",
        "result": "The button says “Copied”.",
        "marks": (_mark("arrow", "Copies without the prompt.", 868, 594, 46, 22),),
    },
)
QUESTIONS = (
    (
        "no-runbook-for-an-alert",
        "Runbooks",
        "What do I do if no runbook answers my alert?",
        (
            "Open the address of the alert all the same: it offers the nearest runbooks, "
            "and it counts the look-up, so that authors see what is missing."
        ),
    ),
    (
        "who-sees-that-i-am-stuck",
        "Guides",
        "Who sees that I am stuck?",
        (
            "The team that keeps the guide. They get what you wrote, the step and the version. "
            "The answer stands on the page of that step."
        ),
    ),
    (
        "go-on-tomorrow",
        "Guides",
        "Can I go on tomorrow, on another computer?",
        "Yes. Your ticks are kept in the portal, not in the browser.",
    ),
)


def show_guides(people: dict, *, now) -> bool:
    """Make all of it, once; returns whether there was anything to make."""
    if Guide.objects.exists() or Question.objects.exists():
        return False
    guide = _guide(people, at=now - timedelta(days=30))
    _people(guide, people, now=now)
    for place, (slug, topic, question, answer) in enumerate(QUESTIONS):
        row = Question(slug=slug, topic=topic, question=question, position=place)
        row.write(answer=answer, at=now, owner=guide.owner)
        row.guides.add(guide)
    return True


def _guide(people, *, at) -> Guide:
    alice = people["alice"]
    guide = Guide.objects.start(
        "Find a runbook",
        by=alice,
        at=at,
        purpose="You find the right procedure in less than a minute.",
        audience="everybody who is called at night",
        owner=Team.objects.filter(slug="platform").first(),
        minutes=4,
    )
    with PICTURE.open("rb") as file:
        stored = store_image(file, name=PICTURE.name)
    shot = Screenshot.objects.keep(stored, alt=ALT, by=alice, guide=guide, taken_at=at)
    for about in STEPS:
        words: dict[str, Any] = {name: value for name, value in about.items() if name != "marks"}
        step = Step.objects.add(guide, by=alice, **words)
        if "marks" in about:
            step.show(shot, by=alice, callouts=list(about["marks"]))
    guide.publish(by=alice, at=at, note="First version")
    return Guide.objects.get(pk=guide.pk)


def _people(guide: Guide, people, *, now) -> None:
    """Two are through; one is late, in the middle and stuck; one has still to begin."""
    today = now.date()
    keys = guide.published.keys
    Assignment.objects.assign(
        guide, by=people["paul"], user=people["nina"], due_on=today - timedelta(days=1)
    )
    Assignment.objects.assign(
        guide, by=people["paul"], user=people["rita"], due_on=today + timedelta(days=2)
    )
    for name, days in (("alice", 20), ("paul", 6)):
        _follow(guide, people[name], keys, at=now - timedelta(days=days))
    progress = _follow(guide, people["nina"], keys[:2], at=now - timedelta(hours=5))
    StuckReport.objects.report(
        progress,
        keys[2],
        by=people["nina"],
        text="My runbook says “In review”. May I follow it?",
        at=now - timedelta(hours=4),
    )


def _follow(guide: Guide, person, keys, *, at) -> Progress:
    progress = Progress.objects.start(guide, by=person, at=at)
    for number, key in enumerate(keys, 1):
        progress.view(key, seconds=25 + 9 * number, at=at + timedelta(minutes=number))
        progress.done(key, at=at + timedelta(minutes=number, seconds=30))
    return progress
