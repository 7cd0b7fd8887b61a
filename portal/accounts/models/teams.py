from django.conf import settings
from django.db import models


class TeamQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(members=user)


class Team(models.Model):
    """The people who own runbooks and services together."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120, unique=True)
    email = models.EmailField(blank=True, help_text="Where the whole team is reached.")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
