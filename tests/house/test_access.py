"""Every address for every role and for nobody, against the table in access.json.

After a wanted change: `UPDATE_ACCESS=1 ./run test -n 0 tests/house/test_access.py`, then read the
diff. Each role is a test of its own, and writes its own column.
"""

import json
import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from onboarding.models import (
    Progress,
    Question,
    Screenshot,
    StepProgress,
    StuckReport,
    Video,
)
from portal.accounts.models import Team, Token
from portal.architecture.models import (
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    Zone,
)
from portal.core.media.uploads import store_image
from portal.monitoring.models import Instance, Ping
from portal.notifications.models import Channel, ContactMethod, Delivery
from runbooks.models import Entry, Gap, Image, Link, Run, Runbook
from tests.incidents.api_world import NUMBER, make_incidents
from tests.incidents.oncall.world import make_on_call
from tests.monitoring.heartbeats.world import make_heartbeats
from tests.monitoring.world import make_alerts, make_mutings
from tests.onboarding.world import (
    FILM_KEY,
    KEY,
    make_guide,
    make_questions,
    png,
    put_in_the_middle,
)

TABLE = Path(__file__).with_name("access.json")
ADDRESSES = 761  # one that vanishes, or of which nobody knew, is missed here
ROLES = ("nobody", "nina", "rita", "alice", "paul", "olga")
ASKING = ("nina", "olga")  # who follows a guide, and who sees all: so all is asked
WALKS = [pytest.param(role, marks=() if role in ASKING else pytest.mark.anywhere) for role in ROLES]
PUBLIC = {"account_login", "healthz", "readyz", "manifest", "mfa_authenticate"}
SAMPLES = {
    "slug": "disk-fills-up",
    "view": "network",
    "number": "1",
    "level": "2",
    "old": "1",
    "new": "2",
    "name": "DiskFillsUp",
    "pk": "{pk}",
    "id": "{pk}",
    "entry": "{entry}",
    "key": str(KEY),
    "code": str(KEY),
    "rest": "nowhere",
    "path": "x",
    "object_id": "{pk}",
    "content_type_id": "1",
    "app_label": "runbooks",
    "url": "nowhere",
    "provider_id": "oidc",
    "from_email": "x",
}
# What an address outside of the admin is about: the first part that stands in its name.
ABOUT = {
    "rule": "incidents_incidentrule",
    "stuck-report": "onboarding_stuckreport",
    "settle": "onboarding_stuckreport",
    "assignment": "onboarding_assignment",
    "withdraw": "onboarding_assignment",
    "api:progress": "onboarding_progress",
    "gap": "runbooks_gap",
    "ping-key": "monitoring_pingkey",
    "override": "incidents_override",
    "-swap": "incidents_swap",
    "heartbeat": "monitoring_heartbeat",
    "forget-instance": "monitoring_heartbeat",
    "alert": "monitoring_alert",
    "intake": "monitoring_intake",
    "silence": "monitoring_silence",
    "window": "monitoring_window",
    "maintenance": "monitoring_maintenance",
    "contact": "notifications_contactmethod",
    ":delivery": "notifications_delivery",
    "expire-delivery": "notifications_delivery",
    "send-again": "notifications_delivery",
    "send-delivery-again": "notifications_delivery",
    "run": "runbooks_run",
    "-step": "runbooks_run",
}
OF_HEARTBEATS = {"monitoring:heartbeat-ping": Ping, "monitoring:forget-instance": Instance}
INCIDENTS = ("/incidents/", "/api/v1/incidents/")
FILES = {"image": Image, "onboarding:picture": Screenshot, "onboarding:video": Video}
WORK = {model._meta.db_table for model in (Runbook, Run, Progress, StepProgress, StuckReport)}
WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"')
SAFE_ERRORS = {302, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 428}


def addresses(patterns=None, prefix="", namespace=""):
    """(name, path) of every route; sample values stand for its arguments."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            space = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry.url_patterns, prefix + spelled(entry), space)
        elif isinstance(entry, URLPattern):
            path = "/" + prefix + spelled(entry)
            yield f"{namespace}{entry.name or path}", path


def spelled(entry) -> str:
    pattern = entry.pattern
    text = getattr(pattern, "_route", None)
    if text is None:
        return spelled_regex(str(pattern))
    for name in pattern.converters:
        start = text.index("<")
        end = text.index(">")
        text = text[:start] + SAMPLES.get(name, "1") + text[end + 1 :]
    return text


def spelled_regex(text: str) -> str:
    text = text.removeprefix("^").removesuffix("$").replace("\\Z", "")
    for name, value in SAMPLES.items():
        start = text.find(f"(?P<{name}>")
        if start >= 0:
            text = text[:start] + value + text[text.index(")", start) + 1 :]
    return text.replace("\\", "").replace("(?P<format>.json)?", "")


@pytest.fixture
def world(request, disk, alice, nina):
    guide = make_guide(alice, slug="disk-fills-up")
    make_questions(guide, "disk-fills-up")
    put_in_the_middle(guide, nina, alice)
    disk.draft("Next", author=alice, based_on=1)
    Image.objects.keep(store_image(png(), name="x.png"), by=alice, runbook=disk, alt="x")
    run = Run.objects.start(disk, by=alice, parameters={"host": "db1"})
    run.complete_step(1, by=alice, note="x")
    service = Service.objects.create(slug="disk-fills-up", name="Disks")
    Zone.objects.create(slug="disk-fills-up", name="Zone")
    Integration.objects.create(slug="disk-fills-up", name="Outside")
    Dependency.objects.create(source=service, integration=Integration.objects.get())
    ConfigurationItem.objects.create(service=service, name="KEY")
    Delivery.objects.post(key="x", to=["ops@example.org"], subject="X", text="x")
    mail = {"kind": "mail", "address": "disks@example.org", "slug": "disk-fills-up"}
    Channel.objects.add(by=alice, name="Disks", **mail)
    olga = request.getfixturevalue("olga")
    ContactMethod.objects.add(olga, kind="mail", address="pager@example.org")
    Question().write(by=alice, topic="Disks", question="Why?", answer="Because.")
    fill(request, disk, alice)
    cookies = {"nobody": Client().cookies}
    for name in ROLES[1:]:
        client = Client()
        client.force_login(request.getfixturevalue(name))
        cookies[name] = client.cookies
        if name == "olga":
            sign_in_anew(client)
    return cookies


def sign_in_anew(client) -> None:
    """A moment ago: pages that ask for the password again, as after some minutes, do not."""
    client.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})


def fill(request, disk, alice) -> None:
    """So that no list is empty, no file is missing, and one of the people has a second factor."""
    olga, paul = request.getfixturevalue("olga"), request.getfixturevalue("paul")
    team = Team.objects.create(slug="disks", name="Disks", email="disks@example.org")
    team.members.set([alice, paul, olga])
    service = Service.objects.get(slug="disk-fills-up")
    release = Runbook.objects.start("Release", by=alice, text="1. Go\n", kind="deployment")
    request.getfixturevalue("publish")(release.newest)
    run = Run.objects.start(Runbook.objects.get(pk=release.pk), by=alice, service=service)
    run.complete_step(1, by=alice)
    run.finish(by=alice)
    disk.describe(owner=team, services=[service], by=alice)
    disk.judge(by=olga, helpful=False, reason="Which disk?")
    Question.objects.order_by("pk").first().judge(by=olga, helped=False, reason="No.")
    Gap.objects.note("NobodyKnows", at=timezone.now())
    make_alerts()
    make_heartbeats(by=olga)
    make_mutings(olga)
    make_on_call([request.getfixturevalue("rita"), olga], by=olga, services=[service])
    make_incidents(olga, alice)
    Link.objects.create(source=disk, target=release, address="release.md")
    Token.objects.issue(olga, "laptop", ["read"], days=1)
    TOTP.activate(olga, generate_totp_secret())
    RecoveryCodes.activate(olga)


def answers(client, path, watch):
    """GET, which `watch` sees the queries of, and POST; each undone."""
    with transaction.atomic(), connection.execute_wrapper(watch):
        yield client.get(path)
        transaction.set_rollback(True)
    with transaction.atomic():
        body = {"content_type": "application/json"} if "/api/" in path else {}
        yield client.post(path, **body)
        transaction.set_rollback(True)


class Writes:
    """What was written to runbooks, runs, and progress in guides."""

    def __init__(self):
        self.found = []

    def __call__(self, execute, sql, *how):
        written = WRITES.match(sql)
        if written and written[1] in WORK:
            self.found.append(sql)
        return execute(sql, *how)


def key_of(name: str) -> str:
    """The key of a row of the model that an address of the admin is about."""
    if not name.startswith("admin:"):
        about = (model for part, model in ABOUT.items() if part in name)
        name = f"admin:{next(about, name)}_change"
    parts = name.removeprefix("admin:").rsplit("_", 2)
    try:
        row = apps.get_model(*parts[:2]).objects.order_by("pk").first()
    except (LookupError, TypeError, ValueError):
        row = None
    return str(row.pk) if row else "0"


def filled(name: str, path: str) -> str:
    """The address with the key of a row, or of the step with a film, that it is about."""
    if name.endswith((":captions", ":chapters")):
        return path.replace(str(KEY), str(FILM_KEY))
    if name in FILES:
        row = FILES[name].objects.order_by("pk").first()
        return path.replace(SAMPLES["name"], row.name if row else "nothing")
    if name in OF_HEARTBEATS:
        row = OF_HEARTBEATS[name].objects.order_by("pk").first()
        path = path.replace("/1/", f"/{row.pk if row else 0}/")
    if name == "runbooks:compare-pick":
        return f"{path}?old=1&new=2"
    if path.startswith(INCIDENTS):
        path = re.sub("/incidents/[0-9]+/", f"/incidents/{NUMBER}/", path)
    if "{entry}" in path:
        entry = Entry.objects.filter(run__isnull=False).order_by("run_id", "pk").first()
        path = path.replace("{entry}", str(entry.pk if entry else 0))
    return path.replace("{pk}", key_of(name)) if "{pk}" in path else path


def statuses(client, cookies, name, path, watch) -> str:
    """Each address meets somebody who asked for nothing before."""
    client.cookies = SimpleCookie({key: each.value for key, each in cookies.items()})
    given = answers(client, filled(name, path), watch)
    return " ".join(str(answer.status_code) for answer in given)


def update(role: str, found: dict[str, str]) -> None:
    table = json.loads(TABLE.read_text())
    table = {address: {**table.get(address, {}), role: found[address]} for address in found}
    TABLE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n")


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("role", WALKS)
def test_every_address_answers_each_role_as_the_table_says(role, world, update_asked):
    """And GET, whoever sends it, leaves every runbook, run, and progress as it was."""
    client, cookies, writes = Client(raise_request_exception=False), world[role], Writes()
    found = {
        f"{name} {path}": statuses(client, cookies, name, path, writes)
        for name, path in addresses()
    }
    if update_asked("UPDATE_ACCESS"):
        update(role, found)
    table = json.loads(TABLE.read_text())

    assert found == {address: by_role.get(role) for address, by_role in table.items()}
    assert writes.found == []


def test_the_table_names_every_address_and_role():
    table = json.loads(TABLE.read_text())

    assert len({path for _, path in addresses()}) == ADDRESSES
    assert table.keys() == {f"{name} {path}" for name, path in addresses()}
    assert {tuple(sorted(by_role)) for by_role in table.values()} == {tuple(sorted(ROLES))}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("nobody", 302), ("nina", 200)])
def test_a_guide_is_printed_for_those_who_read_it(role, status, world, chromium, settings):
    """In the table it answers 409: the portal of these tests has no browser."""
    settings.CHROMIUM = chromium
    client = Client()
    client.cookies.load({key: each.value for key, each in world[role].items()})

    answer = client.get("/guides/disk-fills-up/guide.pdf")

    assert answer.status_code == status
    assert role == "nobody" or b"".join(answer).startswith(b"%PDF")


def test_nothing_is_public_but_what_is_named():
    table = json.loads(TABLE.read_text())
    for address, by_role in table.items():
        name = address.split()[0]
        opened = [status for status in by_role["nobody"].split() if int(status) not in SAFE_ERRORS]
        assert not opened or name in PUBLIC, f"{address} answers {by_role['nobody']} to nobody"


def test_no_address_breaks():
    broken = {
        address: by_role
        for address, by_role in json.loads(TABLE.read_text()).items()
        if any(int(status) >= 500 for text in by_role.values() for status in text.split())
    }
    assert broken == {}


@pytest.mark.django_db
def test_a_write_to_a_runbook_is_seen(disk):
    writes = Writes()
    with connection.execute_wrapper(writes):
        Gap.objects.note("NobodyKnows", at=timezone.now())
        assert writes.found == []
        Runbook.objects.update(title="Other")
        Runbook.objects.bulk_create([Runbook(slug="more", title="More")])
        Run.objects.all()._raw_delete("default")

    assert len(writes.found) == 3
