import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Max

from onboarding.pictures.callouts import validate_callouts
from onboarding.pictures.pages import validate_page
from onboarding.problems import WrongState
from portal.core.data.audit import record

from .pictures import Screenshot
from .videos import Video


class StepQuerySet(models.QuerySet):
    @transaction.atomic
    def add(self, guide, *, by, based_on: int | None = None, **fields):
        """A new step at the end of a guide. Raises StaleGuide."""
        guide.claim(based_on, yours=fields)
        last = self.filter(guide=guide).aggregate(last=Max("position"))["last"] or 0
        step: Any = self.model(guide=guide, position=last + 1, **fields)
        step.full_clean()
        step.save()
        record(guide, "add step", by=by, step=("", step.title))
        return step

    @transaction.atomic
    def compose(self, guide, *, by, based_on: int | None = None, **fields):
        """A new step with all that `Step.write` takes. Raises StaleGuide."""
        step = self.add(guide, by=by, based_on=based_on, title=fields["title"])
        step.write(by=by, **fields)
        return step


class Step(models.Model):
    """One action of a guide, as its authors have it now; readers see published versions."""

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="steps")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # through all versions
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    title = models.CharField(max_length=200)
    text = models.TextField("what to do", blank=True, help_text="One action, in Markdown.")
    control = models.CharField(
        "named control",
        max_length=200,
        blank=True,
        help_text="The button or field as it is labelled.",
    )
    result = models.CharField(
        "expected result", max_length=500, blank=True, help_text="What one sees when it worked."
    )
    screenshot = models.ForeignKey(
        Screenshot, null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    callouts = models.JSONField(default=list, blank=True, validators=[validate_callouts])
    video = models.ForeignKey(
        Video, null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    page = models.JSONField(default=dict, blank=True, validators=[validate_page])
    flag = models.CharField(
        max_length=300, blank=True, editable=False, help_text="What is wrong with its picture."
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "position", "pk"]

    def __str__(self):
        return self.title

    @transaction.atomic
    def edit(self, *, by, based_on: int | None = None, **fields) -> None:
        """Change it. Raises StaleGuide, and WrongState if somebody removed it meanwhile."""
        self.guide.claim(based_on, yours=fields)
        if not type(self).objects.filter(pk=self.pk).exists():
            raise WrongState(f"The step “{self.title}” was removed meanwhile: add it again.")
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        record(self.guide, "edit step", by=by, step=("", self.title))

    @transaction.atomic
    def remove(self, *, by, based_on: int | None = None) -> None:
        """Take it out; versions that were published keep it. Raises StaleGuide."""
        self.guide.claim(based_on)
        record(self.guide, "remove step", by=by, step=(self.title, ""))
        self.delete()
        for place, step in enumerate(self.guide.steps.order_by("position", "pk"), 1):
            step.place(place)

    @transaction.atomic
    def show(self, screenshot, *, by, callouts=None, flag: str = "") -> None:
        """Show another picture, with the callouts where they are on it."""
        self.guide.claim(None)
        self.screenshot, self.flag = screenshot, flag
        self.callouts = self.callouts if callouts is None else callouts
        self.full_clean()
        self.save(update_fields=["screenshot", "callouts", "flag"])
        record(self.guide, "show picture", by=by, step=("", self.title))

    @transaction.atomic
    def write(self, *, by, based_on: int | None = None, picture=None, alt=None, **fields) -> None:
        """Change all that an author sees of it. Raises StaleGuide, WrongState.

        `picture` is Drawn and shown from now on; `alt` describes what the picture shows. The one
        before it is deleted unless a published version shows it.
        """
        before, kept = self.screenshot, None
        if picture is not None:
            more = {"alt": alt or "", "guide": self.guide, "blurred": picture.blurred}
            kept = Screenshot.objects.keep(picture.stored, by=by, **more)
            fields |= {"screenshot": kept, "flag": ""}
        try:
            self.edit(by=by, based_on=based_on, **fields)
        except Exception:
            if kept:
                default_storage.delete(kept.path)
            raise
        if alt is not None and self.screenshot:
            self.screenshot.describe(alt)
        if before and before != self.screenshot:
            before.discard()

    def mark(self, flag: str) -> None:
        """Say what is wrong with its picture, or that nothing is any more."""
        if flag != self.flag:
            self.flag = flag[:300]
            type(self).objects.filter(pk=self.pk).update(flag=self.flag)

    def place(self, position: int) -> None:
        if position != self.position:
            self.position = position
            self.save(update_fields=["position"])
