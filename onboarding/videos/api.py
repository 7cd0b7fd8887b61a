"""Films of guides for programs: fetched whole or in parts, and sent."""

from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser

from onboarding.guides.api.base import OnboardingView
from onboarding.models import Video
from portal.core.api.files import FILMS, answers_of
from portal.core.api.rows import Row, member
from portal.core.data.columns import longest
from portal.core.media.pictures import harmless
from portal.core.media.ranges import answered
from portal.core.media.uploads import UploadRefused
from portal.core.problems import Refused, StorageFull
from portal.core.web.address import absolute

from .forms import VideoForm
from .upload import VideoReceiver, tidy


def _address(name: str) -> str:
    return absolute(reverse("api:guide-film", args=[name]))


class FilmSerializer(Row):
    """A film of a guide as it is kept."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="Made here."), "name")
    address = member(
        serializers.CharField(help_text="Where a token fetches it."), "name", made=_address
    )
    title = member(serializers.CharField(), "title")
    content_type = member(serializers.CharField(), "content_type")
    size = member(serializers.IntegerField(help_text="Bytes."), "size")
    created_at = member(serializers.DateTimeField(), "created_at")
    etag = member(serializers.CharField(), "sha256", made=Video.tag_of)


class SendFilmSerializer(serializers.Serializer):
    """A film as it is sent, with the words for those who cannot hear or see it."""

    title = serializers.CharField(max_length=longest(Video, "title"), help_text="What it shows.")
    file = serializers.FileField(help_text="MP4 or WebM.")
    captions = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="WebVTT."
    )
    chapters = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="WebVTT."
    )
    transcript = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="In Markdown."
    )


class GuideFilm(OnboardingView):
    permissions = {"GET": "onboarding.view_guide"}
    renderer_classes = FILMS

    def current_etag(self) -> str:
        rows = Video.objects.visible(self.request.user).filter(name=self.kwargs["name"])
        found = rows.values_list("sha256", flat=True).first()
        return Video.tag_of(found) if found else ""

    @extend_schema(operation_id="guide_films_read", responses=answers_of(FILMS))
    def get(self, request, name):
        """The file of a film that you may see; a `Range` of bytes gives that part (206)."""
        row = self.found(Video.objects.visible(request.user), name=name)
        try:
            file = row.open()
        except FileNotFoundError as error:
            raise Http404 from error
        about = {"size": row.size, "etag": row.etag, "content_type": row.content_type}
        return harmless(answered(request, file, **about), row.name)


class GuideFilms(OnboardingView):
    permissions = {"POST": "onboarding.add_video"}
    parser_classes = (MultiPartParser,)

    def initial(self, request, *args, **kwargs):
        """Who asks is known before anything that is sent is stored."""
        super().initial(request, *args, **kwargs)
        self.receiver = VideoReceiver(request._request)
        request._request.upload_handlers = [self.receiver]

    @extend_schema(
        operation_id="guide_films_send",
        request={"multipart/form-data": SendFilmSerializer},
        responses={201: FilmSerializer},
    )
    def post(self, request, slug):
        """Send a film to a guide: `-F file=@tour.mp4 -F title=…`; its steps choose among them."""
        guide, data = self.guide(slug), request.data
        if isinstance(self.receiver.refusal, StorageFull):
            raise self.receiver.refusal
        if self.receiver.refusal:
            raise Refused(self.receiver.refusal.detail, pointer="/file")
        self.checked(SendFilmSerializer)
        form = VideoForm(data, request.FILES, guide=guide)
        if not form.is_valid():
            raise ValidationError(dict(form.errors))
        film = self.kept(form, guide)
        return self.made(FilmSerializer.of(film), reverse("api:guide-film", args=[film.name]))

    @transaction.atomic
    def kept(self, form: VideoForm, guide) -> Video:
        tidy()
        try:
            file = form.cleaned_data["file"]
            return Video.objects.keep(file, guide=guide, by=self.request.user, **form.about)
        except UploadRefused as refusal:
            raise Refused(refusal.detail, pointer="/file") from refusal
        except ModelError as refusal:
            raise ValidationError({"file": refusal.messages}) from refusal
