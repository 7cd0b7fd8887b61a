"""What happened to the runbooks of the demo until now."""

from datetime import timedelta

from runbooks.models import Kind, Runbook, Section, WorkingCopy

from .texts import CERTIFICATES, DEPLOY, FAILOVER, QUEUE, REINDEX, ROLLBACK


class Story:
    """What happened to the runbooks until now."""

    def __init__(self, people, teams, services, now):
        self.people, self.teams, self.services, self.now = people, teams, services, now
        self.alice, self.paul, self.rita = people["alice"], people["paul"], people["rita"]

    def tell(self) -> None:
        self.queue()
        self.failover()
        self.rollback()
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

    def rollback(self) -> None:
        """Published; deployments that fail lead here."""
        runbook = self.start(
            "Roll back checkout",
            ROLLBACK,
            team="shop",
            services=["checkout"],
            days=46,
            kind=Kind.ROLLBACK,
        )
        self.publish(runbook, days=45)

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
