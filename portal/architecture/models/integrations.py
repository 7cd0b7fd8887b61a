from django.db import models
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.models import Team
from portal.core.data.signs import refuse_signs

from .plain import LONGEST_ADDRESS


class Integration(models.Model):
    """A system of somebody else that ours talk to, or that talks to ours."""

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", "We call it"
        INBOUND = "inbound", "It calls us"
        BOTH = "both", "Both ways"

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField("purpose", blank=True)
    provider = models.CharField(max_length=120, blank=True)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.OUTBOUND)
    address = models.URLField(blank=True, max_length=LONGEST_ADDRESS)
    status_page = models.URLField(blank=True, max_length=LONGEST_ADDRESS)
    contact = models.CharField(max_length=200, blank=True, help_text="Whom to call, and where.")
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="integrations"
    )

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('architecture:integrations')}?{urlencode({'only': self.slug})}"

    def clean(self):
        refuse_signs(self)
