"""What the API says and takes about guides; the verbs of the models decide."""

from django.db.models import F
from django.urls import reverse
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from onboarding.models import GuideVersion
from onboarding.models.guides import tag_of
from onboarding.models.versions import tag_of as tag_of_version
from portal.core.api.rows import Row, member
from portal.core.data.columns import longest
from portal.core.web.address import absolute


class CalloutBodySerializer(serializers.Serializer):
    type = serializers.CharField()
    value = serializers.CharField()
    format = serializers.CharField()


class CalloutTargetSerializer(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    selector = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


AnnotationSerializer = inline_serializer(
    "Annotation",
    {
        "@context": serializers.CharField(),
        "id": serializers.CharField(),
        "type": serializers.CharField(),
        "motivation": serializers.CharField(),
        "body": CalloutBodySerializer(),
        "target": CalloutTargetSerializer(),
        "portal:kind": serializers.CharField(help_text="box, arrow, circle or highlight."),
    },
    many=True,
    help_text="Numbered marks as W3C Web Annotations, in their order.",
)


class PictureSerializer(serializers.Serializer):
    address = serializers.CharField(help_text="Where a page shows it from.")
    file = serializers.CharField(help_text="Where a token fetches it.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    taken_at = serializers.CharField(allow_null=True)
    annotations = AnnotationSerializer


class VideoSerializer(serializers.Serializer):
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    file = serializers.CharField(
        allow_null=True, help_text="Where a token fetches it; null if it is stored elsewhere."
    )
    content_type = serializers.CharField()
    transcript = serializers.CharField(help_text="As HTML.")


class GuideStepSerializer(serializers.Serializer):
    key = serializers.UUIDField(help_text="Stays the same through all versions.")
    number = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="In Markdown.")
    html = serializers.CharField()
    control = serializers.CharField()
    result = serializers.CharField()
    picture = PictureSerializer(allow_null=True)
    video = VideoSerializer(allow_null=True)


FROZEN = ("title", "purpose", "audience", "roles", "minutes")


def _shown(number: int | None, draft, frozen):
    """What readers see; authors see what was never published as they have it."""
    return frozen if number else draft


def _of_version(field: serializers.Field, name: str):
    return member(field, "published__number", name, f"frozen_{name}", made=_shown)


def _or_none(number: int | None) -> int:
    return number or 0


def _url(slug: str) -> str:
    return absolute(reverse("onboarding:guide", args=[slug]))


class GuideRowSerializer(Row):
    """A guide in a list; readers see what was published."""

    slug = member(serializers.CharField(), "slug")
    title = _of_version(serializers.CharField(), "title")
    purpose = _of_version(serializers.CharField(), "purpose")
    audience = _of_version(serializers.CharField(), "audience")
    roles = _of_version(serializers.ListField(child=serializers.CharField()), "roles")
    minutes = _of_version(serializers.IntegerField(), "minutes")
    owner = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team."), "owner__slug"
    )
    version = member(
        serializers.IntegerField(help_text="0: never published; only authors see it."),
        "published__number",
        made=_or_none,
    )
    published_at = member(serializers.DateTimeField(allow_null=True), "published__published_at")
    changed_at = member(
        serializers.DateTimeField(help_text="When its authors changed it, its steps included."),
        "changed_at",
    )
    archived_at = member(serializers.DateTimeField(allow_null=True), "archived_at")
    etag = member(serializers.CharField(), "pk", "head", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "slug", made=_url)

    @classmethod
    def annotated(cls, rows):
        """Without the steps of the versions, which may be long."""
        frozen = {f"frozen_{name}": F(f"published__content__{name}") for name in FROZEN}
        return rows.annotate(**frozen)


class AskedOfReadersSerializer(serializers.Serializer):
    prerequisites = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    asks_acknowledgement = serializers.BooleanField()


class GuideSerializer(GuideRowSerializer, AskedOfReadersSerializer):
    """A guide with the steps of its published version."""

    steps = GuideStepSerializer(many=True)


class GuideVersionRowSerializer(Row):
    number = member(serializers.IntegerField(), "number")
    note = member(serializers.CharField(), "note")
    by = member(serializers.CharField(), "by_name")
    by_user = member(
        serializers.CharField(allow_null=True, help_text="User name; null once forgotten."),
        "by__username",
    )
    published_at = member(serializers.DateTimeField(), "published_at")
    hash = member(serializers.CharField(), "hash")
    etag = member(serializers.CharField(), "number", "hash", made=tag_of_version)


class GuideVersionSerializer(GuideVersionRowSerializer, AskedOfReadersSerializer):
    title = serializers.CharField()
    purpose = serializers.CharField()
    minutes = serializers.IntegerField()
    steps = GuideStepSerializer(many=True)


# What is taken


class PublishGuideSerializer(serializers.Serializer):
    note = serializers.CharField(
        max_length=longest(GuideVersion, "note"),
        allow_blank=True,
        default="",
        help_text="What is new in it.",
    )
