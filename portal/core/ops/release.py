"""Whether this code knows the database: what newer code wrote, older code must not act upon.

Until an upgrade is done an engine of the release before may run on. It would read rows by rules
that hold no more, as the address of a channel for that of a mail; so it ends.
"""

from functools import cache
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

NEWER = (
    "The database was migrated by newer code ({}). Start the engine of that release; this one "
    "would act on what it does not understand."
)


@cache
def known() -> frozenset[tuple[str, str]]:
    """(app, name) of the migrations of this code, as they were when this was called first."""
    return frozenset(
        (app.label, each.name)
        for app in apps.get_app_configs()
        if settings.BASE_DIR.joinpath(*app.name.split(".")).is_dir()
        for each in iter_modules([f"{app.path}/migrations"])
    )


def refusal() -> str:
    """Why this code must not act on the database; empty if it may.

    Raises OperationalError while the database does not answer.
    """
    labels = {label for label, _ in known()}
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return ""
    rows = recorder.migration_qs.filter(app__in=labels).values_list("app", "name")
    newer = sorted({*rows} - known())
    return NEWER.format(", ".join(f"{app}.{name}" for app, name in newer[:3])) if newer else ""
