from django.db import migrations

from portal.search.migrations._filling import fill


def entry_of(service) -> dict:
    return {
        "kind": "service",
        "key": service.pk,
        "permission": "architecture.view_service",
        "slug": service.slug,
        "title": service.name,
        "about": {"api": "API", "web": "Web site", "job": "Scheduled job"}.get(
            service.kind, service.kind.capitalize()
        ),
        "line": service.description,
        "names": [service.slug],
        "body": service.description,
    }


def put(apps, schema_editor):
    fill(apps, apps.get_model("architecture", "Service").objects.all(), entry_of)


def forget(apps, schema_editor):
    apps.get_model("search", "Entry").objects.filter(kind="service").delete()


class Migration(migrations.Migration):
    run_before = [("search", "0003_pieces")]
    dependencies = [
        ("architecture", "0005_dependencies_named"),
        ("search", "0001_one_index"),
    ]

    operations = [migrations.RunPython(put, forget)]
