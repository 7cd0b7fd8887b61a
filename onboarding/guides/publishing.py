"""A guide with its steps as plain data: what a version keeps for ever, rendered once.

A step: `key, number, title, html, text, control, result, shot, video`. A shot: `name, width,
height, alt, taken_at, callouts`. A video: `source, content_type, title, name, pk, captions,
chapters, transcript, transcript_text, poster`. `prerequisites` are keys of guides.
"""

from collections.abc import Iterator

from onboarding.problems import WrongState
from portal.core.markdown import render
from portal.core.problems import DomainError, Refused


def frozen(guide) -> dict:
    """The content of a version. Raises WrongState without steps, Refused with what is missing."""
    content = drafted(guide)
    for refusal in unready(content):
        raise refusal
    return content


def drafted(guide, *, rendering: bool = True) -> dict:
    """The guide as its authors have it now, in the shape of a version, finished or not.

    Without `rendering` its HTML stays empty, and nothing is raised for a text.
    """
    to_html = _html if rendering else _nothing
    steps = guide.steps.select_related("screenshot", "video__poster")
    return {
        "title": guide.title,
        "purpose": guide.purpose,
        "audience": guide.audience,
        "roles": guide.roles,
        "minutes": guide.minutes,
        "asks_acknowledgement": guide.asks_acknowledgement,
        "prerequisites": list(guide.prerequisites.values_list("pk", flat=True)),
        "steps": [frozen_step(number, step, to_html) for number, step in enumerate(steps, 1)],
    }


def content_of(guide, number: int) -> dict | None:
    """The content of a version, or for 0 of the guide as its authors have it; None without one."""
    if not number:
        return drafted(guide, rendering=False)
    version = guide.versions.filter(number=number).first()
    return version.content if version else None


def unready(content: dict) -> list[DomainError]:
    """All that keeps it from being published."""
    if not content["steps"]:
        return [WrongState("It has no step yet: add one before you publish.")]
    return [refusal for step in content["steps"] for refusal in _unready_step(step)]


def _unready_step(step: dict) -> Iterator[Refused]:
    """What keeps some people from following it."""
    number, shot, film = step["number"], step["shot"], step["video"]
    if shot and not shot["alt"].strip():
        yield Refused(
            f"Step {number}: describe its picture for those who cannot see it.",
            pointer=f"/steps/{number - 1}/screenshot/alt",
        )
    if film and not film["captions"] and not film["transcript_text"].strip():
        yield Refused(
            f"Step {number}: give its film captions or a transcript, for those who cannot hear it.",
            pointer=f"/steps/{number - 1}/video/captions",
        )


def _html(text: str) -> str:
    return render(text).html if text else ""


def rendered_again(content: dict) -> dict:
    """The content of a version, its HTML as the words are read today. Raises MarkdownError."""
    return {**content, "steps": [_rendered_step(step) for step in content["steps"]]}


def _rendered_step(step: dict) -> dict:
    step = {**step, "html": _html(step.get("text", ""))}
    film = step.get("video")
    if film and "transcript_text" in film:
        step["video"] = {**film, "transcript": _html(film["transcript_text"])}
    return step


def _nothing(text: str) -> str:
    return ""


def frozen_step(number: int, step, to_html=_html) -> dict:
    return {
        "key": str(step.key),
        "number": number,
        "title": step.title,
        "text": step.text,
        "html": to_html(step.text),
        "control": step.control,
        "result": step.result,
        "shot": _shot(step) if step.screenshot else None,
        "video": _video(step.video, to_html) if step.video else None,
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


def _video(video, to_html) -> dict:
    return {
        "source": video.source,
        "content_type": video.content_type,
        "title": video.title,
        "name": video.name,
        "pk": video.pk,
        "captions": video.captions,
        "chapters": video.chapters,
        "transcript": to_html(video.transcript),
        "transcript_text": video.transcript,
        "poster": video.poster.name if video.poster else None,
    }
