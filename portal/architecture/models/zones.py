from django.db import models

from portal.core.data.signs import refuse_signs


class Zone(models.Model):
    """A part of the network whose services reach each other without a gate."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    ranges = models.CharField(
        max_length=500, blank=True, help_text="Its networks, such as 10.1.0.0/16, 2001:db8::/32."
    )

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_signs(self)
