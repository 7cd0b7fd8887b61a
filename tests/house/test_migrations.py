from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db


def own_migrations():
    labels = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"portal", "runbooks", "incidents", "onboarding"}
    }
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return [each for (label, _), each in loader.disk_migrations.items() if label in labels]


def test_no_migration_is_missing():
    said = StringIO()

    call_command("makemigrations", dry_run=True, stdout=said)

    assert said.getvalue() == "No changes detected\n"


def test_each_migration_is_named_for_what_it_does():
    assert [str(each) for each in own_migrations() if "_auto_" in each.name] == []


def test_each_migration_can_be_taken_back():
    stuck = [
        f"{migration}: {operation.describe()}"
        for migration in own_migrations()
        for operation in migration.operations
        if not operation.reversible
    ]

    assert stuck == []
