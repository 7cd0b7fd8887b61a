"""What people send about a video."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from onboarding.models import Screenshot, Step, Video
from portal.core.data.columns import longest

from .media_types import validate_address
from .webvtt import validate_vtt

POSTERS = 50  # to choose from, the newest
WORDS = {"rows": 6, "class": "mono", "spellcheck": "true"}


class VideoForm(forms.Form):
    """A file or an address, and the words for those who cannot hear or see it."""

    title = forms.CharField(label="What it shows", max_length=longest(Video, "title"))
    file = forms.FileField(
        label="Video file",
        required=False,
        error_messages={"required": "Give a video file."},
    )
    address = forms.URLField(
        label="Or its address",
        required=False,
        max_length=longest(Video, "address"),
        assume_scheme="https",
        validators=[validate_address],
        help_text="Of the file itself, ending in .mp4 or .webm, on a host that operators allow.",
    )
    captions = forms.CharField(
        required=False,
        strip=False,
        validators=[validate_vtt],
        widget=forms.Textarea(attrs=WORDS),
        help_text="WebVTT: what is said, with its times. It begins with the line WEBVTT.",
    )
    chapters = forms.CharField(
        required=False,
        strip=False,
        validators=[validate_vtt],
        widget=forms.Textarea(attrs=WORDS),
        help_text="WebVTT: the titles of its parts, with their times.",
    )
    transcript = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The whole as text, in Markdown.",
    )
    poster = forms.ModelChoiceField(
        label="Picture before it plays",
        queryset=Screenshot.objects.none(),
        required=False,
        empty_label="None",
    )
    step = forms.ModelChoiceField(
        label="Step that shows it",
        queryset=Step.objects.none(),
        required=False,
        empty_label="None yet",
    )

    def __init__(self, *arguments, guide, **named):
        super().__init__(*arguments, **named)
        file = self.fields["file"]
        file.widget.attrs["accept"] = "video/mp4,video/webm"
        file.help_text = f"MP4 or WebM, at most {settings.VIDEO_MB} MB."
        if not settings.VIDEO_HOSTS:
            file.required = True
            del self.fields["address"]
        newest = guide.screenshots.order_by("-created_at")
        chosen = guide.screenshots.filter(pk__in=newest.values("pk")[:POSTERS])  # of a slice: none
        self.fields["poster"].queryset = chosen.order_by("-created_at")
        self.fields["step"].queryset = guide.steps.all()

    def clean(self):
        given = self.cleaned_data
        wrong = {"file", "address"} & set(self.errors)
        if not wrong and bool(given.get("file")) == bool(given.get("address")):
            raise ValidationError("Give a video file or an address, one of the two.")
        return given

    def refuse_file(self, detail: str) -> None:
        """Say why the file did not arrive, instead of that there is none."""
        for name in ("file", "__all__"):
            self.errors.pop(name, None)
        self.add_error("file", detail)

    @property
    def about(self) -> dict:
        names = ("title", "captions", "chapters", "transcript", "poster")
        return {name: self.cleaned_data[name] for name in names}
