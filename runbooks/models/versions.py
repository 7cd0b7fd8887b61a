from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Team
from portal.core.data.audit import record
from runbooks import notices
from runbooks.problems import OwnWork, WrongState

from .choices import OPEN, READABLE, State

ANY, UNDECIDED = Q(), Q(reviewer=None)


def tag_of(number: int, hashed: str, state: str, reviewer: int | None = None) -> str:
    """Of readable versions only the text counts; of others also whether they are approved."""
    approved = "-approved" if state == State.IN_REVIEW and reviewer else ""
    return f'"v{number}-{hashed[:8]}{"" if state in READABLE else "-" + state + approved}"'


def written(text: str, author) -> dict[str, str]:
    """The columns that say what was written and by whom."""
    name = author.display_name if author else ""
    return {"text": text, "hash": sha256(text.encode()).hexdigest(), "author_name": name}


class VersionQuerySet(models.QuerySet):
    def visible(self, user):
        """The versions this person may read: readers see those that were published once.

        The state does not tell: a draft that a newer one replaced is superseded too.
        """
        if user.has_perm("runbooks.view_version"):
            return self
        if user.has_perm("runbooks.view_runbook"):
            return self.filter(published_at__isnull=False)
        return self.none()

    def waiting(self):
        """Submitted and not yet decided, the oldest first."""
        return self.filter(state=State.IN_REVIEW).order_by("submitted_at", "pk")

    def reviewable_by(self, user):
        """What this person may approve: never their own."""
        if not user.has_perm("runbooks.approve_version"):
            return self.none()
        return self.waiting().filter(reviewer=None).exclude(author=user)

    def publishable_by(self, user):
        """Approved and not yet shown to readers, for those who may publish."""
        if not user.has_perm("runbooks.publish_version"):
            return self.none()
        return self.waiting().filter(reviewer__isnull=False)

    def unfinished_by(self, user):
        """This person's drafts, and what was sent back to them and not taken up since."""
        sent_back = Q(state=State.REJECTED, reviewer__isnull=False, number=F("runbook__head"))
        mine = self.filter(author=user, state__in=(State.DRAFT, State.REJECTED))
        mine = mine.filter(Q(state=State.DRAFT) | sent_back)
        return mine.order_by("-created_at", "-pk")

    def authorless_for(self, user):
        """Drafts that are nobody's, as an import leaves them, of this person's teams."""
        if not user.has_perm("runbooks.add_version"):
            return self.none()
        gone = Q(author=None) | Q(author__is_active=False)
        teams = Team.objects.of(user).values("pk")
        rows = self.filter(gone, state=State.DRAFT, runbook__owner__in=teams)
        return rows.filter(runbook__archived_at=None).order_by("-created_at", "-pk")


class Version(models.Model):
    """One text of a runbook. The text never changes; only its state moves on."""

    runbook = models.ForeignKey("Runbook", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="versions"
    )
    author_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    based_on = models.PositiveIntegerField(default=0)
    restored_from = models.PositiveIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reviews"
    )
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)

    # Derived from the text once, when it is saved; never on a read.
    hash = models.CharField(max_length=64)
    html = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    lede = models.CharField(max_length=300, blank=True)
    toc = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    parameters = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["runbook", "-number"]
        permissions = [
            ("approve_version", "Can approve or reject somebody else's version"),
            ("publish_version", "Can publish an approved version"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["runbook", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["runbook"], condition=Q(state__in=OPEN), name="one_open_version"
            ),
            models.UniqueConstraint(
                fields=["runbook"], condition=Q(state="published"), name="one_published_version"
            ),
            models.CheckConstraint(
                condition=Q(based_on__lt=F("number")), name="version_based_on_earlier"
            ),
        ]
        indexes = [
            # drafts and versions in review, in the list of runbooks
            models.Index(fields=["state", "submitted_at"], name="version_queue"),
            # waiting(): as fast where nearly all versions have another state
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state="in_review"),
                name="version_waiting",
            ),
            # unfinished_by(): as fast where most versions have no author, but came from files
            models.Index(
                fields=["author", "state"],
                condition=Q(author__isnull=False),
                name="version_of_author",
            ),
        ]

    def __str__(self):
        return f"{self.runbook} v{self.number}"

    def get_absolute_url(self):
        return self.runbook.version_url(self.number)

    @property
    def review_url(self) -> str:
        """Where it stands beside what readers see now."""
        return reverse("runbooks:review", args=[self.runbook.slug, self.number])

    @property
    def etag(self) -> str:
        """Strong validator of the text and its state."""
        return tag_of(self.number, self.hash, self.state, self.reviewer_id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == State.IN_REVIEW and self.reviewer_id is not None

    @property
    def was_approved_before(self) -> bool:
        """Whether its approval is that of the version it was restored from: older than itself."""
        before = self.reviewed_at is not None and self.reviewed_at < self.created_at
        return before and self.restored_from is not None

    @property
    def is_inherited(self) -> bool:
        """Approved, but only as the version that it was restored from."""
        return self.was_approved_before and self.is_approved

    @transaction.atomic
    def submit(self, *, by, at=None) -> None:
        """Ask for a review. Raises WrongState unless it is a draft."""
        self._move("submit", by, State.DRAFT, to=State.IN_REVIEW, submitted_at=at or timezone.now())
        notices.submitted(self, by=by)

    @transaction.atomic
    def approve(self, *, by, note: str = "", at=None) -> None:
        """Say that it may be published. Raises OwnWork for its author, WrongState otherwise."""
        self._refuse_own(by, "approve")
        self._decide("approve", by, note, at, to=State.IN_REVIEW)
        notices.approved(self, by=by)

    @transaction.atomic
    def inherit_approval(self, old: "Version", *, by, at=None) -> None:
        """Count as approved, like the version whose text it has. Called by `Runbook.restore`."""
        approval = {"reviewer": old.reviewer, "review_note": f"Approved as v{old.number}"}
        at = at or timezone.now()
        times = {"submitted_at": at, "reviewed_at": old.reviewed_at or old.published_at}
        self._move("inherit_approval", by, State.DRAFT, to=State.IN_REVIEW, **approval, **times)
        notices.restored(self, by=by)

    @transaction.atomic
    def review_again(self, *, by) -> None:
        """Let it wait for a review of its own, not count as approved. Called by `describe`."""
        undone = {"reviewer": None, "reviewed_at": None, "review_note": ""}
        self._move("review_again", by, State.IN_REVIEW, to=State.IN_REVIEW, **undone)
        notices.submitted(self, by=by)

    @transaction.atomic
    def reject(self, *, by, note: str, at=None) -> None:
        """Send it back with what to change. Raises OwnWork for its author, WrongState otherwise."""
        self._refuse_own(by, "send back")
        inherited = Q(reviewer=self.reviewer, reviewed_at=self.reviewed_at)
        only = inherited if self.is_inherited else UNDECIDED
        self._decide("reject", by, note, at, to=State.REJECTED, only=only)
        notices.rejected(self, by=by)

    def withdraw(self, *, by, at=None) -> None:
        """Give up an open version, so that the published one is the newest text again.

        No reviewer sent it back: who had approved it stands in the audit log.
        """
        given_up = {"review_note": "Withdrawn", "reviewed_at": at or timezone.now()}
        self._move("withdraw", by, OPEN, to=State.REJECTED, reviewer=None, **given_up)

    def publish(self, *, by, at=None) -> None:
        """Show it to all readers in place of the one before. Raises WrongState unless approved."""
        at = at or timezone.now()
        with transaction.atomic():
            self._take_turn()
            self.refresh_from_db(fields=["state", "reviewer"])  # describe() may take it away
            if not self.is_open:
                raise WrongState(f"v{self.number} is {State(self.state).label.lower()} already.")
            if not self.is_approved:
                raise WrongState(f"v{self.number} is not approved: someone else reviews it first.")
            self.runbook.versions.filter(state=State.PUBLISHED).update(state=State.SUPERSEDED)
            self._move("publish", by, State.IN_REVIEW, to=State.PUBLISHED, published_at=at)
            self.runbook.show(self, at=at)
            notices.published(self, by=by)

    def _refuse_own(self, by, verb: str) -> None:
        if self.author_id == by.pk:
            raise OwnWork(f"You wrote v{self.number}, so someone else must {verb} it.")

    def _decide(self, verb, by, note, at, *, to, only=UNDECIDED) -> None:
        if self.is_approved and only == UNDECIDED:
            raise WrongState(f"v{self.number} is already approved by {self.reviewer}.")
        self._move(
            verb,
            by,
            State.IN_REVIEW,
            to=to,
            reviewer=by,
            review_note=note,
            reviewed_at=at or timezone.now(),
            only=only,
        )

    @transaction.atomic
    def _move(self, verb, by, expected, *, to, only=ANY, **changes) -> None:
        """Compare-and-set, so that of two clicks one wins and the other is told."""
        self._take_turn()
        expected = [expected] if isinstance(expected, str) else list(expected)
        rows = Version.objects.filter(only, pk=self.pk, state__in=expected)
        if not rows.update(state=to, **changes):
            self.refresh_from_db()
            wanted = " or ".join(State(name).label.lower() for name in expected)
            raise WrongState(
                f"v{self.number} is {self.get_state_display().lower()}, not {wanted}. "
                "Reload to see what happened meanwhile."
            )
        before, self.state = self.state, to
        for name, value in changes.items():
            setattr(self, name, value)
        record(self, verb, by=by, state=(before, to))
        self.runbook.touch()

    def _take_turn(self) -> None:
        """Lock the runbook before its versions, in the order of `Runbook.draft`: no deadlock."""
        runbooks = type(self.runbook).objects.select_for_update(no_key=True)
        runbooks.order_by().values_list("pk").get(pk=self.runbook_id)
