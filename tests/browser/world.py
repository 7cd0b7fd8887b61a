"""Something of everything, so that no page is shown empty."""

import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from PIL import Image as Picture

from incidents.models import Rotation
from incidents.oncall.hours import hours_of
from onboarding.models import Guide
from portal.accounts.models import Team, Token, User
from portal.architecture.files.tree import import_tree
from portal.architecture.models import (
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    Zone,
)
from portal.core.media.uploads import store_image
from portal.monitoring.models import Alert
from portal.notifications.models import Channel, ContactMethod, Delivery
from runbooks.files.importer import Import
from runbooks.models import Gap, Image, Run, Runbook, WorkingCopy
from tests.incidents.oncall.world import make_on_call, week
from tests.incidents.world import declare
from tests.monitoring.heartbeats.world import make_heartbeats
from tests.monitoring.world import make_alerts, make_mutings
from tests.onboarding.world import make_guide, make_questions, put_in_the_middle

LONG = (
    "The way in which a very long title with averyveryverylongwordthatnobodywouldeverbreak "
    "is kept inside the page even on a phone of small size, again and again and again"
)
FULL = """\
---
parameters:
  - name: host
    description: Which machine
    required: true
  - name: reason
    description: Why
    choices: [full, slow]
---
The disk of a database server fills up, and writes stop soon after.[^1]

## Symptom

`DiskFillsUp` fires. Less than 5 % is free. See [the queue](drain-the-queue.md#steps) too.

> [!WARNING]
> Never remove a file of the database itself.

> [!NOTE]
> The standby has the same size.

```mermaid
flowchart LR
  accTitle: From alert to cure
  A[Alert] --> B[Look] --> C[Clean]
```

## Diagnostic commands

```console
$ df -h {{ host }}
Filesystem      Size  Used Avail Use% Mounted on a very long line that scrolls inside its own box
```

| what | where | how much is usually there when everything is well |
|:---|---:|---|
| logs | `/var/log/a/rather/long/path/to/the/logs/of/the/database` | 2 GB |
| data | `/var/lib` | 80 GB |

![Free space over a week](IMAGE)

## Resolution

- [ ] Look: `df -h {{ host }}`
- [x] Rotate the logs {check}
- [ ] Say why: {{ reason }} {second person}

1. One
2. Two
   - nested

> Somebody said so.

### When that is not enough

Term with *stress*, **weight**, ~~no longer true~~ and <kbd>Ctrl</kbd>.

[^1]: Within minutes.
"""
QUEUE = "Drain it.\n\n## Steps\n\n1. Stop readers.\n2. Start readers.\n"


@dataclass
class World:
    """What the tests name."""

    disk: Runbook
    draft: Runbook
    long: Runbook
    archived: Runbook


class Kept:
    """All rows of a database in memory."""

    def __init__(self):
        self.rows = connection.connection.serialize()

    def copied(self, people) -> None:
        """In place of all rows there are. The people of the test become those that were kept."""
        put_back(self.rows)
        for person in people.values():
            person.__dict__ = User.objects.get(username=person.username).__dict__


class KeptWorld(Kept):
    """A world to be read again from its rows."""

    def __init__(self, world: World):
        super().__init__()
        self.keys = {field.name: getattr(world, field.name).pk for field in fields(world)}

    def copied(self, people) -> World:
        super().copied(people)
        return World(**{name: Runbook.objects.get(pk=pk) for name, pk in self.keys.items()})


def put_back(rows: bytes) -> None:
    """A whole database of SQLite in place of the one that is connected."""
    connection.ensure_connection()  # Django has another one where the loop of Playwright runs
    with closing(sqlite3.connect(":memory:")) as kept:
        kept.deserialize(rows)
        kept.backup(connection.connection)
    ContentType.objects.clear_cache()


def import_library() -> None:
    docs = settings.BASE_DIR / "docs"
    import_tree(docs / "architecture" / "catalog")
    list(Import(docs, at=timezone.now()).run())


def make_world(people, publish) -> World:
    alice, nina = people["author"], people["reader"]
    team = Team.objects.create(slug="platform", name="Platform", email="platform@example.org")
    team.members.set([alice, people["approver"], people["operator"]])
    service = Service.objects.create(slug="shop", name="Shop", owner=team, tier=1)
    disk = disk_of(alice, team, service, publish)
    make_catalog(service, team)
    Run.objects.start(
        disk, by=people["responder"], parameters={"host": "db1", "reason": "full"}, service=service
    )
    world = World(
        disk=disk,
        draft=draft_of(alice, team),
        long=long_of(alice, publish),
        archived=archived_of(alice, people["approver"], publish),
    )
    disk.judge(by=nina, helpful=False, reason="Step two is missing.")
    disk.refresh_from_db()
    make_channel(people["operator"])
    address = f"ntfys://ntfy.example.org/{'topic' * 12}"
    ContactMethod.objects.add(nina, kind="service", address=address, label="Phone" * 12)
    for name in ("NodeClockSkew", "Search" + "Index" * 12 + "Outdated"):
        Gap.objects.note(name, at=timezone.now() - timedelta(days=1))
    typed = {"title": "Half", "text": "Half a text", "note": ""}
    WorkingCopy.objects.keep(alice, disk, based_on=2, **typed)
    WorkingCopy.objects.keep(alice, None, based_on=0, **typed)
    make_guides(people, team)
    make_alerts(("DiskFillsUp", "Volume" * 12 + "FillsUp", "Ended"))
    make_heartbeats()
    make_mutings(people["responder"])
    make_shifts(people)
    make_incident(people["responder"], service)
    for person in people.values():
        Token.objects.issue(person, "laptop", ["read"], days=30)
    return world


def make_shifts(people) -> None:
    """A rotation with gaps, of which one has a long name."""
    rita, alice, paul = (people[role] for role in ("responder", "author", "approver"))
    row = make_on_call([rita, alice], by=paul, slug="databases")
    hours = hours_of("Mon-Fri 22:00-07:00\nSat,Sun 00:00-12:00")
    night = week(alice, name="Nights" * 8, first=row.layers.get().starts_on, hours=hours)
    about = {"layers": [night], "name": "Databases" * 8, "slug": "long"}
    Rotation.objects.make(by=paul, at=timezone.now(), **about)


def make_incident(rita, service) -> None:
    """An open one, whose line stands on every page."""
    incident = declare(rita, title=LONG, services=[service], description=LONG)
    incident.join_alerts(Alert.objects.all()[:2])
    entry = incident.note(LONG, by=rita, kind="decision")
    incident.correct(entry, "W" * 300, by=rita)
    incident.pin(entry, by=rita)
    incident.add_task(LONG, by=rita)
    incident.add_link("https://example.org/", "Dashboard" * 12, by=rita)


def make_channel(olga) -> None:
    """One of everybody that fails, with a message and its attempts."""
    hook = {"kind": "webhook", "address": "https://hooks.example.org/ops"}
    channel, _ = Channel.objects.add(by=olga, name="Hook", **hook)
    now = timezone.now()
    queued = Delivery.objects.post(key="x", to=[channel], subject=LONG, text=f"See.\n{LONG}")
    why = "The address answered 503."
    for number in (1, 2):
        about = {"began_at": now, "seconds": 0.2, "answer": "503", "error": why}
        queued.get().attempt_set.create(number=number, **about)
    queued.update(attempts=2, last_error=why)
    channel.note_failure(now)


def make_guides(people, team) -> None:
    """A tour that a reader is in the middle of, late and stuck; an archived one; questions."""
    alice, nina = people["author"], people["reader"]
    guide = make_guide(alice, "First day", steps=5, owner=team, is_tour=True, roles=["reader"])
    make_questions(guide, "a-runbook", "a-run")
    put_in_the_middle(guide, nina, alice)
    for title in (LONG, "Old guide"):
        other = Guide.objects.start(title, by=alice, purpose=LONG, audience="everybody")
        other.steps.create(title=title, text=f"# {LONG}", control=LONG, result=LONG)
        other.prerequisites.add(guide)
        other.publish(by=alice)
    Guide.objects.get(slug="old-guide").archive(by=alice)
    Guide.objects.start("Not published", by=alice)
    guide.steps.last().edit(by=alice, title="Changed since")
    guide.publish(by=alice)


def make_catalog(service, team) -> None:
    """A service with both sides of dependencies, a zone, something outside, and a late secret."""
    zone = Zone.objects.create(slug="edge", name="Edge", ranges="10.0.0.0/8")
    database = Service.objects.create(
        slug="database", name=LONG[:120], kind="database", zone=zone, part_of=service
    )
    cart = Service.objects.create(slug="cart", name="Cart", owner=team, tier=2)
    pay = Integration.objects.create(slug="pay", name="Payments", address="https://pay.example.org")
    needs = {"protocol": "SQL", "port": 5432, "data": "orders"}
    Dependency.objects.create(source=service, target=database, **needs)
    Dependency.objects.create(source=cart, target=service, hard=False)
    Dependency.objects.create(source=service, integration=pay, classification="restricted")
    ConfigurationItem.objects.create(
        service=service, name="KEY", kind="secret", rotation_days=9, kept_in="vault"
    )


def disk_of(alice, team, service, publish) -> Runbook:
    """Published twice; a third version waits for its review."""
    disk = Runbook.objects.start(
        "Disk fills up",
        by=alice,
        text=QUEUE,
        owner=team,
        services=[service],
        alerts=["DiskFillsUp", "DiskSlow"],
        kind="troubleshooting",
    )
    publish(disk.newest)
    text = FULL.replace("IMAGE", picture_of(alice, disk).get_absolute_url())
    publish(disk.draft(text, author=alice, note="All of it", based_on=1))
    better = text.replace("Rotate the logs", "Rotate and compress the logs")
    disk.draft(better, author=alice, note="Compress", based_on=2).submit(by=alice)
    return Runbook.objects.get(pk=disk.pk)


def draft_of(alice, team) -> Runbook:
    text = QUEUE + "\n[nowhere](nowhere.md) {{ undeclared }}\n"
    return Runbook.objects.start("Drain the queue", by=alice, text=text, owner=team)


def long_of(alice, publish) -> Runbook:
    """A long title, no owner, and a review that is overdue."""
    long = Runbook.objects.start(LONG, by=alice, text=f"See [disk](disk-fills-up.md).\n\n# {LONG}")
    publish(long.newest)
    Runbook.objects.filter(pk=long.pk).update(review_due=timezone.localdate() - timedelta(days=9))
    return Runbook.objects.get(pk=long.pk)


def archived_of(alice, paul, publish) -> Runbook:
    archived = Runbook.objects.start("Old way", by=alice, text=QUEUE)
    publish(archived.newest)
    archived = Runbook.objects.get(pk=archived.pk)
    archived.archive(by=paul)
    return archived


def picture_of(person, runbook) -> Image:
    stored = store_image(io.BytesIO(png()), name="space.png")
    return Image.objects.keep(stored, by=person, runbook=runbook, alt="Free space over a week")


def png(colour: str = "teal") -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Picture.new("RGB", (900, 300), colour).save(file, "PNG")
    return file.getvalue()
