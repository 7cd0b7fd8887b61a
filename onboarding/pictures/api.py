"""Pictures of guides for programs: fetched, and sent to be put into steps."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from onboarding.guides.api.base import OnboardingView
from onboarding.models import Screenshot
from portal.core.api.files import PICTURES, PictureFileSerializer, answers_of, stored
from portal.core.api.rows import Row, member
from portal.core.media.pictures import given_out
from portal.core.web.address import absolute


def _address(name: str) -> str:
    return absolute(reverse("api:guide-picture", args=[name]))


def _url(name: str) -> str:
    return absolute(reverse("onboarding:picture", args=[name]))


class ScreenshotSerializer(Row):
    """A picture of a guide as it is kept."""

    name = member(serializers.CharField(help_text="Made here."), "name")
    address = member(
        serializers.CharField(help_text="Where a token fetches it."), "name", made=_address
    )
    url = member(serializers.CharField(help_text="Where a page shows it from."), "name", made=_url)
    alt = member(serializers.CharField(), "alt")
    width = member(serializers.IntegerField(), "width")
    height = member(serializers.IntegerField(), "height")
    content_type = member(serializers.CharField(), "content_type")
    created_at = member(serializers.DateTimeField(), "created_at")
    etag = member(serializers.CharField(), "sha256", made=Screenshot.tag_of)


class GuidePicture(OnboardingView):
    permissions = {"GET": "onboarding.view_guide"}
    renderer_classes = PICTURES

    def current_etag(self) -> str:
        rows = Screenshot.objects.visible(self.request.user).filter(name=self.kwargs["name"])
        found = rows.values_list("sha256", flat=True).first()
        return Screenshot.tag_of(found) if found else ""

    @extend_schema(operation_id="guide_pictures_read", responses=answers_of(PICTURES))
    def get(self, request, name):
        """The file of a picture of a guide that you may see."""
        return given_out(self.found(Screenshot.objects.visible(request.user), name=name))


class GuidePictures(OnboardingView):
    permissions = {"POST": "onboarding.add_screenshot"}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="guide_pictures_send",
        request={"multipart/form-data": PictureFileSerializer},
        responses={201: ScreenshotSerializer},
    )
    def post(self, request, slug):
        """Send a picture to a guide; its steps are given theirs in the administration."""
        guide, given = self.guide(slug), self.checked(PictureFileSerializer)
        image = stored(given["image"])
        picture = Screenshot.objects.keep(image, by=request.user, guide=guide, alt=given["alt"])
        address = reverse("api:guide-picture", args=[image.name])
        return self.made(ScreenshotSerializer.of(picture), address)
