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
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench import inprocess, seed, seed_guides  # noqa: E402
from bench.targets import PAGES, TARGETS  # noqa: E402
from portal.accounts.models import Token, User  # noqa: E402
from runbooks.models import Runbook  # noqa: E402

IMPORTED = 300
TICKED = 300


def main(size: int, profiled: str) -> None:
    _empty()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.perf_counter()
    user, token = seed.people()
    seed.runbooks(size)
    seed.runs(size, user)
    keeper = seed.keeper()
    seed_guides.guide(keeper, reader=user)
    print(f"seeded in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    client, other = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    session = client.cookies["session"].value
    other.force_login(keeper)
    kept = other.cookies["session"].value
    etags = {
        runbook.slug: runbook.etag
        for runbook in Runbook.objects.select_related("published").filter(pk=1)
    }
    if profiled:
        _profile(profiled, client, token)
    answer = {
        "token": token,
        "session": session,
        "keeper": kept,
        "etag": etags["runbook-1"],
        "inprocess": inprocess.timings(size, token, session, kept, etags["runbook-1"]),
        "import_per_second": _import_rate(),
        "ticks_per_second": _tick_rate(size),
    }
    print(json.dumps(answer))


def _empty() -> None:
    """Nothing of the size before stays, the rows that migrations made included."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _tick_rate(size: int) -> float:
    """Steps ticked in a second through the API's whole stack, one client after the other."""
    user = User.objects.create_user("ticker", password=seed.PASSWORD)
    user.take_role("responder")
    _, token = Token.objects.issue(user, "bench", ["write"], days=1)
    client = Client(HTTP_HOST="127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    began = time.perf_counter()
    for n in range(1, TICKED + 1):
        address = f"/api/v1/runs/{n * size // TICKED}/steps/1/complete/"
        answer = client.post(address, {"note": "seen"}, content_type="application/json")
        if not answer.json().get("ticked"):
            sys.exit(f"bench: {address} answered {answer.status_code}")
    return TICKED / (time.perf_counter() - began)


def _import_rate() -> float:
    """Files per second of `import_docs` into the filled database."""
    text = seed._text()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(IMPORTED):
            Path(folder, f"imported-{n}.md").write_text(f"# Imported {n}\n\n{text}")
        began = time.perf_counter()
        call_command("import_docs", folder, "--quiet")
        seconds = time.perf_counter() - began
    made = Runbook.objects.filter(source_path__contains="imported-").count()
    if made != IMPORTED:
        sys.exit(f"bench: only {made} of {IMPORTED} files were imported")
    return IMPORTED / seconds


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
