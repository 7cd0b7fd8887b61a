"""`make_heartbeat` prints the address and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.models import Heartbeat

pytestmark = pytest.mark.django_db


def made(*arguments: str) -> str:
    said = StringIO()
    call_command("make_heartbeat", *arguments, stdout=said)
    return said.getvalue()


def test_it_prints_the_address_that_the_job_calls(client):
    said = made("Nightly backup", "--every", "1h", "--grace", "10m")

    heartbeat = Heartbeat.objects.get()
    assert said.endswith(f"/ping/{heartbeat.uuid}\n") and said.count("\n") == 1
    assert (heartbeat.every, heartbeat.grace) == (timedelta(hours=1), timedelta(minutes=10))
    assert client.get(f"/ping/{heartbeat.uuid}").status_code == 200


def test_cron_has_a_time_zone():
    made("Report", "--cron", "@daily", "--tz", "Europe/Riga")

    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.every, heartbeat.cron, heartbeat.zone) == (None, "0 0 * * *", "Europe/Riga")


def test_it_may_belong_to_a_service_and_a_team():
    Service.objects.create(slug="orders", name="Orders")
    Team.objects.create(slug="data", name="Data")
    made("Report", "--every", "1d", "--service", "orders", "--owner", "data", "--slug", "r_1")

    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.service.slug, heartbeat.owner.slug, heartbeat.slug) == (
        *("orders", "data"),
        "r_1",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give a period or a cron expression"),
        (["--every", "1h", "--cron", "@daily"], "one of both"),
        (["--every", "soon"], "Write a length of time"),
        (["--every", "1s"], "10 seconds"),
        (["--every", "400d"], "366 days"),
        (["--cron", "0 0 3 * * *"], "six fields"),
        (["--cron", "@daily", "--tz", "Mars"], "no time zone"),
        (["--every", "1h", "--slug", "A B"], "a-z, 0-9"),
        (["--every", "1h", "--service", "nothing"], "no service “nothing”"),
        (["--every", "1h", "--shortest", "2h", "--longest", "1h"], "shorter than the shortest"),
    ],
)
def test_what_is_refused_says_why_and_makes_nothing(arguments, said):
    with pytest.raises(CommandError, match=said):
        made("Report", *arguments)

    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_name_is_needed_and_not_too_long(name):
    with pytest.raises(CommandError):
        made(name, "--every", "1h")
