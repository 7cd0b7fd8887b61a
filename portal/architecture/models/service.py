from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse

from portal.accounts.models import Team
from portal.core.data.signs import refuse_signs
from portal.notifications.models import Watchable
from portal.search import index
from portal.search.models.indexed import Indexed, IndexedQuerySet

from .plain import LONGEST_ADDRESS
from .zones import Zone


class ServiceKind(models.TextChoices):
    """What sort of thing a service is; also its shape in diagrams."""

    WEB = "web", "Web site"
    API = "api", "API"
    WORKER = "worker", "Worker"
    JOB = "job", "Scheduled job"
    DATABASE = "database", "Database"
    QUEUE = "queue", "Queue"
    CACHE = "cache", "Cache"
    STORAGE = "storage", "Storage"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    OTHER = "other", "Other"


class ServiceQuerySet(IndexedQuerySet):
    def visible(self, user):
        return self if user.has_perm("architecture.view_service") else self.none()


class Service(Indexed, Watchable):
    """Something that the team runs and that runbooks are about."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    kind = models.CharField(max_length=20, choices=ServiceKind, default=ServiceKind.OTHER)
    zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    part_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="components",
        help_text="The service that this is a component of.",
    )
    repository = models.URLField(blank=True, max_length=LONGEST_ADDRESS)
    logs = models.URLField(blank=True, max_length=LONGEST_ADDRESS)
    dashboard = models.URLField(blank=True, max_length=LONGEST_ADDRESS)
    tier = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text="1: the business stops without it … 4: nobody notices for a day.",
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__gte=1, tier__lte=4), name="service_tier_1_to_4"
            ),
            models.CheckConstraint(
                condition=models.Q(part_of=None) | ~models.Q(part_of=models.F("pk")),
                name="service_is_not_part_of_itself",
            ),
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def save(self, *args, **kwargs):
        # The admin, imports and the API edit it as a plain row: saving is its one verb.
        super().save(*args, **kwargs)
        index.put(self)

    def get_absolute_url(self):
        return reverse("architecture:service", args=[self.slug])

    def clean(self):
        refuse_signs(self)
        above, seen = self.part_of, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"part_of": "It would be a part of itself."})
            seen.add(above.pk)
            above = above.part_of
