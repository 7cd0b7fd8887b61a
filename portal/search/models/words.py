from django.db import models


class Word(models.Model):
    """A word that occurs somewhere, so that a typing error can be led back to it."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word
