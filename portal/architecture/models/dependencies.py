from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from portal.core.data.signs import refuse_signs

from .integrations import Integration
from .service import Service


class Classification(models.TextChoices):
    """How much harm it does if the data becomes known; in this order."""

    PUBLIC = "public", "Public"
    INTERNAL = "internal", "Internal"
    CONFIDENTIAL = "confidential", "Confidential"
    RESTRICTED = "restricted", "Restricted"


class Named(models.Manager):
    """Reads both ends with each row: whoever lists dependencies names them."""

    def get_queryset(self):
        return super().get_queryset().select_related("source", "target", "integration")


class Dependency(models.Model):
    """What one service needs: another service of ours, or an integration."""

    source = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="dependencies")
    target = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="dependents"
    )
    integration = models.ForeignKey(
        Integration, null=True, blank=True, on_delete=models.CASCADE, related_name="dependents"
    )
    hard = models.BooleanField(
        default=True, help_text="Hard: the service is down without it. Otherwise it is degraded."
    )
    protocol = models.CharField(max_length=40, blank=True)
    port = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    data = models.CharField(max_length=200, blank=True, help_text="What data goes this way.")
    classification = models.CharField(
        max_length=12, choices=Classification, default=Classification.INTERNAL
    )
    description = models.CharField(max_length=300, blank=True)

    objects = models.Manager()
    named = Named()

    class Meta:
        base_manager_name = "named"  # what a page about deleting goes through
        ordering = ["source", "pk"]
        verbose_name_plural = "dependencies"
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False, integration=None)
                | Q(target=None, integration__isnull=False),
                name="dependency_has_one_end",
            ),
            models.CheckConstraint(
                condition=Q(target=None) | ~Q(target=models.F("source")),
                name="dependency_is_not_on_itself",
            ),
            models.CheckConstraint(
                condition=Q(port=None) | Q(port__gte=1, port__lte=65535),
                name="dependency_port_exists",
            ),
            models.UniqueConstraint(
                "source",
                Coalesce("target", 0),
                Coalesce("integration", 0),
                "protocol",
                Coalesce("port", 0),
                name="dependency_once",
                violation_error_message="This dependency exists already.",
            ),
        ]

    def __str__(self):
        return f"{self.source} → {self.end}"

    @property
    def identity(self) -> tuple:
        """What no other dependency of the same service may equal."""
        return self.target_id, self.integration_id, self.protocol, self.port

    @property
    def end(self) -> Service | Integration:
        """What is needed."""
        return self.target or self.integration  # type: ignore[return-value]

    def clean(self):
        refuse_signs(self)
        if bool(self.target_id) == bool(self.integration_id):
            raise ValidationError("Name either a service or an integration.")
        if self.target_id and self.target_id == self.source_id:
            raise ValidationError({"target": "A service does not depend on itself."})
