"""The production settings without a rate limit in the way; the tokens of the twin beside ours."""

import os

from portal.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework.authtoken"]  # noqa: F405
API_RATE = 10**9
ROOT_URLCONF = "bench.urls"

# Work that PostgreSQL gives to processes of its own would be seen by nobody who counts.
if os.environ.get("PORTAL_DATABASE_URL"):
    DATABASES["default"]["OPTIONS"]["options"] = "-c max_parallel_workers_per_gather=0"  # noqa: F405
