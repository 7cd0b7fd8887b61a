from django.db import models


class Attempt(models.Model):
    """One time that a message was handed over, and what was answered."""

    delivery = models.ForeignKey("Delivery", on_delete=models.CASCADE)
    number = models.PositiveIntegerField(help_text="Since it was queued, or queued again.")
    began_at = models.DateTimeField()
    seconds = models.FloatField()
    answer = models.CharField(max_length=250, blank=True, help_text="What the other side said.")
    error = models.CharField(max_length=250, blank=True, help_text="Empty if it was taken.")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"Attempt {self.number}: {self.error or 'taken'}"
