"""Rows that are edited as plain rows: saving and deleting them is their only verb."""

from django.db import models, transaction

from portal.search import index, registry


class IndexedQuerySet(models.QuerySet):
    """Deleting rows of a registered kind takes them out of the search, too."""

    @transaction.atomic
    def delete(self):
        keys = list(self.order_by().values_list("pk", flat=True))
        index.remove(registry.kind_of_model(self.model), keys)
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Indexed(models.Model):
    """A row that takes itself out of the search when it is deleted."""

    class Meta:
        abstract = True

    @transaction.atomic
    def delete(self, *args, **kwargs):
        index.remove(registry.kind_of(self), [self.pk])
        return super().delete(*args, **kwargs)
