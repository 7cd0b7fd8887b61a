"""A guide as text: the Markdown of its file, or its page without the frame of the portal."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from onboarding.files.document import GuideText, Picture, StepText, normal, write
from onboarding.models import Guide
from portal.core.api.renderers import HTMLRenderer, JSONRenderer, MarkdownRenderer
from portal.core.markdown import Sanitised
from portal.core.web.address import absolute

TEXTS = (JSONRenderer, MarkdownRenderer, HTMLRenderer)
ABOUT = ("title", "purpose", "audience", "roles", "minutes")


def text_response(kind: str, guide: Guide, content: dict, *, user, etag: str) -> HttpResponse:
    """The content (onboarding.freezing) as the media type that was asked for."""
    text = (
        _markdown(guide, content, user) if kind == MarkdownRenderer.media_type else _html(content)
    )
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers={"ETag": etag})


def _markdown(guide: Guide, content: dict, user) -> str:
    before = Guide.objects.visible(user).named_before(content).order_by("slug")
    about = {name: content[name] for name in ABOUT} | {
        "slug": guide.slug,
        "prerequisites": list(before.values_list("slug", flat=True)),
        "acknowledgement": content["asks_acknowledgement"],
    }
    steps = [_step_text(step) for step in content["steps"]]
    return write(GuideText({name: value for name, value in about.items() if value}, steps))


def _step_text(step: dict) -> StepText:
    shot, film = step["shot"], step["video"]
    return StepText(
        **{name: step[name] for name in ("title", "key", "control", "result")},
        text=normal(step["text"]),
        picture=_picture(shot) if shot else None,
        callouts=shot["callouts"] if shot else [],
        video={"title": film["title"]} if film else {},
    )


def _picture(shot: dict) -> Picture:
    return Picture(_address(shot), shot["alt"], shot["taken_at"] or "")


def _address(shot: dict) -> str:
    return absolute(reverse("onboarding:picture", args=[shot["name"]]))


def _html(content: dict) -> str:
    steps = [
        {
            **step,
            "words": Sanitised(step["html"]),
            "address": _address(step["shot"]) if step["shot"] else "",
            "transcript": Sanitised(step["video"]["transcript"] if step["video"] else ""),
        }
        for step in content["steps"]
    ]
    return render_to_string("onboarding/text.html", {"guide": content, "steps": steps})
