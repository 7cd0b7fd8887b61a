from django.db import models


class Entry(models.Model):
    """What the one search knows of a row of any app; `portal.search.index` alone writes it.

    The words of its texts are indexed beside it: on SQLite in the FTS5 table `search_text`, which
    triggers keep equal; on PostgreSQL in the generated columns `vector` and `named`.
    SQLite forgets the triggers when a migration alters this table: such a migration makes them
    anew.
    """

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()  # of the row
    permission = models.CharField(max_length=100)  # who has it may find the entry
    is_current = models.BooleanField(default=True)
    slug = models.CharField(max_length=200)
    title = models.TextField()
    squeezed = models.TextField()  # the title in small letters, without spaces and hyphens
    about = models.CharField(max_length=100, blank=True)
    line = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    names = models.TextField(blank=True)
    body = models.TextField(blank=True)
    # words that no database takes out of a text by itself (`text/scripts.py`)
    title_pieces = models.TextField(blank=True, default="", db_default="")  # of title and names
    pieces = models.TextField(blank=True, default="", db_default="")  # of the body

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once"),
        ]
        indexes = [
            # the titles alone, for those that are equal or equal but for spaces and hyphens
            models.Index(
                fields=["squeezed", "kind", "permission", "is_current"], name="search_by_title"
            ),
        ]

    def __str__(self):
        return self.title


class Waiting(models.Model):
    """A row that changed and is not in the index yet: an import of many notes them, and puts them
    in bulk at its end. If it dies before, the engine does it."""

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "waiting"

    def __str__(self):
        return f"{self.kind} {self.key}"
