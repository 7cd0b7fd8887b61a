"""The production settings, with the floor's routes beside ours and no rate limit in the way."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
API_RATE = 10**9
