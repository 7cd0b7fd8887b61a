"""Fill the database of PORTAL_DATA: `new COUNT` from nothing, `more COUNT` on top of a copy."""

import json
import sys
import time
from http import HTTPStatus

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from rest_framework.authtoken.models import Token as TutorialToken  # noqa: E402

from bench import seed, seed_guides, seed_incidents  # noqa: E402
from bench.multiply import multiply  # noqa: E402
from bench.twin.pages import PICTURE  # noqa: E402
from bench.twin.rows import ReceivedAlert  # noqa: E402

TUTORIAL = "django.contrib.auth.backends.ModelBackend"


def new(count: int, *, guides: bool) -> dict:
    """Migrate and seed; returns how people sign in at either side."""
    call_command("migrate", verbosity=0)
    reader, keeper, token = seed.people()
    seed.catalog(reader)
    seed.runbooks(min(count, seed.SEEDED))
    seed.runs(min(count, seed.SEEDED), reader)
    seed.heartbeats()
    seed.alerts(Client(HTTP_HOST="127.0.0.1"))
    seed_incidents.incidents(min(count, seed.SEEDED), keeper)
    with connection.schema_editor() as editor:
        editor.create_model(ReceivedAlert)
    if guides:
        seed_guides.guide(keeper, reader=reader)
    more(count)
    tutorial = TutorialToken.objects.create(user=reader).key
    return {
        "portal": {"token": token, "session": _signed_in(reader), "keeper": _signed_in(keeper)},
        "twin": {"token": tutorial, "session": _signed_in(reader, TUTORIAL)},
    }


def more(count: int) -> None:
    multiply(count)
    seed.settle()
    draw()


def draw() -> None:
    """Store the picture that the twin shows."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies["session"] = _signed_in(seed.User.objects.get(username="bench"))
    answer = client.get("/services/diagrams/network.svg?only=z0")
    assert answer.status_code == HTTPStatus.OK
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(answer.content)


def _signed_in(user, backend: str | None = None) -> str:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend)
    return client.cookies["session"].value


def main(verb: str, count: int, *options: str) -> None:
    began = time.perf_counter()
    if verb == "new":
        call_command("collectstatic", interactive=False, verbosity=0)
        answer = new(count, guides="guides" in options)
    else:
        answer = more(count)
    print(f"# {count:,} rows in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
