"""Runbooks move into the one index; archived ones are in it, too, for lists that ask for them."""

from django.db import migrations

from portal.search.migrations._filling import fill

WORDS = "INSERT INTO search_word (word) SELECT word FROM runbooks_searchword WHERE true ON CONFLICT DO NOTHING"


def entry_of(runbook) -> dict:
    version = runbook.published or runbook.versions.filter(number=runbook.head).first()
    names = [alert.name for alert in runbook.alerts.all()]
    return {
        "kind": "runbook",
        "key": runbook.pk,
        "permission": f"runbooks.view_{'runbook' if runbook.published_id else 'version'}",
        "is_current": runbook.archived_at is None,
        "slug": runbook.slug,
        "title": runbook.title,
        "about": runbook.kind.replace("-", " ").capitalize(),
        "line": runbook.summary,
        "facts": {"section": runbook.section, "kind": runbook.kind},
        "names": [*names, runbook.slug],
        "body": version.plain if version else "",
    }


def put(apps, schema_editor):
    rows = apps.get_model("runbooks", "Runbook").objects.select_related("published")
    fill(apps, rows.prefetch_related("alerts"), entry_of)
    schema_editor.execute(WORDS)


def forget(apps, schema_editor):
    apps.get_model("search", "Entry").objects.filter(kind="runbook").delete()


class Migration(migrations.Migration):
    run_before = [("search", "0003_pieces")]
    dependencies = [
        ("runbooks", "0009_runs_by_service"),
        ("search", "0001_one_index"),
    ]

    operations = [migrations.RunPython(put, forget)]
