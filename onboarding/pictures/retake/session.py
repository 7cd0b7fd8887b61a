"""Taking the pictures of guides again, or only asking whether they are still true."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction

from onboarding.models import Guide, Screenshot, Step
from onboarding.pictures.pages import DEFAULTS
from portal.core.media.uploads import UploadRefused, store_image
from portal.core.problems import DomainError

from .camera import Camera, NotTaken, Shot
from .difference import Difference, difference
from .placement import burn, moved
from .viewer import Eyes

UNCHANGED, TAKEN, FLAGGED = "unchanged", "taken", "flagged"
NOTE = "Pictures taken again"
UNPLACED = (
    "Its page changed, and nobody knows where on it is what was blurred: name its selector, or "
    "blur a new picture by hand."
)


@dataclass(frozen=True)
class Outcome:
    """What became of the picture of a step."""

    guide: str
    number: int
    title: str
    state: str
    why: str = ""

    def __str__(self):
        why = f": {self.why}" if self.why else ""
        return f"{self.state:<9} {self.guide}, step {self.number} “{self.title}”{why}"


@dataclass
class Retake:
    """One round through the steps that know their page. With `check` nothing is changed."""

    camera: Camera
    eyes: Eyes
    at: object
    by: object = None
    check: bool = False

    def steps(self, guides) -> Iterator[tuple]:
        """(guide, number, step) for each step that knows its page."""
        for guide in guides:
            rows = guide.steps.select_related("screenshot").order_by("position", "pk")
            for number, step in enumerate(rows, 1):
                if step.page:
                    yield guide, number, step

    def take(self, guide, number: int, step) -> Outcome:
        """Take the picture of one step, and say what became of it."""
        try:
            state, why = self._take(guide, step)
        except NotTaken as error:
            state, why = FLAGGED, str(error)
            if not self.check:
                step.mark(why)
        except (ValidationError, DomainError, UploadRefused) as error:
            state, why = FLAGGED, str(error)
        return Outcome(guide.slug, number, step.title, state, why)

    def _take(self, guide, step) -> tuple[str, str]:
        blurs = step.screenshot.blurred if step.screenshot else []
        selectors = [each["selector"] for each in [*step.callouts, *blurs] if each.get("selector")]
        role = step.page.get("role", DEFAULTS["role"])
        shot = self.camera.take(step.page, selectors, **self.eyes.of(role))
        burn(shot, blurs, step.page)
        found = _compared(step.screenshot, shot)
        if (found is None or found.counts) and not all(each.get("selector") for each in blurs):
            raise NotTaken(UNPLACED)
        if self.check:
            return _checked(found, "; ".join(shot.missing.values()))
        return self._shown(guide, step, shot, found)

    @transaction.atomic
    def _shown(self, guide, step, shot: Shot, found: Difference | None) -> tuple[str, str]:
        """Show the new picture, unless the author changed the old one meanwhile."""
        Guide.objects.select_for_update().get(pk=guide.pk)
        now = Step.objects.select_related("screenshot").filter(pk=step.pk).first()
        if now is None:
            return UNCHANGED, "its step was removed meanwhile"
        if _seen(now) != _seen(step):
            return UNCHANGED, "its author changed its picture meanwhile"
        step.refresh_from_db(fields=["callouts", "flag"])
        missing = "; ".join(shot.missing.values())
        callouts = moved(step.callouts, shot, step.page)
        if found is None or found.counts:
            picture = self._keep(guide, step, shot, found)
            step.show(picture, by=self.by, callouts=callouts, flag=missing[:300])
        elif callouts != step.callouts:
            step.show(step.screenshot, by=self.by, callouts=callouts, flag=missing[:300])
        else:
            step.mark(missing)
            return (FLAGGED, missing) if missing else (UNCHANGED, "")
        return (FLAGGED if missing else TAKEN), missing or _told(found)

    def _keep(self, guide, step, shot: Shot, found: Difference | None) -> Screenshot:
        old = step.screenshot
        about = {"guide": guide, "by": self.by, "taken_at": self.at}
        about["taken_from"] = step.page["address"]
        drawn = None
        if found:
            stored = store_image(BytesIO(found.picture))
            drawn = Screenshot.objects.keep(stored, alt="What differs", **about)
        alt = old.alt if old else f"The page “{shot.title}”"[:300]
        return Screenshot.objects.keep(
            store_image(BytesIO(shot.content)),
            alt=alt,
            blurred=shot.blurred,
            previous=old,
            changed=found.part if found else None,
            difference=drawn,
            **about,
        )

    def publish(self, guide, *, was_published: bool) -> str:
        """Give readers the new pictures. Returns why not, or nothing."""
        if guide.published_id is None:
            return "it was never published"
        if not was_published:
            return "its authors are changing it: publish it when they are done"
        if guide.steps.exclude(flag="").exists():
            return "a picture is flagged"
        guide.publish(by=self.by, note=NOTE, at=self.at)
        return ""


def _seen(step) -> tuple:
    """Where its picture is taken, which one it shows, and what is blurred in that."""
    shot = step.screenshot
    return step.page, step.screenshot_id, shot.blurred if shot else []


def _compared(old: Screenshot | None, shot: Shot) -> Difference | None:
    """What differs from the old picture; None if there is none, or its file is gone."""
    if old is None:
        return None
    try:
        with old.open() as file:
            before = file.read()
    except FileNotFoundError:
        return None
    return difference(before, shot.content, passed_over=shot.changing)


def _checked(found: Difference | None, missing: str) -> tuple[str, str]:
    if found is None:
        return FLAGGED, "it has no picture yet"
    if found.counts:
        differs = f"its picture is older than the page, {_told(found)}"
        return FLAGGED, f"{differs}; {missing}" if missing else differs
    return (FLAGGED, missing) if missing else (UNCHANGED, "")


def _told(found: Difference | None) -> str:
    return f"{found} differs" if found else "the first picture"
