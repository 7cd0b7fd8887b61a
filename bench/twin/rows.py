"""The table of the twin's webhook: one row for each alert, with what it says now."""

from django.db import models


class ReceivedAlert(models.Model):
    fingerprint = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    severity = models.CharField(max_length=60)
    labels = models.JSONField()
    annotations = models.JSONField()
    starts_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        app_label = "twin"

    def __str__(self):
        return self.name
