"""Pictures and films through the API: given out as themselves, sent as multipart/form-data."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from portal.core.data.columns import longest
from portal.core.media.pictures import Picture
from portal.core.media.uploads import MAX_BYTES, StoredImage, UploadRefused, store_image
from portal.core.problems import Refused

from .renderers import FileRenderer

MEGABYTES = MAX_BYTES // 1024**2
PICTURE = f"PNG, JPEG, WebP or GIF of at most {MEGABYTES} MB; it is encoded anew."


def renderers_of(*media_types: str) -> tuple[type[FileRenderer], ...]:
    """For negotiation: the file is one of these types, and not another by wish."""
    return tuple(
        type(f"{each.title()}Renderer", (FileRenderer,), {"media_type": each})
        for each in media_types
    )


PICTURES = renderers_of("image/png", "image/jpeg", "image/webp")
FILMS = renderers_of("video/mp4", "video/webm")


def answers_of(renderers: tuple[type[FileRenderer], ...]) -> dict[Any, Any]:
    """The answers of a file for the document."""
    return {(200, each.media_type): OpenApiTypes.BINARY for each in renderers}


class PictureFileSerializer(serializers.Serializer):
    """A picture as it is sent."""

    image = serializers.FileField(help_text=PICTURE)
    alt = serializers.CharField(
        max_length=longest(Picture, "alt"),
        help_text="What it shows, for those who cannot see it.",
    )


def stored(upload, *, pointer: str = "/image") -> StoredImage:
    """The picture as it may be kept; raises Refused (400) with the reason."""
    try:
        return store_image(upload, name=upload.name)
    except UploadRefused as refusal:
        raise Refused(refusal.detail, pointer=pointer) from refusal
