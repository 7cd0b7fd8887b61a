from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.versioned import Versioned
from portal.core.markdown import Rendered
from portal.core.problems import Refused
from portal.notifications.models import Watchable
from portal.search import index
from runbooks import notices
from runbooks.documents.render import derive, refresh_links
from runbooks.problems import ApprovalMissing, NameTaken, StaleVersion, WrongState

from .choices import OPEN, REVIEWED_AGAIN, Kind, Section, State
from .names import RESERVED, Address, AlertName
from .runbook_queries import RunbookQuerySet
from .versions import Version, written

DAYS_BETWEEN_REVIEWS, MOST_DAYS_BETWEEN_REVIEWS = 180, 1825
REVIEW_SOON = timedelta(days=14)


class Runbook(Versioned, Watchable):
    """One procedure or document, with all the versions it ever had."""

    MARK, STALE, READ_AGAIN = "head", StaleVersion, ("kind",)  # restore() depends on the kind

    slug = models.SlugField("address", max_length=120, unique=True)
    title = models.CharField(max_length=200)
    section = models.CharField(max_length=20, choices=Section, default=Section.RUNBOOKS)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.REFERENCE)
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="runbooks"
    )
    services = models.ManyToManyField(Service, blank=True, related_name="runbooks")
    review_days = models.PositiveSmallIntegerField(
        "review every … days",
        default=DAYS_BETWEEN_REVIEWS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS_BETWEEN_REVIEWS)],
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="merged_from"
    )
    published = models.ForeignKey(
        Version, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    head = models.PositiveIntegerField(default=0, editable=False)
    summary = models.CharField(max_length=300, blank=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    review_due = models.DateField(null=True, editable=False)
    review_asked = models.CharField(max_length=300, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    # Where the text lives in a tree of files, and what was last read from there.
    source_path = models.CharField(max_length=500, unique=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)
    earlier_history = models.JSONField(default=list, editable=False)

    objects = RunbookQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        permissions = [
            ("archive_runbook", "Can archive and unarchive a runbook"),
            ("merge_runbook", "Can merge a runbook into another"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(archived_at__isnull=False),
                name="merged_is_archived",
            ),
        ]
        indexes = [
            models.Index(
                fields=["title", "id", "published", "archived_at"], name="runbook_by_title"
            ),  # list by title; first_of() reads nothing but this
            models.Index(fields=["review_due", "id"], name="runbook_by_review"),  # stale first
            models.Index(fields=["-changed_at", "-id"], name="runbook_by_change"),  # newest first
            models.Index(
                fields=["owner", "review_due", "id"],
                condition=Q(archived_at=None),
                name="runbook_overdue",
            ),  # overdue() of a team
            models.Index(
                fields=["owner", "review_due", "id"],
                condition=Q(archived_at=None) & ~Q(review_asked=""),
                name="runbook_asked",
            ),  # asked() of a team
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("runbooks:detail", args=[self.slug])

    def version_url(self, number: int) -> str:
        return reverse("runbooks:version", args=[self.slug, number])

    def compare_url(self, old: int, new: int) -> str:
        return reverse("runbooks:compare", args=[self.slug, old, new])

    @property
    def etag(self) -> str:
        """Strong validator of everything shown of this runbook."""
        return f'"v{self.published_number}-{self.revision:08x}"'

    @property
    def published_number(self) -> int:
        return self.published.number if self.published_id else 0

    @property
    def invites_run(self) -> bool:
        """Whether its pages offer to follow it; a reference is there to be read."""
        return bool(self.published_id) and not self.archived_at and self.kind != Kind.REFERENCE

    @property
    def successor(self) -> "Runbook | None":
        """What it was merged into, if readers see that."""
        other = self.merged_into
        return other if other and other.published_id else None

    @property
    def newest(self) -> Version | None:
        """The version with the highest number, whatever its state."""
        return self.versions.filter(number=self.head).first()

    @property
    def open_version(self) -> Version | None:
        """The draft or the version in review, if there is one."""
        return self.versions.filter(state__in=OPEN).first()

    @property
    def before_import(self) -> list[dict]:
        """Who changed what (`at`, `by`, `note`) before the text came here, the newest first."""
        entries = reversed(self.earlier_history)
        return [{**entry, "at": parse_datetime(str(entry.get("at")))} for entry in entries]

    def is_stale(self, *, on) -> bool:
        return bool(self.review_asked) or bool(self.review_due and self.review_due < on)

    def is_due_soon(self, *, on) -> bool:
        return bool(self.review_due and self.review_due < on + REVIEW_SOON)

    # Writing

    @transaction.atomic
    def draft(
        self,
        text: str,
        *,
        author,
        based_on: int,
        note: str = "",
        restored_from=None,
        at=None,
        rendered=None,
    ) -> Version:
        """Save a new version on top of `based_on`; an open version below it is superseded.

        `rendered` is the text, if it was rendered already, with links that are Pending.
        Raises StaleVersion, with all three texts, if `based_on` is no longer the newest;
        MarkdownError if the text cannot be rendered.
        """
        at = at or timezone.now()
        about = {"note": note, "restored_from": restored_from, "rendered": rendered}
        version = self._add(text, author=author, based_on=based_on, at=at, **about)
        self.touch(at=at)
        return version

    def _add(
        self, text: str, *, author, based_on: int, at, rendered: Rendered | None = None, **about
    ) -> Version:
        if "\x00" in text:
            raise Refused("The text has a NUL character. Remove it.", pointer="/text")
        derived = derive(self, text, rendered)
        self.claim(based_on, yours=text)
        self.versions.filter(state__in=OPEN).update(state=State.SUPERSEDED)
        version = self.versions.create(
            number=self.head,
            author=author,
            created_at=at,
            based_on=based_on,
            **written(text, author),
            **derived,
            **about,
        )
        record(version, "draft", by=author, number=(based_on, version.number))
        return version

    def stood_at(self, mark: int) -> Version | None:
        return self.versions.filter(number=mark).first()

    def standing(self) -> Version | None:
        return self.newest

    @transaction.atomic
    def restore(self, number: int, *, by, at=None) -> Version:
        """A new version that copies an old one: a draft, or approved as the old one was.

        A text that readers once saw needs no second approval, but in kinds that are REVIEWED_AGAIN.
        """
        old = self.versions.get(number=number)
        note = f"Restore v{number}"
        version = self.draft(
            old.text, author=by, based_on=self.head, note=note, restored_from=number, at=at
        )
        if self.kind not in REVIEWED_AGAIN and old.published_at and old.reviewer:
            version.inherit_approval(old, by=by, at=at)
        return version

    @transaction.atomic
    def adopt(
        self, text: str, *, by=None, note: str = "", at=None, author_name: str = "", rendered=None
    ) -> Version:
        """Publish a text that was reviewed where it came from: a file of the team's repository.

        `rendered` is the text, if it was rendered already, with links that are Pending.
        """
        at = at or timezone.now()
        about = {"note": note, "rendered": rendered}
        version = self._add(text, author=by, based_on=self.head, at=at, **about)
        self.versions.filter(state=State.PUBLISHED).update(state=State.SUPERSEDED)
        version.author_name = author_name or version.author_name
        version.state, version.published_at = State.PUBLISHED, at
        version.save(update_fields=["state", "published_at", "author_name"])
        record(version, "adopt", by=by, state=(State.DRAFT, State.PUBLISHED))
        self.show(version, at=at)
        notices.adopted(version, by=by)
        return version

    def show(self, version: Version, *, at) -> None:
        """Make a version the one that readers see. Called by the verbs that publish."""
        self.published, self.summary = version, version.lede
        self.reviewed_at, self.review_asked = at, ""
        self.review_due = (at + timedelta(days=self.review_days)).date()
        self.save(
            update_fields=["published", "summary", "reviewed_at", "review_asked", "review_due"]
        )
        refresh_links(self)
        self.touch(at=at)

    # What is known of it

    @transaction.atomic
    def describe(self, *, by=None, services=None, alerts=None, at=None, **fields) -> None:
        """Change what is known of it besides the text: title, slug, kind, owner, alerts, …

        Raises NameTaken, and ApprovalMissing if what readers see is not approved for the kind.
        """
        old = type(self).objects.get(pk=self.pk)
        self.review_due = old.review_due
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean(exclude=["published"])
        if "review_days" in fields and self.reviewed_at:
            self.review_due = (self.reviewed_at + timedelta(days=self.review_days)).date()
        self.save(update_fields=[*fields, "review_due"])
        if "kind" in fields and self.kind in REVIEWED_AGAIN:
            self._review_again(by=by, was=old.kind)
        if self.slug != old.slug:
            self._keep_address(old.slug)
        if services is not None:
            self.services.set(services)
        if alerts is not None:
            self.answer(alerts)
        record(
            self,
            "describe",
            by=by,
            **{name: (getattr(old, name), value) for name, value in fields.items()},
        )
        self.touch(at=at)

    def _review_again(self, *, by, was: str) -> None:
        """An approval that `restore` brought along does not hold for the kind that it has now."""
        shown = self.versions.filter(state=State.PUBLISHED).first()
        if was not in REVIEWED_AGAIN and shown and shown.was_approved_before:
            raise ApprovalMissing.of(shown, self.get_kind_display())
        for version in self.versions.filter(state=State.IN_REVIEW):
            if version.is_inherited:
                version.review_again(by=by)

    def clean(self):
        if self.slug in RESERVED:
            raise ValidationError({"slug": "The portal itself uses this address: choose another."})
        formerly = Address.objects.filter(slug=self.slug).exclude(runbook=self.pk)
        if formerly.exists():
            raise ValidationError(
                {"slug": "This address belonged to another runbook and leads there."}
            )

    def answer(self, alerts) -> None:
        """Answer exactly these alerts. Raises NameTaken for one that another runbook answers."""
        alerts = list(dict.fromkeys(alerts))
        other = AlertName.objects.filter(name__in=alerts).exclude(runbook=self).first()
        if other:
            raise NameTaken(other.taken)
        self.alerts.exclude(name__in=alerts).delete()
        known = set(self.alerts.values_list("name", flat=True))
        for name in alerts:
            if name not in known:
                alert = AlertName(name=name, runbook=self)
                alert.full_clean()
                alert.save()

    def _keep_address(self, slug: str) -> None:
        self.addresses.filter(slug=self.slug).delete()
        Address.objects.get_or_create(slug=slug, defaults={"runbook": self})

    @transaction.atomic
    def archive(self, *, by, at=None) -> None:
        """Take it out of lists and search; it stays readable at its address."""
        at = at or timezone.now()
        if not type(self).objects.filter(pk=self.pk, archived_at=None).update(archived_at=at):
            raise WrongState("It is archived already.")
        self.archived_at = at
        record(self, "archive", by=by)
        self.touch(at=at)
        notices.archived(self, by=by)

    @transaction.atomic
    def unarchive(self, *, by, at=None) -> None:
        """Unarchive it: back into lists and search."""
        if self.merged_into_id:
            raise WrongState(f"It was merged into “{self.merged_into}” and stays there.")
        back = type(self).objects.filter(pk=self.pk, archived_at__isnull=False)
        if not back.update(archived_at=None):
            raise WrongState("It is not archived.")
        self.archived_at = None
        record(self, "unarchive", by=by)
        self.touch(at=at)
        notices.unarchived(self, by=by)

    @transaction.atomic
    def merge_into(self, other: "Runbook", *, by, at=None) -> None:
        """Let the other one stand for this one: its addresses and alerts lead there from now on.

        Who watches this one is told, and watches the other from then on.
        """
        if other.pk == self.pk:
            raise WrongState("A runbook cannot be merged into itself.")
        if other.archived_at:
            raise WrongState(f"“{other}” is archived: unarchive it first.")
        if not other.published_id:
            raise WrongState(f"“{other}” is not published yet: publish it first, then merge.")
        at = at or timezone.now()
        free = type(self).objects.filter(pk=self.pk, merged_into=None)
        if not free.update(merged_into=other, archived_at=at):
            raise WrongState("It was merged already.")
        self.merged_into, self.archived_at = other, at
        self.alerts.update(runbook=other)
        self.addresses.update(runbook=other)
        type(self).objects.filter(merged_into=self).update(merged_into=other)
        record(self, "merge_into", by=by, merged_into=(None, other.slug))
        self.touch(at=at)
        other.touch(at=at)
        notices.merged(self, other, by=by)
        other.watchers.add(*self.watchers.all())
        self.watchers.clear()

    # Is it still true?

    @transaction.atomic
    def ask_review(self, reason: str, *, event: str = "", by=None, at=None) -> None:
        """Ask the owner for a review before the calendar does: it is due at once.

        `event` names what happened: of the same one they are told once, of none not at all.
        """
        today = (at or timezone.now()).date()
        self.review_asked = reason[:300]
        self.review_due = min(self.review_due or today, today)
        self.save(update_fields=["review_asked", "review_due"])
        self.touch(at=at)
        if event:
            notices.review_asked(self, reason, event=event, by=by)

    @transaction.atomic
    def confirm_review(self, *, by, at=None) -> None:
        """Somebody read it and found it still true."""
        if not self.published_id:
            raise WrongState("Nothing is published yet: there is nothing to confirm.")
        at = at or timezone.now()
        self.reviewed_at, self.review_asked = at, ""
        self.review_due = (at + timedelta(days=self.review_days)).date()
        self.save(update_fields=["reviewed_at", "review_due", "review_asked"])
        record(self, "confirm_review", by=by)
        self.touch(at=at)
        notices.confirmed_review(self, by=by)

    @transaction.atomic
    def judge(self, *, by, helpful: bool, reason: str = "", at=None):
        """Keep what a reader says of the published version; a “no” asks the owner for a review."""
        if not self.published_id:
            raise WrongState("Nothing is published yet: there is nothing to rate.")
        feedback, _ = self.feedback.update_or_create(
            version=self.published,
            user=by,
            defaults={"helpful": helpful, "reason": reason, "created_at": at or timezone.now()},
        )
        if not helpful:
            said = f"Not helpful to {by}: {reason}" if reason else f"Not helpful to {by}"
            self.ask_review(said, event=self._event_of(feedback), by=by, at=at)
        return feedback

    def _event_of(self, feedback) -> str:
        """The same words of the same reader are one, until the next review."""
        said = sha256(f"{self.reviewed_at} {feedback.reason}".encode()).hexdigest()[:16]
        return f"feedback-{feedback.pk}-{said}"

    @transaction.atomic
    def touch(self, *, at=None) -> None:
        """Note a change: a new ETag, and the search index follows."""
        at = at or timezone.now()
        type(self).objects.filter(pk=self.pk).update(revision=F("revision") + 1, changed_at=at)
        self.refresh_from_db(fields=["revision", "changed_at", "head"])
        index.put(self)
