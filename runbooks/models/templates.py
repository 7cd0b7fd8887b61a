from django.db import models

from .choices import Kind


class Template(models.Model):
    """The text that an author of a new runbook of one kind starts from."""

    kind = models.CharField(max_length=20, choices=Kind, unique=True)
    text = models.TextField(
        help_text="Its second-level headings are the sections that each runbook of the kind needs."
    )

    class Meta:
        ordering = ["kind"]

    def __str__(self):
        return self.get_kind_display()
