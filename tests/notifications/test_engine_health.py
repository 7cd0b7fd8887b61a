"""`engine_health`: what a supervisor asks."""

import socket
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.notifications.models import Beat

pytestmark = pytest.mark.django_db


def beaten(seconds: int, name: str = "") -> None:
    at = timezone.now() - timedelta(seconds=seconds)
    Beat.objects.beat(name or socket.gethostname(), at=at)


def test_an_engine_that_beats_is_well():
    beaten(2)

    call_command("engine_health", stdout=(said := StringIO()))

    assert said.getvalue() == f"The engine on {socket.gethostname()} lives.\n"


def test_a_silent_one_is_not():
    beaten(31)

    with pytest.raises(CommandError, match=r"The engine on .+ is silent since 20\d\d-"):
        call_command("engine_health")


def test_one_elsewhere_does_not_count():
    beaten(2, name="elsewhere.example")

    with pytest.raises(CommandError, match="No engine has ever run on"):
        call_command("engine_health")


def test_a_database_that_does_not_answer_is_one_sentence():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_beat RENAME TO away")

    with pytest.raises(CommandError, match=r"^The database does not answer \(.+\)\.$"):
        call_command("engine_health")
