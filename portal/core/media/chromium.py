"""The browser on this machine: where it is, and how it is started to draw the same every time."""

import os
import shutil
from pathlib import Path

from django.conf import settings

SWITCHES = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=slight",  # as builds with windows draw: pictures of either are the same
    "--disable-lcd-text",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # it refuses to start as root otherwise
]
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def chromium() -> str | None:
    """The program that PORTAL_CHROMIUM names, or the first one found; None if there is none."""
    if not settings.CHROMIUM:
        return None
    if Path(settings.CHROMIUM).is_file():
        return settings.CHROMIUM
    return next(filter(None, map(shutil.which, (settings.CHROMIUM, *NAMES))), None)
