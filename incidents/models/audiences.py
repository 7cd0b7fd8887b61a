"""How each audience is reached."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.urls import reverse

from portal.core.data.audit import record
from portal.core.data.versioned import Versioned
from portal.notifications.models import Channel

from .communication_choices import AudienceName

MOST_ADDRESSES = 200


class AudienceQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("incidents.view_audience") else self.none()

    def loaded(self):
        return self.prefetch_related("people", "channels")


class Audience(Versioned):
    """To whom messages to one audience go, beside those that the incident names."""

    name = models.CharField(max_length=12, primary_key=True, choices=AudienceName)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    addresses = models.JSONField(default=list, blank=True, help_text="E-mail addresses.")
    revision = models.PositiveIntegerField(default=0)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("change", "view")

    def __str__(self):
        return self.get_name_display()

    def get_absolute_url(self):
        return reverse("incidents:audiences")

    @property
    def etag(self) -> str:
        return f'"a-{self.name}-{self.revision}"'

    def clean(self):
        if len(self.addresses) > MOST_ADDRESSES:
            text = f"At most {MOST_ADDRESSES} addresses: use a mailing list."
            raise ValidationError({"addresses": text})
        for each in self.addresses:
            try:
                validate_email(each)
            except ValidationError as error:
                text = f"“{str(each)[:100]}” is no e-mail address."
                raise ValidationError({"addresses": text}) from error

    @transaction.atomic
    def change(self, changes: Mapping[str, Any], *, by, based_on: int | None = None) -> None:
        """Change people, channels and addresses. Raises Stale or ValidationError."""
        self.claim(based_on, yours=changes)
        before = (self.people.count(), self.channels.count(), len(self.addresses))
        if "addresses" in changes:
            self.addresses = list(dict.fromkeys(changes["addresses"]))
            self.full_clean()
            self.save(update_fields=["addresses"])
        for name in {"people", "channels"} & changes.keys():
            getattr(self, name).set(changes[name])
        after = (self.people.count(), self.channels.count(), len(self.addresses))
        record(self, "change", by=by, recipients=(before, after))
