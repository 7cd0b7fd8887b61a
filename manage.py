#!/usr/bin/env python3
"""Django's command line for the portal."""

import gc
import os
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, connection
from environs import EnvError

from portal.core.ops.data_folder import has_database

OURS = ("portal.", "runbooks", "onboarding", "incidents")
WITHOUT_TABLES = "portal.core"  # its commands say themselves what they lack


def load_settings() -> None:
    """Read the settings now, so that what is wrong with them is one sentence."""
    try:
        _ = settings.DATA_DIR
    except EnvError as error:
        sys.exit(f"The portal does not start: {error}")
    except OSError as error:
        sys.exit(
            f"The portal does not start: the data folder cannot be read ({error}). "
            "Set PORTAL_DATA to a folder that this account may read and write."
        )


def set_up() -> None:
    """Read all code. It stays, so that the collector of garbage need not look through it again."""
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


def require_tables(command: str) -> None:
    """One sentence for a command of ours on a database that nobody has migrated."""
    app = str(get_commands().get(command, ""))
    if app == WITHOUT_TABLES or not app.startswith(OURS):
        return
    try:
        tables = connection.introspection.table_names() if has_database() else []
    except DatabaseError as error:
        sys.exit(f"The database does not answer ({error}). Is PORTAL_DATABASE_URL right?")
    if "django_migrations" not in tables:
        sys.exit(
            f"There is no portal in the database of {settings.DATA_DIR} yet. Run ./run manage "
            "migrate first, or set PORTAL_DATA to the folder of the portal that you mean."
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    load_settings()
    set_up()
    if sys.argv[1:] and "--help" not in sys.argv:
        require_tables(sys.argv[1])
    execute_from_command_line(sys.argv)
