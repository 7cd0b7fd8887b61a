"""The names that alerts have, each once: what people look for, however often it fired."""

from collections.abc import Mapping

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from portal.architecture.models import Service
from portal.search import index, registry
from portal.search.models.indexed import IndexedQuerySet

from .alerts import LONGEST_NAME, Alert


class AlertNameQuerySet(IndexedQuerySet):
    @transaction.atomic
    def note(self, services: Mapping[str, int | None]) -> bool:
        """Know these names, with the service of the newest alert; whether one is news."""
        rows = list(AlertName.objects.filter(name__in=list(services)))
        known = {row.name for row in rows}
        new = [AlertName(name=n, service_id=s) for n, s in services.items() if n not in known]
        AlertName.objects.bulk_create(new, ignore_conflicts=True)
        moved = [row for row in rows if services[row.name] not in (None, row.service_id)]
        for row in moved:
            row.service_id = services[row.name]
        AlertName.objects.bulk_update(moved, ["service"])
        keys = self.filter(name__in=[row.name for row in new]).values_list("pk", flat=True)
        index.put_many(registry.kind_of_model(self.model), keys)
        return bool(new or moved)

    def forget_unused(self) -> None:
        """Those of which no alert is kept any more."""
        alerts = Alert.objects.filter(name=OuterRef("name")).order_by()
        self.filter(~Exists(alerts)).delete()


class AlertName(models.Model):
    """One name of alerts, for the search."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AlertNameQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ()  # who sees alerts sees them

    def __str__(self):
        return self.name
