"""A ModelViewSet and its ModelSerializers, with the members that the portal answers."""

from django.db.models import OuterRef, Subquery
from rest_framework import serializers, viewsets

from runbooks.models import Run, Runbook

TEXTS = ("text", "html", "plain", "toc", "steps", "parameters", "problems")


class RowSerializer(serializers.ModelSerializer):
    owner = serializers.SlugRelatedField("slug", read_only=True)
    services = serializers.SlugRelatedField("slug", many=True, read_only=True)
    alerts = serializers.SlugRelatedField("name", many=True, read_only=True)
    merged_into = serializers.SlugRelatedField("slug", read_only=True)
    version = serializers.IntegerField(source="published.number")
    newest = serializers.IntegerField(source="head")
    etag = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    last_run_at = serializers.DateTimeField()
    last_run_state = serializers.CharField()

    class Meta:
        model = Runbook
        fields = (
            *("slug", "title", "section", "kind", "owner", "services", "alerts", "summary"),
            *("version", "newest", "review_days", "reviewed_at", "review_due", "review_asked"),
            *("created_at", "changed_at", "archived_at", "merged_into", "etag", "url"),
            *("last_run_at", "last_run_state"),
        )


class DetailSerializer(RowSerializer):
    text = serializers.CharField(source="published.text")
    parameters = serializers.JSONField(source="published.parameters")
    last_run_at = last_run_state = None

    class Meta(RowSerializer.Meta):
        fields = (*RowSerializer.Meta.fields[:-2], "text", "parameters")


class RunbookViewSet(viewsets.ModelViewSet):
    queryset = (
        Runbook.objects.filter(published__isnull=False)
        .select_related("owner", "published", "merged_into")
        .prefetch_related("services", "alerts")
    )
    serializer_class = DetailSerializer
    lookup_field = "slug"

    def get_serializer_class(self):
        return RowSerializer if self.action == "list" else DetailSerializer

    def get_queryset(self):
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        runs = Run.objects.filter(runbook=OuterRef("pk")).order_by("-started_at", "-pk")
        return (
            rows.filter(archived_at=None)
            .annotate(
                last_run_at=Subquery(runs.values("started_at")[:1]),
                last_run_state=Subquery(runs.values("state")[:1]),
            )
            .defer(*(f"published__{name}" for name in TEXTS))
        )
