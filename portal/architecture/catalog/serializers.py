"""What the API and the files say of the catalog: a document for each row and its parts."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from portal.accounts.models import Team
from portal.architecture.diagrams import VIEWS
from portal.architecture.models import (
    Classification,
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    ServiceKind,
    Zone,
)
from portal.architecture.models.plain import LONGEST_ADDRESS
from portal.core.api.names import refuse_unknown
from portal.core.api.rows import Row, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data.columns import longest
from portal.core.web.address import absolute


class Strict(serializers.Serializer):
    """Refuses members that it does not know, instead of losing them in silence."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            refuse_unknown(data, list(self.fields), what="member")
        return super().to_internal_value(data)


def _url(slug: str) -> str:
    return absolute(reverse("architecture:service", args=[slug]))


class ServiceSerializer(Row):
    """A service in a list."""

    slug = member(serializers.SlugField(), "slug")
    name = member(serializers.CharField(), "name")
    description = member(serializers.CharField(), "description")
    owner = member(
        serializers.CharField(allow_null=True, help_text="Slug of the team."), "owner__slug"
    )
    tier = member(serializers.IntegerField(min_value=1, max_value=4), "tier")
    kind = member(serializers.ChoiceField(choices=ServiceKind.choices), "kind")
    zone = member(
        serializers.CharField(allow_null=True, help_text="Slug of the zone."), "zone__slug"
    )
    part_of = member(
        serializers.CharField(allow_null=True, help_text="Slug of a service."), "part_of__slug"
    )
    url = member(serializers.CharField(help_text="The page for people."), "slug", made=_url)


def _text(longest: int | None = None):
    return serializers.CharField(max_length=longest, allow_blank=True, default="")


def _address():
    return serializers.URLField(max_length=LONGEST_ADDRESS, allow_blank=True, default="")


def _row(queryset):
    return KnownSlugField(slug_field="slug", queryset=queryset, allow_null=True, default=None)


class LinksSerializer(Strict):
    repository = _address()
    logs = _address()
    dashboard = _address()


class DependencySerializer(Strict):
    """Names either `service` or `integration`."""

    service = _row(Service.objects.all())
    integration = _row(Integration.objects.all())
    hard = serializers.BooleanField(default=True)
    protocol = _text(longest(Dependency, "protocol"))
    port = serializers.IntegerField(min_value=1, max_value=65535, allow_null=True, default=None)
    data = _text(longest(Dependency, "data"))
    classification = serializers.ChoiceField(
        choices=Classification.choices, default=Classification.INTERNAL
    )
    description = _text(longest(Dependency, "description"))


class ConfigurationItemSerializer(Strict):
    """Never the value of a secret: where it lives, and when it was changed last."""

    name = serializers.CharField(max_length=longest(ConfigurationItem, "name"))
    kind = serializers.ChoiceField(
        choices=ConfigurationItem.Kind.choices, default=ConfigurationItem.Kind.VARIABLE
    )
    purpose = _text(longest(ConfigurationItem, "purpose"))
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]
    example = _text(longest(ConfigurationItem, "example"))
    kept_in = _text(longest(ConfigurationItem, "kept_in"))
    rotation_days = serializers.IntegerField(
        min_value=1, max_value=36500, allow_null=True, default=None
    )
    rotated_on = serializers.DateField(allow_null=True, default=None)


OF_ROTATION = ("rotation_days", "rotated_on")


def _rotation_due(days: int | None, rotated_on: date | None) -> date | None:
    return ConfigurationItem(rotation_days=days, rotated_on=rotated_on).rotation_due


def _is_overdue(days: int | None, rotated_on: date | None) -> bool:
    item = ConfigurationItem(rotation_days=days, rotated_on=rotated_on)
    return item.is_overdue(on=timezone.localdate())


class ListedConfigurationItemSerializer(Row):
    """An item in the list of all services."""

    service = member(serializers.CharField(help_text="Slug."), "service__slug")
    name = member(serializers.CharField(), "name")
    kind = member(serializers.ChoiceField(choices=ConfigurationItem.Kind.choices), "kind")
    purpose = member(serializers.CharField(), "purpose")
    required = member(serializers.BooleanField(), "required")
    example = member(serializers.CharField(), "example")
    kept_in = member(serializers.CharField(), "kept_in")
    rotation_days = member(serializers.IntegerField(allow_null=True), "rotation_days")
    rotated_on = member(serializers.DateField(allow_null=True), "rotated_on")
    rotation_due = member(
        serializers.DateField(
            allow_null=True, help_text="Today if it was never changed; null if it need not be."
        ),
        *OF_ROTATION,
        made=_rotation_due,
    )
    overdue = member(serializers.BooleanField(), *OF_ROTATION, made=_is_overdue)


class ServiceDocumentSerializer(Strict):
    """A service with what it needs and what it is told from outside."""

    slug = serializers.SlugField(max_length=longest(Service, "slug"), required=False)
    name = serializers.CharField(max_length=longest(Service, "name"))
    kind = serializers.ChoiceField(choices=ServiceKind.choices, default=ServiceKind.OTHER)
    tier = serializers.IntegerField(min_value=1, max_value=4, default=3)
    owner = _row(Team.objects.all())
    zone = _row(Zone.objects.all())
    part_of = _row(Service.objects.all())
    description = _text()
    links = LinksSerializer(required=False)
    depends_on = DependencySerializer(many=True, required=False)
    configuration = ConfigurationItemSerializer(many=True, required=False)


class ZoneDocumentSerializer(Strict):
    slug = serializers.SlugField(max_length=longest(Zone, "slug"), required=False)
    name = serializers.CharField(max_length=longest(Zone, "name"))
    description = _text()
    ranges = _text(longest(Zone, "ranges"))


class IntegrationDocumentSerializer(Strict):
    slug = serializers.SlugField(max_length=longest(Integration, "slug"), required=False)
    name = serializers.CharField(max_length=longest(Integration, "name"))
    description = _text()
    provider = _text(longest(Integration, "provider"))
    direction = serializers.ChoiceField(
        choices=Integration.Direction.choices, default=Integration.Direction.OUTBOUND
    )
    address = _address()
    status_page = _address()
    contact = _text(longest(Integration, "contact"))
    owner = _row(Team.objects.all())


# Diagrams and reach


class NodeSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()
    group = serializers.CharField()


class GroupSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ArrowSerializer(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    look = serializers.CharField()


class DiagramSerializer(serializers.Serializer):
    view = serializers.ChoiceField(choices=list(VIEWS.items()))
    title = serializers.CharField()
    description = serializers.CharField()
    nodes = NodeSerializer(many=True)
    groups = GroupSerializer(many=True)
    arrows = ArrowSerializer(many=True)
    mermaid = serializers.CharField(allow_null=True, help_text="Null if it would be too long.")


class ReachedSerializer(serializers.Serializer):
    service = serializers.CharField(help_text="Slug.")
    name = serializers.CharField()
    owner = serializers.CharField(allow_null=True)
    tier = serializers.IntegerField()
    depth = serializers.IntegerField(help_text="How many dependencies away.")
    hard = serializers.BooleanField(help_text="Over hard dependencies only.")


class NeededSerializer(ReachedSerializer):
    """Names either `service` or `integration`."""

    service = serializers.CharField(allow_null=True, help_text="Slug.")
    integration = serializers.CharField(allow_null=True, help_text="Slug.")
    tier = serializers.IntegerField(allow_null=True, help_text="Null for an integration.")
    needed_by = serializers.ListField(
        child=serializers.CharField(),
        help_text="Slugs of the services on the way that need the integration.",
    )


class CatalogFindingSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
