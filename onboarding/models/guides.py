from itertools import count

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from onboarding import notices
from onboarding.guides.publishing import frozen
from onboarding.problems import StaleGuide, WrongState
from portal.accounts.models import Team
from portal.accounts.roles import ROLES
from portal.core.data.audit import record
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused
from portal.notifications.models import Watchable
from portal.search import index

from .assignments import Assignment
from .progress import Progress
from .steps import Step
from .versions import GuideVersion

SHOWN = ("title", "purpose", "audience")
# Addresses of pages beside those of guides.
RESERVED = {"me", "new", "questions", "videos", "stuck", "figures", "assignments", "media", "tour"}


def tag_of(pk: int, head: int, revision: int) -> str:
    return f'"g{pk}-{head}-{revision:x}"'


def validate_roles(roles) -> None:
    wrong = [role for role in roles if role not in ROLES] if isinstance(roles, list) else ["?"]
    if wrong:
        raise ValidationError(f"Use roles of this portal: {', '.join(ROLES)}.")


class GuideQuerySet(models.QuerySet):
    def visible(self, user):
        """Published ones for readers; those who write see all."""
        if user.has_perm("onboarding.change_guide"):
            return self
        if user.has_perm("onboarding.view_guide"):
            return self.readable()
        return self.none()

    def current(self):
        return self.filter(archived_at=None)

    def published(self):
        return self.current().filter(published__isnull=False)

    def readable(self):
        """With a version that readers see or saw, archived ones too."""
        return self.filter(published__isnull=False)

    def unpublished(self):
        return self.current().filter(published=None)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def owned_by(self, user):
        return self.filter(owner__members=user)

    def named_before(self, content: dict):
        """Those that readers of this content (onboarding.freezing) should have followed before."""
        return self.filter(pk__in=content.get("prerequisites", ()))

    def with_completion(self, user):
        """With `is_completed`: whether this person finished it once, confirmation included."""
        done = Progress.objects.of(user).finished().filter(guide=OuterRef("pk"))
        return self.annotate(is_completed=Exists(done.order_by()))

    def open_for(self, user, asked=None):
        """What this person was asked to follow or began, and has not finished.

        `asked`: the assignments of this person, if they are not those of `Assignment.objects.of`.
        """
        mine = Progress.objects.of(user).filter(guide=OuterRef("pk")).order_by()
        asked = Assignment.objects.of(user) if asked is None else asked
        asked = asked.filter(guide=OuterRef("pk")).order_by()
        to_begin = Q(Exists(asked), archived_at=None) & ~Q(Exists(mine))
        return self.filter(Q(Exists(mine.open())) | to_begin, published__isnull=False)

    def tours_for(self, user, asked=None):
        """The welcome tour, until this person began it, is asked to, or put it aside."""
        asked = Assignment.objects.of(user) if asked is None else asked
        known = (
            Progress.objects.of(user).order_by().values("guide"),
            asked.order_by().values("guide"),
            PutAside.objects.filter(user=user).values("guide"),
        )
        rows = self.published().filter(is_tour=True)
        for each in known:
            rows = rows.exclude(pk__in=each)
        return rows

    def with_offer(self, role: str):
        """With `is_offered`: whether it is meant for people of this role."""
        rows = self.annotate(roles_text=Cast("roles", TextField()))
        meant = Q(roles_text="[]") | Q(roles_text__contains=f'"{role}"')
        return rows.annotate(is_offered=models.ExpressionWrapper(meant, models.BooleanField()))

    def unowned(self):
        return self.current().filter(owner=None)

    def changed(self):
        """Those in which authors changed something since readers got their version."""
        return self.published().exclude(revision=F("published__revision"))

    def flagged(self):
        """Those with a step whose picture is wrong or not described."""
        return self.filter(pk__in=self._wrong_pictures().values("guide"))

    def counted(self):
        """Each with `step_count` and `flag_count`, and the number and revision of its version."""

        def how_many(steps):
            counted = steps.filter(guide=OuterRef("pk")).order_by().values("guide")
            return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(
            step_count=how_many(Step.objects.all()),
            flag_count=how_many(self._wrong_pictures()),
            shown_number=F("published__number"),
            shown_revision=F("published__revision"),
        )

    def _wrong_pictures(self):
        return Step.objects.filter(~Q(flag="") | Q(screenshot__isnull=False, screenshot__alt=""))

    @transaction.atomic
    def start(self, title: str, *, by, at=None, **about):
        """Make a guide without steps. `about`: slug, purpose, audience, roles, minutes, owner, …"""
        slug = about.pop("slug", "") or self.free_slug(title)
        guide = self.model(title=title, slug=slug, created_at=at or timezone.now(), **about)
        guide.full_clean(exclude=["published"])
        guide.save()
        index.put(guide)
        record(guide, "start", by=by)
        return guide

    def free_slug(self, title: str) -> str:
        stem = slugify(title)[:110] or "guide"
        names = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
        taken = RESERVED | set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        return next(name for name in names if name not in taken)


class Guide(Versioned, Watchable):
    """What a new colleague follows, step by step, to be able to do something."""

    STALE, READ_AGAIN = StaleGuide, ("head", "published", "archived_at")

    slug = models.SlugField("address", max_length=120, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.CharField(
        max_length=300, blank=True, help_text="What one can do after it, in one sentence."
    )
    audience = models.CharField(max_length=200, blank=True, help_text="Who it is for, in words.")
    roles = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_roles],
        help_text="The roles that it is offered to; none means everybody.",
    )
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="prerequisite_of"
    )
    minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="guides"
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in the list.")
    asks_acknowledgement = models.BooleanField(
        default=False, help_text="Readers confirm at the end that they read and understood it."
    )
    is_tour = models.BooleanField(
        "welcome tour", default=False, help_text="Offered on the first page until it is done."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    published = models.ForeignKey(
        GuideVersion, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    # What readers see of it in lists, until the next version is published.
    shown_title = models.CharField(max_length=200, blank=True, editable=False)
    shown_purpose = models.CharField(max_length=300, blank=True, editable=False)
    shown_audience = models.CharField(max_length=200, blank=True, editable=False)
    head = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    # of the files it was read from, and of what reading made of them: onboarding.files
    source_hash = models.CharField(max_length=64, blank=True, editable=False)
    source_state = models.CharField(max_length=64, blank=True, editable=False)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title", "pk"]
        permissions = [
            ("publish_guide", "Can publish and archive guides"),
            ("view_figures", "Can see how far people are"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["is_tour"], condition=Q(is_tour=True), name="one_welcome_tour"
            ),
        ]

    def __str__(self):
        return self.shown_title or self.title

    def get_absolute_url(self):
        return reverse("onboarding:guide", args=[self.slug])

    @property
    def etag(self) -> str:
        """Strong validator of the guide with its steps as authors see them."""
        return tag_of(self.pk, self.head, self.revision)

    @property
    def has_changes(self) -> bool:
        """Whether authors changed something since readers got their version."""
        return self.published is None or self.published.revision != self.revision

    def clean(self):
        if self.slug in RESERVED:
            raise ValidationError({"slug": "The portal itself uses this address: choose another."})

    # Writing: each verb bumps the revision, so that a second author notices

    @transaction.atomic
    def describe(self, *, by, based_on: int | None = None, prerequisites=None, **fields) -> None:
        """Change what is known of it besides its steps. Raises StaleGuide."""
        self.claim(based_on, yours=fields)
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean(exclude=["published"])
        self.save(update_fields=list(fields))
        if prerequisites is not None:
            self.prerequisites.set(prerequisites)
        index.put(self)
        record(self, "describe", by=by)

    @transaction.atomic
    def reorder(self, keys: list, *, by, based_on: int) -> None:
        """Put the steps in this order. Raises StaleGuide, and Refused unless it names each once."""
        self.claim(based_on, yours=keys)
        steps = {str(step.key): step for step in self.steps.all()}
        if sorted(map(str, keys)) != sorted(steps):
            raise Refused("Name every step of the guide exactly once.", pointer="/steps")
        for place, key in enumerate(keys, 1):
            steps[str(key)].place(place)
        record(self, "reorder", by=by)

    def claim(self, based_on: int | None, *, yours=None, to=None, **changes) -> None:
        super().claim(based_on, yours=yours, to=to, changed_at=timezone.now(), **changes)

    def stood_at(self, mark: int) -> GuideVersion | None:
        """The version that was published at that revision, if there was one."""
        return self.versions.filter(revision=mark).first()

    @transaction.atomic
    def publish(self, *, by, note: str = "", based_on: int | None = None, at=None):
        """Freeze the guide with its steps as the version that readers follow from now on."""
        at = at or timezone.now()
        self.claim(based_on)
        self._require_current()
        content = frozen(self)
        version = GuideVersion.objects.freeze(self, content, by=by, note=note, at=at)
        self.head, self.published = version.number, version
        for name in SHOWN:
            setattr(self, f"shown_{name}", content[name])
        self.save(update_fields=["head", "published", *(f"shown_{name}" for name in SHOWN)])
        index.put(self)
        record(self, "publish", by=by, number=(version.number - 1, version.number))
        notices.published(version, by=by)
        return version

    def _require_current(self) -> None:
        if self.archived_at:
            raise WrongState("It is archived: unarchive it first.")

    def put_aside(self, *, by, at=None) -> None:
        """Do not offer it to this person any more; it stays in the list of guides."""
        self.aside.get_or_create(user=by, defaults={"at": at or timezone.now()})

    @transaction.atomic
    def archive(self, *, by, at=None) -> None:
        """Take it out of lists; those in the middle of it may finish."""
        self._move_on()
        self.archived_at = self.archived_at or at or timezone.now()
        self.save(update_fields=["archived_at"])
        index.put(self)
        record(self, "archive", by=by)
        notices.archived(self, by=by)

    @transaction.atomic
    def unarchive(self, *, by) -> None:
        self._move_on()
        self.archived_at = None
        self.save(update_fields=["archived_at"])
        index.put(self)
        record(self, "unarchive", by=by)
        notices.unarchived(self, by=by)

    def _move_on(self) -> None:
        """Claim it for a verb that changes no word of it: what was published is still all of it."""
        self.claim(None)
        if self.published_id:
            shown = self.versions.filter(pk=self.published_id, revision=self.revision - 1)
            shown.update(revision=self.revision)


class PutAside(models.Model):
    """That somebody does not want to be offered the welcome tour."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="aside")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "postponed guide"
        constraints = [models.UniqueConstraint(fields=["guide", "user"], name="put_aside_once")]

    def __str__(self):
        return f"{self.guide}, postponed"
