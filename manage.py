#!/usr/bin/env python3
"""Django's command line for the portal."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from environs import EnvError


def load_settings() -> None:
    """Read the settings now, so that what is wrong with them is one sentence."""
    try:
        _ = settings.DATA_DIR
    except EnvError as error:
        sys.exit(f"The portal does not start: {error}")
    except OSError as error:
        sys.exit(
            f"The portal does not start: the data folder cannot be written ({error}). "
            "Set PORTAL_DATA to a folder that this account may write to."
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    load_settings()
    execute_from_command_line(sys.argv)
