"""A step as readers will see it, before it is saved or published."""

from dataclasses import dataclass, field

from onboarding.pictures.geometry import Shot, shot_of
from portal.core.markdown import MarkdownError, Rendered, Sanitised, render


class OfStep:
    """What is read of one step of a content (`guides.publishing`)."""

    step: dict

    @property
    def number(self) -> int:
        return self.step["number"]

    @property
    def title(self) -> str:
        return self.step["title"]

    @property
    def transcript(self) -> Sanitised:
        return Sanitised(self.step["video"]["transcript"])


@dataclass(frozen=True)
class Shown(OfStep):
    """One step with its text rendered, or why it is not."""

    step: dict
    rendered: Rendered | None
    refusal: str
    shot: Shot | None
    tracks: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> Sanitised:
        return Sanitised(self.rendered.html if self.rendered else "")


def shown(step: dict, tracks: dict[str, str] | None = None) -> Shown:
    """Never raises for a text: a refusal is part of the preview. `tracks`: of its film."""
    shot = shot_of(step["shot"]) if step["shot"] else None
    try:
        return Shown(step, render(step["text"]), "", shot, tracks or {})
    except MarkdownError as refusal:
        return Shown(step, None, str(refusal), shot, tracks or {})
