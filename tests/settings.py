"""The settings for tests: an own data folder, none of the machine's settings, no waiting."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

KEPT = {"PORTAL_DATABASE_URL"}

for name in [name for name in os.environ if name.startswith("PORTAL_") and name not in KEPT]:
    del os.environ[name]

folder = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
Path(folder, "static").mkdir()  # WhiteNoise warns of its absence each time that it begins
os.environ |= {
    "PORTAL_DATA": folder,
    "PORTAL_SECRET_KEY": secrets.token_urlsafe(64),
    "PORTAL_HTTPS": "0",
    "PORTAL_HOSTS": "127.0.0.1,localhost",
    "PORTAL_LOG_LEVEL": "ERROR",
    "PORTAL_CHROMIUM": "",  # what needs it sets it
}

from portal.settings import *  # noqa: E402, F403
from portal.settings import STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
