"""What the status page lists: services, under the names by which people outside know them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.urls import reverse

from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned


class ComponentQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_component") else self.none()

    def public(self):
        return self.filter(is_public=True)

    def names_of(self, services: Iterable[int]) -> list[str]:
        """The public names of these services, in the order of the page."""
        rows = self.public().filter(service__in=services).order_by("position", "public_name")
        return list(dict.fromkeys(rows.values_list("public_name", flat=True)))

    @transaction.atomic
    def add(self, *, by, **fields: Any) -> "Component":
        """Put a service on the page. Raises ValidationError."""
        row: Any = self.model(**fields)
        row.full_clean()
        row.save(force_insert=True)
        record(row, "start", by=by)
        return row


class Component(Versioned):
    """One line of the status page."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="component")
    public_name = models.CharField(max_length=80, help_text="As people outside know it.")
    position = models.PositiveSmallIntegerField(default=0, help_text="The lowest stands first.")
    is_public = models.BooleanField(
        default=False,
        help_text="Show it on the public page, too; if not, on the internal one only.",
    )
    revision = models.PositiveIntegerField(default=0)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "public_name", "pk"]
        default_permissions = ("add", "change", "delete", "view")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(public_name=""), name="component_has_a_name"
            ),
        ]

    def __str__(self):
        return self.public_name

    def get_absolute_url(self):
        return reverse("status:edit-component", args=[self.pk])

    @property
    def etag(self) -> str:
        return f'"sc{self.pk}-{self.revision}"'

    def clean(self):
        refuse_signs(self)

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> bool:
        """False: nothing differs. Raises Stale or ValidationError."""
        if self.stands(changes, based_on=based_on):
            return False
        self.claim(based_on, yours=changes)
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*changes])
        record(self, "change", by=by, **{n: (old, changes[n]) for n, old in before.items()})
        return True

    @transaction.atomic
    def remove(self, *, by) -> bool:
        """Take it off the page. False: somebody did already."""
        rows = Component.objects.filter(pk=self.pk)
        record(self, "delete", by=by)
        return bool(rows.delete()[0])
