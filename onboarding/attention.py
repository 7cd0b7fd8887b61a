"""What waits for a person: guides to follow, answers, people who are stuck, what to fix."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localdate

from portal.accounts.models import Team, User
from portal.accounts.people.prepared import PreparedFor, PreparedRows, Waiting
from portal.core.web.attention import SHOWN, Act, Card, Priority, Row
from portal.core.web.days import day_of

from .guides.listing import asked_since, mine
from .guides.rows import guide_rows
from .models import AskedQuestion, Assignment, Guide, Question, StuckReport
from .progress.charts import remembered_trend

FIXES = {"to_fix_answers", "to_fix_pictures", "to_fix_changes"}
KINDS = ("tour", "open", "answers", "stuck", "unanswered", *sorted(FIXES))


def questions(user, *, joined, since) -> dict[str, QuerySet]:
    """What may wait, by name."""
    asked = Assignment.objects.asking(user, joined=joined, since=since)
    guides = Guide.objects if _reads_guides(user) else Guide.objects.none()
    nothing_to_fix = dict.fromkeys(FIXES, Guide.objects) | {"to_fix_answers": Question.objects}
    return {
        "tour": guides.tours_for(user, asked),
        "open": guides.open_for(user, asked),
        "answers": StuckReport.objects.unread_of_current(user),
        "stuck": StuckReport.objects.for_owner(user),
        "unanswered": AskedQuestion.objects.for_owner(user),
        **{name: rows.none() for name, rows in nothing_to_fix.items()},
        **{name: rows for name, (rows, *_) in _kinds(user)},
    }


waiting = Waiting(KINDS, questions)


def cards(user, at: datetime) -> Iterator[Card]:
    """One for each kind of what waits: one prepared query, and those of each that has rows."""
    since = asked_since(user)
    found = waiting(user, **since)
    if "tour" in found:
        yield from map(_offer, _tours(user, **since))
    if "open" in found:
        yield _to_follow(user, at)
    if "answers" in found:
        rows = [_answer_row(*row) for row in _answers(user)]
        yield Card("Answers for you", rows, Priority.WAITING)
    if "stuck" in found:
        more = f"{reverse('onboarding:stuck-reports')}?mine=1&state=open"
        rows = [_stuck_row(*row) for row in _stuck(user)]
        yield Card("People are stuck", rows, Priority.WAITING, ("Show all", more))
    if "unanswered" in found:
        rows = [_unanswered_row(*row) for row in _unanswered(user)]
        more = f"{reverse('onboarding:questions')}#unanswered"
        yield Card("Unanswered questions", rows, Priority.WAITING, ("Show all", more))
    if found & FIXES:
        yield _improve(to_fix(user))
    if user.has_perm("onboarding.view_progress") and (trend := remembered_trend()):
        yield _learning(*trend)


def welcome(user) -> str:
    """Guides come first for whom some wait; the very first time only."""
    waits = waiting(user, **asked_since(user)) & {"tour", "open"}
    return reverse("onboarding:guides") if waits else ""


def _reads_guides(user) -> bool:
    return user.has_perm("onboarding.view_guide")


def _offer(tour: Guide) -> Card:
    return Card(
        str(tour),
        priority=Priority.WAITING,
        template="onboarding/_tour_card.html",
        context={"tour": tour},
        is_task=False,
    )


def _to_follow(user, at) -> Card:
    rows = guide_rows(mine(user, on=localdate(at), limit=SHOWN), user)
    return Card("Your guides", rows, Priority.WAITING, ("All guides", reverse("onboarding:guides")))


def _answers_of(user) -> QuerySet:
    rows = StuckReport.objects.unread_of_current(user).order_by("created_at", "pk")
    about = ("guide__slug", "key", "step_title", "text", "answer", "answered_at")
    return rows.values_list("pk", "guide__title", *about)[:SHOWN]


def _answer_row(pk, guide, slug, key, step, text, answer, at) -> Row:
    about = f" the answer to “{_short(text, 60)}”"
    act = Act("Read", reverse("onboarding:read-answer", args=[pk]), about, is_post=True)
    address = reverse("onboarding:step", args=[slug, key]) + "#stuck"
    line = f"You were stuck at “{step}” of {guide}"
    return Row(address, _short(answer, 90), line, act, when=day_of(at))


def _stuck_of(user) -> QuerySet:
    names = ("name", "first_name", "last_name", "username")
    about = ("guide__title", "step_title", "text", "created_at")
    rows = StuckReport.objects.for_owner(user)
    return rows.values_list("pk", *about, *(f"user__{name}" for name in names))[:SHOWN]


def _stuck_row(pk, guide, step, text, at, *names) -> Row:
    address, who = reverse("onboarding:stuck-report", args=[pk]), _name(*names)
    line = f"{who} at “{step}” of {guide}" if who else f"“{step}” of {guide}"
    act = Act("Answer", address, f": {_short(text, 60)}")
    return Row(address, _short(text, 90), line, act, when=f"since {day_of(at)}")


def _unanswered_of(user) -> QuerySet:
    rows = AskedQuestion.objects.for_owner(user)
    return rows.values_list("pk", "text", "topic", "asked_at")[:SHOWN]


def _unanswered_row(pk, text, topic, at) -> Row:
    address = f"{reverse('onboarding:questions')}#asked-{pk}"
    act = Act("Answer", address, f": {_short(text, 60)}")
    return Row(address, _short(text, 90), topic, act, when=f"since {day_of(at)}")


def _name(name, first, last, username) -> str:
    user = User(name=name, first_name=first, last_name=last, username=username)
    return user.display_name if username else ""


def _tours_of(user, **since) -> QuerySet:
    return Guide.objects.tours_for(user, Assignment.objects.asking(user, **since))[:1]


_tours = PreparedRows(Guide, _tours_of)
_answers, _stuck = PreparedFor(_answers_of), PreparedFor(_stuck_of)
_unanswered = PreparedFor(_unanswered_of)


def _improve(found: "Iterable[Fix]") -> Card:
    rows = [
        Row(each.address, each.said, each.line, Act("Fix", each.address, f": {each.said}"))
        for each in found
    ]
    return Card("Guides to improve", rows, Priority.WAITING, is_counted=False)


def _learning(line, weeks) -> Card:
    """How the completion rate of guides moves, for team leads."""
    return Card(
        "Guide analytics",
        priority=Priority.LOOK,
        template="onboarding/_learning_card.html",
        context={"line": line, "weeks": weeks},
        styles=("figures.css",),
        is_task=False,
    )


def _short(text: str, most: int) -> str:
    return Truncator(text).chars(most)


@dataclass(frozen=True)
class Fix:
    """So many of one kind, and one of them by name."""

    count: int
    said: str
    first: str
    address: str

    @property
    def line(self) -> str:
        return f"{self.first} and {self.count - 1} more" if self.count > 1 else self.first


def to_fix(user) -> list[Fix]:
    """Of this person's teams, in one query; none for those who do not write."""
    kinds = dict(_kinds(user))
    if not kinds:
        return []
    columns: list = []
    for rows, title, *_ in kinds.values():
        columns += [_how_many(rows), Subquery(rows.order_by("pk").values(title)[:1])]
    found = User.objects.filter(pk=user.pk).values_list(*columns)[0]
    lines = zip(kinds.values(), found[::2], found[1::2], strict=True)
    return [
        Fix(count, one if count == 1 else many.format(count), first, address)
        for (_, _, one, many, address), count, first in lines
        if count
    ]


def _kinds(user) -> Iterator[tuple[str, tuple]]:
    """Name -> rows, the field of their title, words for one and for many, where they stand."""
    if not user.is_staff:
        return
    if user.has_perm("onboarding.change_question"):
        rows = Question.objects.visible(user).filter(is_published=True).unhelpful().owned_by(user)
        address = f"{reverse('admin:onboarding_question_changelist')}?state=mine"
        words = ("An answer was rated not helpful", "{} answers were rated not helpful")
        yield "to_fix_answers", (rows, "question", *words, address)
    if user.has_perm("onboarding.change_guide"):
        rows = Guide.objects.current().flagged().owned_by(user)
        address = f"{reverse('admin:onboarding_guide_changelist')}?attention=my_pictures"
        words = ("A guide has pictures to fix", "{} guides have pictures to fix")
        yield "to_fix_pictures", (rows, "title", *words, address)
    if user.has_perm("onboarding.publish_guide"):
        rows = Guide.objects.changed().filter(owner__in=Team.objects.of(user).values("pk"))
        address = f"{reverse('admin:onboarding_guide_changelist')}?standing=changed"
        words = ("A guide has changes to publish", "{} guides have changes to publish")
        yield "to_fix_changes", (rows, "title", *words, address)


def _how_many(rows) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one")
    counted = one.annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
