"""What people are told: somebody is stuck, an answer, an assignment, its last days, a new version.

Each message has a key, so that telling again tells nobody twice. It is queued in the transaction of
the verb that calls, and sent by the engine.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts.models import Team, User
from portal.core.web.address import absolute
from portal.notifications.models import Delivery, Kind
from portal.notifications.notices import WATCHED, Concerned, tell

OURS = "onboarding-"  # what the key of each message begins with
ASKED = Kind("onboarding-asked", "You are asked to follow a guide, and its last days")
ANSWERED = Kind("onboarding-answered", "You were stuck, and somebody answered")
STUCK = Kind(
    "onboarding-stuck",
    "Somebody is stuck in a guide of your team",
    permission="onboarding.change_stuckreport",
)
UNHELPFUL = Kind(
    "onboarding-unhelpful",
    "An answer of your team did not help",
    permission="onboarding.change_question",
)
QUESTIONS = Kind(
    "onboarding-questions",
    "A reader asks a question that you may answer",
    permission="onboarding.change_askedquestion",
)
REPLIED = Kind("onboarding-replied", "Your question was answered")
OWNED = Kind("onboarding-owned", "A guide of your team was published or archived")
TITLE = "Guides and questions"
KINDS = (ASKED, ANSWERED, REPLIED, STUCK, QUESTIONS, UNHELPFUL, OWNED)
REMIND_BEFORE = timedelta(days=3)  # of the last day; from then on pages warn, too
REMINDERS = {
    "soon": ("Due on {day}: {guide}", "You are asked to finish “{guide}” by {day}."),
    "today": ("Due today: {guide}", "You are asked to finish “{guide}” today."),
    "late": ("Late: {guide}", "You were asked to finish “{guide}” by {day}."),
}
MOST_TOLD = 20  # of a question whose topic no team owns
CONTINUE = "Your progress is saved. If a step does not work, press “I'm stuck”."


def stuck(report) -> None:
    """Tell those who keep the guide, and their team's address."""
    text = (
        f"{_name(report.user)} is stuck at “{report.step_title}” of “{report.guide}”, "
        f"version {report.version.number}:\n\n{report.text}\n\n"
        f"Answer: {absolute(report.get_absolute_url())}\n"
    )
    subject = f"Stuck: {report.guide}, {report.step_title}"
    _post(f"stuck-{report.pk}", subject, text, [(STUCK, _keepers(report))], report.user)


def _keepers(report) -> list[User | str]:
    """The owners who may answer and the team's address; without any, who published the version."""
    owner = report.guide.owner
    if owner is None:
        return [report.version.by] if report.version.by else []
    return _team(owner, "onboarding.change_stuckreport")


def _team(owner: Team | None, permission: str) -> list[User | str]:
    """The people of a team who may do that, and its address."""
    if owner is None:
        return []
    people: list[User | str] = list(User.objects.who_may(permission).filter(teams=owner))
    return people + ([owner.email] if _is_address(owner.email) else [])


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def answered(report) -> None:
    """Tell who was stuck; whoever was forgotten or closed their own hears nothing."""
    if report.user is None or report.user == report.answered_by:
        return
    said = report.answer or "It was closed without further words."
    text = (
        f"You were stuck at “{report.step_title}” of “{report.guide}”:\n\n{report.text}\n\n"
        f"{_name(report.answered_by)} says:\n\n{said}\n\n"
        f"Continue: {absolute(report.step_url)}\n"
    )
    subject = f"Answered: {report.guide}, {report.step_title}"
    concerned = [(ANSWERED, [report.user])]
    _post(f"answered-{report.pk}", subject, text, concerned, report.answered_by)


def asked(row) -> None:
    """Tell those who write answers of a topic that a reader asks something."""
    text = (
        f"{_name(row.user)} asks under “{row.topic}”:\n\n{row.text}\n\n"
        f"Answer: {absolute(row.get_absolute_url())}\n"
    )
    concerned = [(QUESTIONS, _answerers(row))]
    _post(f"asked-{row.pk}", f"Question: {row.text}", text, concerned, row.user)


def _answerers(row) -> list[User | str]:
    """Of the team of the topic, and its address; without a team some of those who may."""
    people = User.objects.who_may("onboarding.change_askedquestion").exclude(pk=row.user_id)
    if row.owner is None:
        return list(people.order_by("pk")[:MOST_TOLD])
    told: list[User | str] = list(people.filter(teams=row.owner))
    return told + ([row.owner.email] if _is_address(row.owner.email) else [])


def question_answered(row, *, by) -> None:
    """Tell who asked, unless they answered it themselves or were forgotten."""
    if row.user is None or row.user == by:
        return
    text = (
        f"You asked:\n\n{row.text}\n\n{_name(by)} answered it for everybody:\n\n"
        f"{row.question.answer}\n\n{absolute(row.question.get_absolute_url())}\n"
    )
    concerned = [(REPLIED, [row.user])]
    _post(f"question-answered-{row.pk}", f"Answered: {row.text}", text, concerned, by)


def _name(user: User | None) -> str:
    return user.display_name if user else "Somebody"


def published(version, *, by) -> None:
    """Tell the owner team and who watches it; of an import by nobody only the latter."""
    guide = version.guide
    text = f"“{guide}” has a new version, v{version.number}: who begins now follows it.\n\n"
    text += f"“{version.note}”\n\n" if version.note else ""
    _changed(guide, f"published-{version.pk}", f"Published: {guide}", text, by)


def archived(guide, *, by) -> None:
    text = f"{_name(by)} archived “{guide}”: nobody begins it any more.\n\n"
    _changed(guide, f"archived-{guide.pk}-{guide.revision}", f"Archived: {guide}", text, by)


def unarchived(guide, *, by) -> None:
    text = f"“{guide}” is in the list of guides again.\n\n"
    _changed(guide, f"back-{guide.pk}-{guide.revision}", f"Unarchived: {guide}", text, by)


def _changed(guide, key: str, subject: str, text: str, by) -> None:
    seen_by = "view_guide" if guide.published_id else "change_guide"
    readers = User.objects.who_may(f"onboarding.{seen_by}")
    owner = readers.filter(teams=guide.owner) if guide.owner_id and by else []
    concerned = [(OWNED, owner), (WATCHED, readers.filter(watched_guides=guide))]
    text += f"Read: {absolute(guide.get_absolute_url())}"
    _post(key, subject, text, concerned, by)


def unhelpful(question, feedback) -> None:
    """Tell the owner team of an answer that it did not help somebody, and once what they missed."""
    text = f"The answer to “{question}” did not help somebody.\n\n"
    text += f"“{feedback.reason}”\n\n" if feedback.reason else ""
    text += f"Read: {absolute(question.get_absolute_url())}"
    concerned = [(UNHELPFUL, _team(question.owner, "onboarding.change_question"))]
    key = f"unhelpful-{feedback.pk}-{question.changed_at:%Y%m%d%H%M%S}"
    key += "-why" if feedback.reason else ""  # pages ask for it after the “No”
    _post(key, f"Did not help: {question}", text, concerned, feedback.user)


def watched(user):
    return user.watched_guides.visible(user).only("slug", "title", "shown_title")


def _post(key: str, subject: str, text: str, concerned: Concerned, by) -> None:
    tell(key=f"{OURS}{key}", subject=subject, text=text, concerned=concerned, by=by)


def assigned(assignment) -> int:
    """Tell those whom it asks now and who were not told, with their day; returns how many."""
    guide, key, told = assignment.guide, f"{OURS}assigned-{assignment.pk}", 0
    for due, people in _unfinished_by_day(assignment, but=_told(key)).items():
        text = (
            f"{_name(assignment.by)} asks you to follow “{guide}”, about {guide.minutes} minutes"
            f"{f', by {_day(due)}' if due else ''}.\n\n{guide.shown_purpose or guide.purpose}"
            f"\n\nBegin: {absolute(guide.get_absolute_url())}\n"
        )
        told += _tell(key, people, f"A guide for you: {guide}", text)
    return told


def day_changed(assignment, *, at: datetime) -> int:
    """Tell those who have not finished that their day changed at this moment; returns how many."""
    guide, told = assignment.guide, 0
    address = absolute(guide.get_absolute_url())
    for due, people in _unfinished_by_day(assignment).items():
        text = f"“{guide}” is due on {_day(due)} now." if due else f"“{guide}” has no due date now."
        subject = f"{f'Due on {_day(due)}' if due else 'No due date'} now: {guide}"
        key = f"{OURS}assigned-{assignment.pk}-{due or 'no-day'}-{at:%Y%m%d%H%M%S}"
        told += _tell(key, people, subject, f"{text} {CONTINUE}\n\n{address}\n")
    return told


def _unfinished_by_day(assignment, *, but: Iterable[int] = ()) -> dict[date | None, list[User]]:
    """The day until which they should finish -> whom it asks and who have not, but not these."""
    left_out = _finished(assignment.guide).union(but)
    found: dict[date | None, list[User]] = {}
    for user in assignment.people():
        if user.pk not in left_out:
            found.setdefault(assignment.due_for(user), []).append(user)
    return found


def _day(due: date) -> str:
    return date_format(due)


def _finished(guide) -> set[int]:
    rows = guide.progress.finished().filter(user__isnull=False)
    return set(rows.values_list("user", flat=True))


def _told(key: str) -> set[int]:
    return set(Delivery.objects.filter(key=key).values_list("recipient", flat=True))


def _tell(key: str, people: Iterable[User], subject: str, text: str) -> int:
    told = _told(key)
    left = [user for user in people if user.pk not in told]
    if left:
        tell(key=key, subject=subject, text=text, concerned=[(ASKED, left)], by=None)
    return len(left)


def remind(guide, *, at: datetime) -> int:
    """Remind those who have not finished: some days before, on the day, and once when late."""
    today, told = timezone.localdate(at), 0
    for (kind, due), people in _by_moment(guide, today, at).items():
        subject, text = REMINDERS[kind]
        words = {"guide": guide, "day": _day(due)}
        body = f"{text.format(**words)} {CONTINUE}\n\n{absolute(guide.get_absolute_url())}\n"
        key = f"{OURS}{kind}-{guide.pk}-{due}"
        told += _tell(key, people, subject.format(**words), body)
    return told


def _by_moment(guide, today: date, at: datetime) -> dict[tuple[str, date], list[User]]:
    """(reminder, day) -> whom it concerns today; of several days of a person the first counts."""
    first: dict[int, tuple[date, date, User]] = {}
    for user, asked_on, due in _dues(guide, at):
        if user.pk not in first or due < first[user.pk][0]:
            first[user.pk] = (due, asked_on, user)
    found: dict[tuple[str, date], list[User]] = {}
    finished = _finished(guide)
    for due, asked_on, user in first.values():
        kind = _kind(due, asked_on, today)
        if kind and user.pk not in finished:
            found.setdefault((kind, due), []).append(user)
    return found


def _kind(due: date, asked_on: date, today: date) -> str:
    """Which reminder fits today; whoever was asked within the last days was told just now."""
    if due < today:
        return "late"
    if due == today:
        return "today"
    return "soon" if asked_on < due - REMIND_BEFORE <= today else ""


def _dues(guide, at: datetime) -> Iterator[tuple[User, date, date]]:
    """(person, asked on, due) for each way in which somebody is asked."""
    rows = guide.assignments.standing()
    for row in rows.filter(user__is_active=True).asking_since(at).select_related("user"):
        yield from _due(row, [row.user])
    for row in rows.filter(user=None):
        yield from _due(row, row.people(at=at))


def _due(row, people: Iterable[User]) -> Iterator[tuple[User, date, date]]:
    for user in people:
        if due := row.due_for(user):
            yield user, timezone.localdate(row.asked_at(user)), due
