"""Healthchecks as a third side of the ping: a checkout of it, in an environment of its own.

    git clone https://github.com/healthchecks/healthchecks CHECKOUT
    python3 -m venv CHECKOUT/venv && CHECKOUT/venv/bin/pip install -r CHECKOUT/requirements.txt

This module runs in that environment, too: there it makes as many checks as there are heartbeats.
"""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

NAME = "portal_bench_healthchecks"
ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path, server: str) -> dict[str, str]:
    """Of its processes; the same kind of database as ours, and the connection is kept."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    more = {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "hc.settings",
        "SECRET_KEY": "bench" * 12,
        "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_ROOT": "http://127.0.0.1",
        "DB_NAME": str(folder / "healthchecks.sqlite3"),
    }
    if server:
        at = urlsplit(server)
        more |= {"DB": "postgres", "DB_HOST": at.hostname or "", "DB_PORT": str(at.port or 5432)}
        more |= {"DB_USER": at.username or "", "DB_PASSWORD": at.password or "", "DB_NAME": NAME}
        more |= {"DB_CONN_MAX_AGE": "600"}
    return kept | more


@contextmanager
def made(checkout: Path, folder: Path, server: str):
    """Its database with checks that have reported before; yields how to start a process of it."""
    from bench.worlds import dropped, emptied

    env, python = environment(folder, server), str(checkout / "venv/bin/python")
    if server:
        emptied(server, NAME)
    try:
        for command in (["manage.py", "migrate", "-v0"], ["-m", "bench.healthchecks"]):
            subprocess.run([python, *command], env=env, cwd=checkout, check=True)
        yield {"python": python, "env": env, "cwd": checkout}
    finally:
        if server:
            dropped(server, NAME)


def fill() -> None:
    """As `bench.seed.heartbeats`: each has reported before."""
    import django

    django.setup()
    from datetime import timedelta
    from uuid import UUID

    from django.contrib.auth.models import User
    from django.utils import timezone
    from hc.accounts.models import Project
    from hc.api.models import Check

    from bench.counts import HEARTBEATS

    owner = User.objects.create(username="bench", email="bench@example.org")
    project = Project.objects.create(owner=owner, badge_key="bench")
    now, day = timezone.now(), timedelta(days=1)
    Check.objects.bulk_create(
        Check(
            code=UUID(int=n),
            project=project,
            name=f"Job {n}",
            timeout=day,
            last_ping=now,
            n_pings=1,
            status="up",
        )
        for n in range(1, HEARTBEATS + 1)
    )


if __name__ == "__main__":
    fill()
