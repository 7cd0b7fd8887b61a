from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import Team
from portal.core.markdown import render


class QuestionQuerySet(models.QuerySet):
    def visible(self, user):
        if user.has_perm("onboarding.change_question"):
            return self
        if user.has_perm("onboarding.view_question"):
            return self.filter(is_published=True)
        return self.none()

    def matching(self, words: str):
        """Those in which every word stands, in the question, its topic or its answer."""
        rows = self
        for word in words.replace("\x00", "").split()[:10]:
            found = Q(question__icontains=word) | Q(topic__icontains=word)
            rows = rows.filter(found | Q(answer__icontains=word))
        return rows


class Question(models.Model):
    """A question that people ask again and again, and its answer."""

    slug = models.SlugField("address", max_length=120, unique=True)
    topic = models.CharField(max_length=80)
    question = models.CharField(max_length=300)
    answer = models.TextField(help_text="In Markdown.")
    guides = models.ManyToManyField("Guide", blank=True, related_name="questions")
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_published = models.BooleanField("published", default=True)
    html = models.TextField(blank=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)  # onboarding.files
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "position", "question"]

    def __str__(self):
        return self.question

    @property
    def etag(self) -> str:
        return f'"q{self.pk}-{self.changed_at.timestamp():.6f}"'

    def write(self, *, at=None, **fields) -> None:
        """Change it, and render its answer. Raises MarkdownError, ValidationError."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.html = render(self.answer).html
        self.changed_at = at or timezone.now()
        self.full_clean()
        self.save()

    def judge(self, *, by, helped: bool, at=None) -> None:
        """Say whether the answer helped; the last word of each person counts."""
        said = {"helped": helped, "at": at or timezone.now()}
        self.feedback.update_or_create(user=by, defaults=said)


class QuestionFeedback(models.Model):
    """Whether an answer helped somebody."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    helped = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "question feedback"
        constraints = [
            models.UniqueConstraint(fields=["question", "user"], name="question_feedback_once"),
        ]

    def __str__(self):
        return "helped" if self.helped else "did not help"
