"""10,000 alerts in requests of 100, and all of it again: what is stored, and how long it took."""

import json
import sys
from time import perf_counter

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import Count  # noqa: E402

from bench import webhooks  # noqa: E402
from bench.asking import get  # noqa: E402
from portal.monitoring.models import Alert, Intake  # noqa: E402
from portal.monitoring.models.intakes import digest_of  # noqa: E402

EACH = 100
KEY = "c" * 32
PATH = f"/in/alertmanager/{KEY}/"


def stored(intake: Intake) -> dict:
    """How many alerts there are, how many of them twice, and how often each came."""
    mine = Alert.objects.filter(intake=intake)
    twice = mine.values("fingerprint").annotate(rows=Count("pk")).filter(rows__gt=1).count()
    came = sorted(set(mine.values_list("deliveries", flat=True)))
    return {"alerts": mine.count(), "twice": twice, "came": came}


def sent(application, bodies: list[str]) -> float:
    began = perf_counter()
    for body in bodies:
        get(application, PATH, {}, 200, body)
    return perf_counter() - began


def main(count: int) -> None:
    application = get_wsgi_application()
    intake, _ = Intake.objects.make("Burst", "alertmanager")
    Intake.objects.filter(pk=intake.pk).update(digest=digest_of(KEY))
    bodies = [webhooks.delivery(f"burst{n}", EACH) for n in range(count // EACH)]
    first, found = sent(application, bodies), stored(intake)
    again, replayed = sent(application, bodies), stored(intake)
    print(json.dumps({"first": first, "again": again, "found": found, "replayed": replayed}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
