"""What the engine does for all apps: it ends when it is too old; files without a row go."""

import logging
from datetime import datetime

from django.apps import apps

from portal.core.media import files
from portal.core.ops import engine, release

log = logging.getLogger(__name__)


def sweep(now: datetime) -> None:
    """Of every model with files: it has a FOLDER of them, and each row the `name` of one."""
    for model in apps.get_models():
        folder = getattr(model, "FOLDER", "")
        if folder and (count := files.sweep(folder, model._default_manager.all(), now)):
            log.warning("%d files of %s had no row and were deleted.", count, folder)


def end_if_older(now: datetime) -> bool:
    """End the engine once newer code has migrated the database."""
    if why := release.refusal():
        log.error(why)
        engine.end(why)
    return False


engine.register("newer database", end_if_older)
engine.register("files without a row", engine.Hourly(sweep))
