"""What is derived from texts is derived anew: pieces, titles without marks, words of three letters.

The code of today does it: a later one that derives otherwise has a migration of its own.
"""

from django.db import migrations

from portal.search.text.scripts import pieces
from portal.search.text.words import clean, kept, squeezed

AT_ONCE = 200
READ = ("pk", "title", "squeezed", "line", "names", "body", "title_pieces", "pieces")


def fill(apps, schema_editor):
    Entry, Word = apps.get_model("search", "Entry"), apps.get_model("search", "Word")
    keys = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        words: set[str] = set()
        for row in Entry.objects.filter(pk__in=keys[first : first + AT_ONCE]).values(*READ):
            fields = derived(row)
            if fields.items() - row.items():
                Entry.objects.filter(pk=row["pk"]).update(**fields)
            words |= kept(row["title"], row["names"], row["body"])
        Word.objects.bulk_create([Word(word=word) for word in sorted(words)], ignore_conflicts=True)


def derived(row: dict) -> dict:
    names, body = clean(row["names"]), clean(row["body"])
    return {
        "title": clean(row["title"]),
        "squeezed": squeezed(row["title"]),
        "line": clean(row["line"]),
        "names": names,
        "body": body,
        "title_pieces": pieces(f"{row['title']} {names}"),
        "pieces": pieces(body),
    }


class Migration(migrations.Migration):
    dependencies = [("search", "0003_pieces")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
