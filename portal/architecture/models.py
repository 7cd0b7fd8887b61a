from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from portal.accounts.models import Team


class Service(models.Model):
    """Something that the team runs and that runbooks are about."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    tier = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text="1: the business stops without it … 4: nobody notices for a day.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__gte=1, tier__lte=4), name="service_tier_1_to_4"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("architecture:service", args=[self.slug])
