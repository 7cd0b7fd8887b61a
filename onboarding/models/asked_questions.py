from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from onboarding import notices
from onboarding.problems import WrongState
from portal.accounts.models import Team, User
from portal.core.data.audit import record
from portal.core.problems import Refused

from .questions import LAST_PLACE, Question

MOST_A_DAY = 10  # of one person
OTHER = "Other questions"  # the topic where the reader names none


class AskedQuestionQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer, the oldest first."""
        return self.filter(settled_at=None).order_by("asked_at", "pk")

    def for_owner(self, user):
        """Open ones that are this person's task: of topics of their teams, or of nobody's."""
        if not user.has_perm("onboarding.change_askedquestion"):
            return self.none()
        teams = Team.objects.of(user).values("pk")
        return self.open().filter(models.Q(owner__in=teams) | models.Q(owner=None))

    @transaction.atomic
    def ask(self, text: str, *, by, topic: str = "", at=None):
        """Ask those who write answers. The same again, while it is open, makes no second one."""
        text, at = " ".join(text.split()), at or timezone.now()
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two at once, one waits
        if same := self.open().filter(user=by, text=text).first():
            return same
        if self.filter(user=by, asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
            raise Refused(f"You asked {MOST_A_DAY} questions within a day. Ask again tomorrow.")
        row = AskedQuestion(text=text, topic=_known(topic, by), user=by, asked_at=at)
        row.owner = _owner_of(row.topic)
        row.clean_fields(exclude=["owner", "settled_at", "question"])
        row.save()
        record(row, "ask", by=by)
        notices.asked(row)
        return row

    def anonymise(self, *, before) -> int:
        """Forget who asked before. Returns how many."""
        return self.filter(user__isnull=False, asked_at__lt=before).update(user=None)

    def forget_person(self, user) -> int:
        return self.filter(user=user).update(user=None)


class AskedQuestion(models.Model):
    """A question of a reader, until somebody answers it for all or closes it."""

    text = models.CharField("question", max_length=300)
    topic = models.CharField(max_length=80)
    owner = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, db_index=True)  # open()
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AskedQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{reverse('onboarding:questions')}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """Its place on the page of questions."""
        return f"asked-{self.pk}"

    @transaction.atomic
    def answer(self, answer: str, *, by, at=None) -> Question:
        """Publish it with its answer, last in its topic, and tell who asked.

        Raises WrongState, MarkdownError, ValidationError.
        """
        at = at or timezone.now()
        self._settle(at)
        question = Question(topic=self.topic, question=self.text, owner=self.owner)
        question.write(by=by, at=at, answer=answer, position=_last_place(self.topic))
        self.question = question
        self.save(update_fields=["question"])
        record(self, "answer", by=by)
        notices.question_answered(self, by=by)
        return question

    @transaction.atomic
    def dismiss(self, *, by, at=None) -> None:
        """Close it without an answer, and tell who asked."""
        self._settle(at or timezone.now())
        record(self, "dismiss", by=by)
        notices.question_closed(self, by=by)

    def _settle(self, at) -> None:
        rows = type(self).objects.filter(pk=self.pk, settled_at=None)
        if not rows.update(settled_at=at):
            raise WrongState("Somebody answered or closed it meanwhile.")
        self.settled_at = at


def _known(topic: str, user) -> str:
    """A topic that this person can choose, else that of other questions."""
    topic = " ".join(topic.split())
    return topic if Question.objects.visible(user).filter(topic=topic).exists() else OTHER


def _owner_of(topic: str) -> Team | None:
    """The team that owns the first question of a topic."""
    first = Question.objects.filter(topic=topic).exclude(owner=None).order_by("position").first()
    return first.owner if first else None


def _last_place(topic: str) -> int:
    last = Question.objects.filter(topic=topic).aggregate(last=models.Max("position"))["last"]
    return min((last or 0) + 1, LAST_PLACE)
