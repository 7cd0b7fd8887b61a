"""Pictures of runbooks and runs, for programs: fetched, and sent to stand in a text."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from portal.core.api.files import PICTURES, PictureFileSerializer, answers_of, stored
from portal.core.api.rows import Row, member
from portal.core.data.columns import longest
from portal.core.media.pictures import given_out
from portal.core.problems import Refused
from portal.core.web.address import absolute
from runbooks.models import Image, Runbook
from runbooks.models.images import markdown_of

from .base import RunbooksView


def _address(name: str) -> str:
    return absolute(reverse("api:media-file", args=[name]))


def _url(name: str) -> str:
    return absolute(reverse("image", args=[name]))


class ImageSerializer(Row):
    """A picture as it is kept."""

    name = member(serializers.CharField(help_text="Made here."), "name")
    address = member(
        serializers.CharField(help_text="Where a token fetches it."), "name", made=_address
    )
    url = member(serializers.CharField(help_text="Where a page shows it from."), "name", made=_url)
    markdown = member(
        serializers.CharField(help_text="What shows it in a text."),
        "alt",
        "name",
        made=markdown_of,
    )
    alt = member(serializers.CharField(), "alt")
    width = member(serializers.IntegerField(), "width")
    height = member(serializers.IntegerField(), "height")
    content_type = member(serializers.CharField(), "content_type")
    created_at = member(serializers.DateTimeField(), "created_at")
    etag = member(serializers.CharField(), "sha256", made=Image.tag_of)


class SendImageSerializer(PictureFileSerializer):
    runbook = serializers.SlugField(
        required=False,
        max_length=longest(Runbook, "slug"),
        help_text="Slug of the runbook that it is for; without one it waits for your next text.",
    )


class MediaFile(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}
    renderer_classes = PICTURES

    def current_etag(self) -> str:
        rows = Image.objects.visible(self.request.user).filter(name=self.kwargs["name"])
        found = rows.values_list("sha256", flat=True).first()
        return Image.tag_of(found) if found else ""

    @extend_schema(operation_id="media_read", responses=answers_of(PICTURES))
    def get(self, request, name):
        """The file of a picture that you may see: of a runbook, of a run, or your own."""
        return given_out(self.found(Image.objects.visible(request.user), name=name))


class Media(RunbooksView):
    permissions = {"POST": "runbooks.add_image"}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="media_send",
        request={"multipart/form-data": SendImageSerializer},
        responses={201: ImageSerializer},
    )
    def post(self, request):
        """Send a picture: `-F image=@shot.png -F alt=…`; put its `markdown` into a text."""
        given = self.checked(SendImageSerializer)
        runbook = self.named(given.get("runbook"))
        image = stored(given["image"])
        picture = Image.objects.keep(image, by=request.user, runbook=runbook, alt=given["alt"])
        return self.made(ImageSerializer.of(picture), reverse("api:media-file", args=[image.name]))

    def named(self, slug: str | None) -> Runbook | None:
        if not slug:
            return None
        found = Runbook.objects.visible(self.request.user).filter(slug=slug).first()
        if found is None:
            raise Refused(f"There is no runbook “{slug}”.", pointer="/runbook")
        return found
