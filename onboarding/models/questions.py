import re
from datetime import UTC, datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from onboarding import notices
from onboarding.problems import StaleQuestion, WrongState
from portal.accounts.models import Team
from portal.core.data.audit import record
from portal.core.data.versioned import Versioned
from portal.core.markdown import Sanitised, render
from portal.search import index
from portal.search.models.indexed import Indexed, IndexedQuerySet

LONGEST_REASON = 1000
LAST_PLACE = 32_767
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TAG = re.compile(r'"q(?P<pk>\d{1,19})-(?P<s>\d{1,11})\.(?P<us>\d{6})"')


def tag_of(pk: int, changed_at) -> str:
    return f'"q{pk}-{changed_at.timestamp():.6f}"'


def place_of(slug: str) -> str:
    """Its place in the list, opened."""
    return f"{reverse('onboarding:questions')}?question={slug}#{slug}"


class QuestionQuerySet(IndexedQuerySet):
    def visible(self, user):
        if user.has_perm("onboarding.change_question"):
            return self
        if user.has_perm("onboarding.view_question"):
            return self.filter(is_published=True)
        return self.none()

    def judged(self):
        """Each with how many people its answer `helped`, and of how many who said so (`said`)."""
        helped = Count("feedback", filter=Q(feedback__helped=True), distinct=True)
        return self.annotate(helped=helped, said=Count("feedback", distinct=True))

    def unhelpful(self):
        """Those that did not help somebody since the answer was written."""
        said = QuestionFeedback.objects.filter(question=OuterRef("pk"), helped=False)
        return self.filter(Exists(said.filter(at__gt=OuterRef("changed_at"))))

    def owned_by(self, user):
        """Those of this person's teams, or of nobody's."""
        return self.filter(Q(owner__in=Team.objects.of(user).values("pk")) | Q(owner=None))

    def topic_place(self, topic: str) -> int:
        """Where a topic stands among all; one that is new comes last once any was placed."""
        known = self.filter(topic=topic).values_list("topic_position", flat=True).first()
        return self._behind(0) if known is None else known

    def place_topic(self, topic: str, position: int | None) -> None:
        """Put a topic there; without a position where it stands already, or else last."""
        if position is None:
            position = self.topic_place(topic) or self._behind(1)
        self.filter(topic=topic).update(topic_position=position)

    place_topic.alters_data = True  # type: ignore[attr-defined]

    def _behind(self, first: int) -> int:
        last = self.aggregate(last=Max("topic_position"))["last"]
        return min(last + 1, LAST_PLACE) if last else first

    @transaction.atomic
    def delete(self):
        for question in self:
            question.note_deletion()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def free_slug(self, question: str) -> str:
        stem = slugify(question)[:110].strip("-") or "question"
        names = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        return next(name for name in names if name not in taken)


class Question(Versioned, Indexed):
    """A question that people ask again and again, and its answer."""

    MARK, STALE, READ_AGAIN = "changed_at", StaleQuestion, None

    slug = models.SlugField("address", max_length=120, unique=True)
    topic = models.CharField(max_length=80)
    question = models.CharField(max_length=300)
    answer = models.TextField(help_text="In Markdown.")
    guides = models.ManyToManyField("Guide", blank=True, related_name="questions")
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(default=0)
    topic_position = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    is_published = models.BooleanField("published", default=True)
    html = models.TextField(blank=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)  # onboarding.files
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["topic_position", "topic", "position", "question"]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return place_of(self.slug)

    @property
    def rendered(self) -> Sanitised:
        return Sanitised(self.html)

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.changed_at)

    def rebuild(self) -> bool:
        """Render the answer as it is read today; whether that differs. Raises MarkdownError."""
        html = render(self.answer).html
        if html == self.html:
            return False
        type(self).objects.filter(pk=self.pk, answer=self.answer).update(html=html)
        return True

    @transaction.atomic
    def write(
        self, *, by=None, at=None, based_on: str | None = None, guides=None, **fields
    ) -> None:
        """Change it, and render its answer. `based_on`: the `etag` of what the author saw.

        Raises StaleQuestion, WrongState, MarkdownError, ValidationError.
        """
        verb, at = "write" if self.pk else "start", at or timezone.now()
        if self.pk:
            self._claim(based_on, fields, at)
        for name, value in fields.items():
            setattr(self, name, value)
        self.slug = self.slug or type(self).objects.free_slug(self.question)
        self.html = render(self.answer).html
        self.topic_position = type(self).objects.topic_place(self.topic)
        self.changed_at = at
        self.full_clean()
        self.save()
        index.put(self)
        if guides is not None:
            self.guides.set(guides)
        record(self, verb, by=by)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        self.note_deletion()
        return super().delete(*args, **kwargs)

    def note_deletion(self) -> None:
        """For programs that ask what changed, and for who looks for it."""
        old = {"slug": (self.slug, ""), "is_published": (self.is_published, "")}
        record(self, "delete", **old)

    def _claim(self, based_on: str | None, fields: dict, at) -> None:
        seen = None if based_on is None else self._written_at(based_on)
        try:
            self.claim(seen, yours=fields, to=at)
        except type(self).DoesNotExist:
            raise WrongState("It was deleted meanwhile: write it as a new question.") from None

    def _written_at(self, etag: str) -> datetime:
        """When the answer with this tag was written; long ago for a tag that is none of its."""
        found = TAG.fullmatch(etag)
        if not found or int(found["pk"]) != self.pk:
            return LONG_AGO
        return LONG_AGO + timedelta(seconds=int(found["s"]), microseconds=int(found["us"]))

    def missed(self):
        """What people say that they missed since it was written."""
        return self.feedback.filter(at__gt=self.changed_at).exclude(reason="").order_by("-at")

    @transaction.atomic
    def judge(self, *, by, helped: bool, reason: str = "", at=None) -> None:
        """Say whether the answer helped, and what was missing; the last word of each counts."""
        reason = "" if helped else reason.strip()
        said = {"helped": helped, "reason": reason, "at": at or timezone.now()}
        feedback, _ = self.feedback.update_or_create(user=by, defaults=said)
        if not helped:
            notices.unhelpful(self, feedback)


class QuestionFeedbackQuerySet(models.QuerySet):
    def anonymise(self, *, before) -> int:
        """Forget who judged before. Returns how many."""
        return self.filter(user__isnull=False, at__lt=before).update(user=None)


class QuestionFeedback(models.Model):
    """Whether an answer helped somebody."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    helped = models.BooleanField()
    reason = models.TextField(blank=True, max_length=LONGEST_REASON)  # of a “No”
    at = models.DateTimeField(default=timezone.now)

    objects = QuestionFeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "question feedback"
        constraints = [
            models.UniqueConstraint(fields=["question", "user"], name="question_feedback_once"),
        ]

    def __str__(self):
        return "helped" if self.helped else "did not help"
