from django.db import models


class SearchEntry(models.Model):
    """What search knows of a runbook: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

    The table is made by a migration of its own and written by `runbooks.search` alone.
    """

    runbook = models.OneToOneField(
        "Runbook",
        primary_key=True,
        db_column="rowid",
        on_delete=models.DO_NOTHING,
        related_name="search_entry",
    )
    published = models.CharField(max_length=1)  # "y" or "n": readers find published ones only
    title = models.TextField()
    names = models.TextField()
    body = models.TextField()

    class Meta:
        managed = False
        db_table = "runbooks_search"

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word that occurs somewhere, so that a typing error can be led back to it."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word
