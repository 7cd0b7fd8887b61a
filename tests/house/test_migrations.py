from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField

pytestmark = pytest.mark.django_db


def own_migrations():
    labels = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"portal", "runbooks", "incidents", "onboarding"}
    }
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return [each for (label, _), each in loader.disk_migrations.items() if label in labels]


# The migrations of each app from before this was asked of a new column.
BEFORE = {"runbooks": 15, "onboarding": 8, "accounts": 3, "architecture": 6, "search": 2}


def added() -> list:
    """The columns that were added to a table that was there, as the models have them."""
    operations = [
        (each.app_label, operation)
        for each in own_migrations()
        for operation in each.operations
        if isinstance(operation, AddField) and int(each.name[:4]) > BEFORE.get(each.app_label, 1)
    ]
    fields = [
        apps.get_model(label, each.model_name)._meta.get_field(each.name)
        for label, each in operations
    ]
    return [field for field in fields if not field.many_to_many]


def test_a_process_of_the_release_before_may_add_rows_without_a_new_column():
    fields, refusing = added(), []
    with connection.cursor() as cursor:
        for field in fields:
            table = connection.introspection.get_table_description(
                cursor, field.model._meta.db_table
            )
            [column] = (each for each in table if each.name == field.column)
            if not column.null_ok and column.default is None:
                refusing.append(str(field))

    assert refusing == [] and len(fields) >= 7


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
