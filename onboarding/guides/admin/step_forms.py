"""What is typed of a step: its words, its picture with callouts, its page. Verbs write it."""

import hashlib
import json
from functools import cached_property
from uuid import uuid4

from django import forms
from django.forms.models import model_to_dict

from onboarding.models import Screenshot, Step
from onboarding.pictures.blurs import Drawn, burnt
from onboarding.pictures.callout_forms import Callouts, as_rows
from onboarding.pictures.page_fields import PageFields
from portal.core.data.columns import LARGEST, longest
from portal.core.markdown import MarkdownError, render
from portal.core.media.uploads import AT_MOST, UploadRefused, store_image
from portal.core.web.editor import MarkdownEditor

PREVIEW = "admin:onboarding_step_preview"  # of the whole step; its picture has its own place
WORDS = ("title", "text", "control", "result")
GONE = "The file of the picture is gone from the disk: choose it again."


class StepForm(forms.ModelForm):
    picture = forms.FileField(
        required=False,
        label="Picture",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=f"PNG, JPEG, WebP or GIF, at most {AT_MOST}. Drop it here, or paste it.",
    )
    alt = forms.CharField(
        required=False,
        max_length=longest(Screenshot, "alt"),
        label="What does the picture show?",
        help_text="For those who cannot see it; needed before the guide is published.",
    )
    without_picture = forms.BooleanField(required=False, label="Take the picture out")
    shown = forms.ModelChoiceField(
        Screenshot.objects.none(), required=False, widget=forms.HiddenInput
    )
    based_on = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Step
        fields = (*WORDS, "video")
        widgets = {
            "text": MarkdownEditor(preview=PREVIEW, upload="", whole_form=True),
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "control": forms.TextInput(attrs={"class": "vTextField"}),
            "result": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args, guide, **kwargs):
        super().__init__(*args, **kwargs)
        self.guide = guide
        self.fields["video"].queryset = guide.videos.all()
        self.fields["video"].empty_label = "No video"
        self.fields["shown"].queryset = guide.screenshots.all()
        picture = self.instance.screenshot
        self.initial |= {"based_on": guide.revision, "seen": digest(self.instance)}
        if picture:
            self.initial |= {"alt": picture.alt, "shown": picture.pk}

    def clean_text(self):
        try:
            render(text := self.cleaned_data["text"])
        except MarkdownError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text

    def clean_picture(self):
        """The picture as it may be stored, or None."""
        file = self.cleaned_data["picture"]
        try:
            return store_image(file, name=file.name) if file else None
        except UploadRefused as refusal:
            raise forms.ValidationError(refusal.detail) from refusal

    def _post_clean(self):
        """The verb checks the row; the instance stays as it was read."""


class StepForms:
    """The three forms of one page, which are valid together."""

    def __init__(self, step: Step, *, guide, by, data=None, files=None):
        self.step = step
        self.about = StepForm(data, files, instance=step, guide=guide)
        page = step.page or {}
        self.page = PageFields(data, prefix="page", initial=page, by=by)
        rows = as_rows(step.callouts)
        self.callouts = Callouts(data, prefix="callouts", initial=rows)

    @cached_property
    def _drawn(self) -> Drawn | None:
        """The picture to keep, with what is to be unreadable burnt in; None without a change."""
        picture, shown = self.about.cleaned_data["picture"], self._shown
        blurs = self.callouts.blurs
        if picture:
            return burnt(picture.content, blurs) if blurs else Drawn(picture)
        if not (blurs and shown):
            return None
        with shown.open() as file:
            return burnt(file.read(), blurs, before=shown.blurred)

    @property
    def _shown(self) -> Screenshot | None:
        typed = self.about.cleaned_data
        return None if typed["without_picture"] else typed["shown"]

    def is_valid(self) -> bool:
        if not all([self.about.is_valid(), self.page.is_valid(), self.callouts.is_valid()]):
            return False
        try:
            return self._drawn is None or True
        except UploadRefused as refusal:
            self.about.add_error("picture", refusal.detail)
        except FileNotFoundError:
            self.about.add_error("picture", GONE)
        return False

    @property
    def fields(self) -> dict:
        """The arguments for `Step.write`."""
        typed = self.about.cleaned_data
        known = {name: typed[name] for name in (*WORDS, "video", "alt")}
        known |= {"callouts": self.callouts.callouts, "page": self.page.cleaned_data["page"]}
        return {**known, "picture": self._drawn, "screenshot": self._shown}

    @property
    def has_errors(self) -> bool:
        return bool(self.about.errors or self.page.errors or not self.callouts.is_valid())


def digest(step: Step) -> str:
    """What tells two states of a step apart."""
    if not step.pk:
        return ""
    names = (*WORDS, "callouts", "page", "screenshot", "video")
    state = model_to_dict(step, fields=names)
    state["alt"] = step.screenshot.alt if step.screenshot else ""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
