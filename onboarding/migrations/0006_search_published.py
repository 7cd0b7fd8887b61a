"""Versions that were published before their words were kept are found, too."""

from django.db import migrations


def words_of(content: dict) -> str:
    parts = []
    for step in content["steps"]:
        shot, video = step["shot"] or {}, step["video"] or {}
        parts += [step["title"], step["text"], step["control"], step["result"]]
        parts += [shot.get("alt", ""), video.get("title", "")]
        parts += [callout.get("text", "") for callout in shot.get("callouts", [])]
    return "\n".join(filter(None, parts)).casefold()


def fill(apps, schema_editor):
    rows = apps.get_model("onboarding", "GuideVersion").objects.filter(words="")
    for version in rows.only("pk", "content").iterator(chunk_size=50):
        rows.filter(pk=version.pk).update(words=words_of(version.content))


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0005_search_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
