"""A guide with its steps as plain data: what a version keeps for ever, rendered once.

A step: `key, number, title, html, text, control, result, shot, video`. A shot: `name, width,
height, alt, taken_at, callouts`. A video: `source, content_type, title, name, captions, chapters,
transcript, poster`.
"""

from onboarding.problems import WrongState
from portal.core.markdown import render
from portal.core.problems import Refused


def frozen(guide) -> dict:
    """The content of a version. Raises WrongState without steps, Refused with what is missing."""
    steps = list(guide.steps.select_related("screenshot", "video__poster"))
    if not steps:
        raise WrongState("It has no step yet: add one before you publish.")
    for number, step in enumerate(steps, 1):
        _require_described(number, step)
    return {
        "title": guide.title,
        "purpose": guide.purpose,
        "audience": guide.audience,
        "roles": guide.roles,
        "minutes": guide.minutes,
        "asks_acknowledgement": guide.asks_acknowledgement,
        "steps": [frozen_step(number, step) for number, step in enumerate(steps, 1)],
    }


def _require_described(number: int, step) -> None:
    if step.screenshot and not step.screenshot.alt.strip():
        raise Refused(
            f"Step {number}: describe its picture for those who cannot see it.",
            pointer=f"/steps/{number - 1}/screenshot/alt",
        )


def frozen_step(number: int, step) -> dict:
    return {
        "key": str(step.key),
        "number": number,
        "title": step.title,
        "text": step.text,
        "html": render(step.text).html,
        "control": step.control,
        "result": step.result,
        "shot": _shot(step) if step.screenshot else None,
        "video": _video(step.video) if step.video else None,
    }


def _shot(step) -> dict:
    picture = step.screenshot
    return {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
        "taken_at": picture.taken_at.isoformat() if picture.taken_at else None,
        "callouts": step.callouts,
    }


def _video(video) -> dict:
    return {
        "source": video.source,
        "content_type": video.content_type,
        "title": video.title,
        "name": video.name,
        "pk": video.pk,
        "has_captions": bool(video.captions),
        "has_chapters": bool(video.chapters),
        "transcript": render(video.transcript).html if video.transcript else "",
        "poster": video.poster.name if video.poster else None,
    }
