"""What happened to the runbooks of the demo since they were imported."""

from datetime import timedelta
from pathlib import Path

from django.utils.text import slugify

from runbooks.models import Kind, Runbook, Version, WorkingCopy

DRAFTS = Path(__file__).parent / "drafts"
CONFIRMED = {  # days ago; the others are due when they have not been read for as long as they say
    "checkout-answers-with-errors": 12,
    "deploy-checkout": 20,
    "the-shop-is-down": 25,
    "monthly-restore-test": 27,
    "deploy-the-storefront": 31,
    "fail-over-the-orders-database": 44,
    "the-payment-provider-does-not-answer": 80,
}


class Story:
    """What happened to the runbooks until now."""

    def __init__(self, people, teams, services, now):
        self.people, self.teams, self.services, self.now = people, teams, services, now
        self.alice, self.paul, self.rita = people["alice"], people["paul"], people["rita"]

    def tell(self) -> None:
        self.confirm_reviews()
        self.queue()
        self.feedback()
        self.deployment()
        self.drafts()

    def ago(self, days: float):
        return self.now - timedelta(days=days)

    def runbook(self, slug: str) -> Runbook:
        return Runbook.objects.select_related("published").get(slug=slug)

    def confirm_reviews(self) -> None:
        """Those that are read often were found to be true."""
        for slug, days in CONFIRMED.items():
            self.runbook(slug).confirm_review(by=self.paul, at=self.ago(days))

    def queue(self) -> None:
        """An improvement of it waits for a review."""
        runbook = self.runbook("drain-the-message-queue")
        text = runbook.published.text
        better = text.replace("Restart readers that hang", "Restart the readers that hang first")
        better = better.replace(
            "\n> [!CAUTION]",
            "- [ ] Tell the warehouse that orders arrive in time: +1 555 0142\n\n> [!CAUTION]",
        )
        version = runbook.draft(
            better, author=self.alice, note="Tell the warehouse", based_on=1, at=self.ago(1)
        )
        version.submit(by=self.alice, at=self.ago(0.8))

    def feedback(self) -> None:
        """Readers said whether it helped; one of them missed something."""
        failover = self.runbook("fail-over-the-orders-database")
        failover.judge(by=self.people["nina"], helpful=True, at=self.ago(20))
        reason = "It does not say how long promoting may take."
        failover.judge(by=self.rita, helpful=False, reason=reason, at=self.ago(2))
        errors = self.runbook("checkout-answers-with-errors")
        reason = "The picture led me to the provider within a minute."
        errors.judge(by=self.people["kenji"], helpful=True, reason=reason, at=self.ago(6))

    def deployment(self) -> None:
        """Alice types a change that she has not saved."""
        runbook = self.runbook("deploy-checkout")
        WorkingCopy.objects.create(
            user=self.alice,
            runbook=runbook,
            title=runbook.title,
            text=runbook.published.text.replace("Wait ten minutes", "Wait fifteen minutes"),
            note="Wait longer",
            based_on=1,
            saved_at=self.ago(0.1),
        )

    def drafts(self) -> None:
        """One that nobody has submitted, one to review, and one to publish."""
        trouble = {"kind": Kind.TROUBLESHOOTING}
        self.draft("Throttle an abusive client", "alice", "storefront", days=3, **trouble)
        late = self.draft("The nightly reports are late", "leila", "data", days=2, **trouble)
        late.submit(by=late.author, at=self.ago(1.5))
        dispute = self.draft("Answer a chargeback", "amara", "payments", days=4)
        dispute.submit(by=dispute.author, at=self.ago(3))
        dispute.approve(by=self.paul, note="Tried with last week's dispute.", at=self.ago(0.4))

    def draft(self, title: str, author: str, team: str, *, days: float, **fields) -> Version:
        """The first version of a new runbook, from the file of that name."""
        runbook = Runbook.objects.start(
            title,
            by=self.people[author],
            text=(DRAFTS / f"{slugify(title)}.md").read_text(),
            note="First version",
            owner=self.teams[team],
            services=self.teams[team].services.all(),
            at=self.ago(days),
            **{"kind": Kind.MAINTENANCE, **fields},
        )
        return runbook.versions.get()
