"""Migrate and seed the database of PORTAL_DATA; print what the load needs as one line of JSON."""

import cProfile
import json
import pstats
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench import inprocess, seed  # noqa: E402
from bench.targets import PAGES, TARGETS  # noqa: E402
from runbooks.models import Runbook  # noqa: E402

IMPORTED = 300


def main(size: int, profiled: str) -> None:
    call_command("flush", interactive=False, verbosity=0) if _is_filled() else None
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.perf_counter()
    user, token = seed.people()
    seed.runbooks(size)
    print(f"seeded in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    session = client.cookies["session"].value
    etags = {
        runbook.slug: runbook.etag
        for runbook in Runbook.objects.select_related("published").filter(pk=1)
    }
    if profiled:
        _profile(profiled, client, token)
    answer = {
        "token": token,
        "session": session,
        "etag": etags["runbook-1"],
        "inprocess": inprocess.timings(size, token, session, etags["runbook-1"]),
        "import_per_second": _import_rate(),
    }
    print(json.dumps(answer))


def _is_filled() -> bool:
    from django.db import connection

    return "runbooks_runbook" in connection.introspection.table_names()


def _import_rate() -> float:
    """Files per second of `import_docs` into the filled database."""
    text = seed._text()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(IMPORTED):
            Path(folder, f"imported-{n}.md").write_text(f"# Imported {n}\n\n{text}")
        began = time.perf_counter()
        call_command("import_docs", folder, "--quiet")
        return IMPORTED / (time.perf_counter() - began)


def _profile(name: str, client, token: str) -> None:
    headers = {} if name in PAGES else {"Authorization": f"Bearer {token}"}
    path = TARGETS[name](1)
    client.get(path, headers=headers)
    with cProfile.Profile() as profile:
        for _ in range(200):
            client.get(path, headers=headers)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
