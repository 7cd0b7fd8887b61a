"""A small world to look around in: people, teams, services, and runbooks in every state."""

from datetime import timedelta

from portal.accounts.models import Team, User
from portal.accounts.roles import ROLES
from portal.architecture.models import Service

from .models import Gap, Kind, Runbook, Section, WorkingCopy

PEOPLE = {
    "nina": "Nina Holm",
    "rita": "Rita Sandoval",
    "alice": "Alice Moreau",
    "paul": "Paul Okafor",
    "olga": "Olga Lindqvist",
}
TEAMS = {
    "platform": ("Platform", ["alice", "paul", "olga"]),
    "shop": ("Shop", ["nina", "rita", "alice"]),
}
SERVICES = {
    "ops-portal": ("Ops Portal", "platform", 2, "This portal: what the starter library is about."),
    "checkout": ("Checkout", "shop", 1, "Takes orders and payments."),
    "orders-database": ("Orders database", "platform", 1, "PostgreSQL, one primary, two standbys."),
    "message-queue": ("Message queue", "platform", 2, "Carries orders to the warehouse."),
    "product-search": ("Product search", "shop", 3, "Finds products by words and filters."),
}
GAPS = {"CheckoutLatencyHigh": 7, "SearchIndexOutdated": 3, "NodeClockSkew": 1}

FAILOVER = """\
---
parameters:
  - name: standby
    description: The standby to promote
    pattern: "db[0-9]+"
    required: true
---
The primary of the orders database is gone and does not come back by itself.

## Symptom

Checkout answers 503, and `OrdersDatabaseDown` fires for more than two minutes.

## Recovery steps

- [ ] Make sure that the primary is really down: `pg_isready -h orders-db`
- [ ] Choose the standby that is the least behind:

  ```sql
  SELECT application_name, replay_lag FROM pg_stat_replication;
  ```

- [ ] Promote it {second}

  ```bash
  ssh {{ standby }} sudo -u postgres pg_ctl promote
  ```

- [ ] Point `orders-db` to it and wait one minute
- [ ] Place a test order {check}

> [!WARNING]
> Never start the old primary again before it was rebuilt as a standby: both would take orders.

## Verification

The [queue](drain-the-message-queue.md) empties, and checkout answers within 300 ms.
"""
QUEUE = """\
The warehouse gets orders late because the queue grows faster than it is read.

## Symptom

`QueueBacklog` fires; the oldest message is older than five minutes.

## Diagnostic commands

```bash
rabbitmqctl list_queues name messages consumers
journalctl -u order-reader --since -15min
```

## Log locations

| what | where |
|---|---|
| broker | `/var/log/rabbitmq/` |
| readers | the journal of `order-reader` |

## Resolution

1. Restart readers that hang: `systemctl restart order-reader`
2. Double the readers while the backlog lasts: `systemctl start order-reader@{3..6}`
3. Stop the extra readers when the backlog is gone.
"""
DEPLOY = """\
Bring a new release of checkout to production, without a gap in service.

## Pre-deployment checklist

- [ ] The release passed on staging
- [ ] Nobody else deploys, and no incident is open

## Commands

- [ ] Shift a tenth of the traffic: `deploy checkout --release next --share 10`
- [ ] Wait ten minutes and compare error rates {check}
- [ ] Shift the rest: `deploy checkout --release next --share 100`

## Verification

- [ ] Place an order with the test card

## Rollback

`deploy checkout --release previous --share 100` takes less than a minute.
"""
CERTIFICATES = """\
The certificates of the shop are renewed by themselves; this is for the day when that fails.

## Steps

1. See how long they last: `openssl s_client -connect shop.example.org:443 </dev/null`
2. Renew: `certbot renew --cert-name shop.example.org`
3. Reload the proxies, one after the other: `systemctl reload nginx`

## Verification

The browser shows the new date, on each of the proxies.
"""
REINDEX = """\
Build the index of the product search anew, for example after its fields changed.

## Steps

1. Start the build: `search-admin build --into next`
2. Wait until it is done, about 40 minutes.
3. Switch: `search-admin switch next`
"""


def make_people(password: str) -> dict[str, User]:
    """The five, one a role, all with this password."""
    people = {}
    for role, (username, name) in zip(ROLES, PEOPLE.items(), strict=True):
        person, _ = User.objects.get_or_create(username=username)
        person.name, person.email = name, f"{username}@example.org"
        person.is_active = True
        person.set_password(password)
        person.save()
        person.take_role(role)
        people[username] = person
    return people


def tell_stories(people: dict[str, User], *, now) -> None:
    """Make everything but the people, once: what visitors changed meanwhile stays."""
    if Team.objects.exists():
        return
    teams = make_teams(people)
    services = make_services(teams)
    Story(people, teams, services, now).tell()
    for name, count in GAPS.items():
        for number in range(count):
            Gap.objects.note(name, at=now - timedelta(hours=9 * (count - number)))


def make_teams(people) -> dict[str, Team]:
    teams = {}
    for slug, (name, members) in TEAMS.items():
        teams[slug] = Team.objects.create(slug=slug, name=name, email=f"{slug}@example.org")
        teams[slug].members.set(people[member] for member in members)
    return teams


def make_services(teams) -> dict[str, Service]:
    return {
        slug: Service.objects.create(
            slug=slug, name=name, owner=teams[owner], tier=tier, description=description
        )
        for slug, (name, owner, tier, description) in SERVICES.items()
    }


def own_library() -> None:
    """The platform team looks after what is about the portal itself."""
    platform = Team.objects.get(slug="platform")
    for runbook in Runbook.objects.unowned().filter(services__slug="ops-portal"):
        runbook.describe(owner=platform)


class Story:
    """What happened to the runbooks until now."""

    def __init__(self, people, teams, services, now):
        self.people, self.teams, self.services, self.now = people, teams, services, now
        self.alice, self.paul, self.rita = people["alice"], people["paul"], people["rita"]

    def tell(self) -> None:
        self.queue()
        self.failover()
        self.deployment()
        self.certificates()
        self.search_index()

    def ago(self, days: float):
        return self.now - timedelta(days=days)

    def start(self, title, text, *, team, services, days, **fields) -> Runbook:
        return Runbook.objects.start(
            title,
            by=self.alice,
            text=text,
            note="First version",
            owner=self.teams[team],
            services=[self.services[slug] for slug in services],
            at=self.ago(days),
            **fields,
        )

    def publish(self, runbook, *, days, note="Tried it on staging.") -> None:
        version = runbook.newest
        version.submit(by=version.author, at=self.ago(days))
        version.approve(by=self.paul, note=note, at=self.ago(days - 0.2))
        version.publish(by=self.paul, at=self.ago(days - 0.3))
        runbook.refresh_from_db()

    def queue(self) -> None:
        """Published; an improvement of it waits for a review."""
        runbook = self.start(
            "Drain the message queue",
            QUEUE,
            team="platform",
            services=["message-queue"],
            days=60,
            kind=Kind.TROUBLESHOOTING,
            alerts=["QueueBacklog"],
        )
        self.publish(runbook, days=58)
        better = QUEUE.replace("Restart readers that hang", "Restart the readers that hang first")
        better += "4. Tell the warehouse that orders arrive in time again.\n"
        version = runbook.draft(
            better, author=self.alice, note="Tell the warehouse", based_on=1, at=self.ago(1)
        )
        version.submit(by=self.alice, at=self.ago(0.8))

    def failover(self) -> None:
        """Published, used, and one reader missed something."""
        runbook = self.start(
            "Fail over the orders database",
            FAILOVER,
            team="platform",
            services=["orders-database", "checkout"],
            days=90,
            kind=Kind.RECOVERY,
            section=Section.DISASTER_RECOVERY,
            alerts=["OrdersDatabaseDown"],
        )
        self.publish(runbook, days=88)
        runbook.judge(by=self.people["nina"], helpful=True, at=self.ago(20))
        reason = "It does not say how long promoting may take."
        runbook.judge(by=self.rita, helpful=False, reason=reason, at=self.ago(2))

    def deployment(self) -> None:
        """Published; Alice types a change that she has not saved."""
        runbook = self.start(
            "Deploy checkout",
            DEPLOY,
            team="shop",
            services=["checkout"],
            days=45,
            kind=Kind.DEPLOYMENT,
        )
        self.publish(runbook, days=44)
        WorkingCopy.objects.create(
            user=self.alice,
            runbook=runbook,
            title=runbook.title,
            text=DEPLOY.replace("ten minutes", "fifteen minutes"),
            note="Wait longer",
            based_on=1,
            saved_at=self.ago(0.1),
        )

    def certificates(self) -> None:
        """Published long ago: past the day of its review."""
        runbook = self.start(
            "Renew the certificates",
            CERTIFICATES,
            team="shop",
            services=["checkout"],
            days=400,
            kind=Kind.MAINTENANCE,
            alerts=["CertificateExpires"],
        )
        self.publish(runbook, days=398)

    def search_index(self) -> None:
        """A draft that nobody has submitted yet."""
        self.start(
            "Rebuild the search index",
            REINDEX,
            team="shop",
            services=["product-search"],
            days=3,
            kind=Kind.MAINTENANCE,
        )
