"""What people are told about runbooks, their versions and their runs.

Each message has a key, so that telling again tells nobody twice. It is queued in the transaction of
the verb that calls, and sent by the engine.
"""

from typing import Any

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.notifications.models import Kind
from portal.notifications.notices import WATCHED, Concerned, tell

OURS = "runbooks-"  # what the key of each message begins with
READ, DRAFTS = "runbooks.view_runbook", "runbooks.view_version"
RUNS_READ = "runbooks.view_run"
APPROVE, PUBLISH = "runbooks.approve_version", "runbooks.publish_version"
REVIEWS = Kind("runbooks-reviews", "A draft waits for your review", permission=APPROVE)
DECISIONS = Kind(
    "runbooks-decisions",
    "Your draft was approved, sent back or published",
    permission="runbooks.add_version",
)
ASKED = Kind(
    "runbooks-asked",
    "A runbook of your team needs a review: it did not help, or a run failed",
    for_teams=True,
    team_label="A runbook of the team needs a review: it did not help, or a run failed",
)
OWNED = Kind(
    "runbooks-owned",
    "A runbook of your team was published, archived or merged",
    for_teams=True,
    team_label="A runbook of the team was published, archived or merged",
)
RUNS = Kind(
    "runbooks-runs",
    "A run was handed over to you, or a step of yours was confirmed",
    permission="runbooks.change_run",
)
DEPLOYED = Kind(
    "runbooks-deployed",
    "A deployment or a rollback of a service that you watch ended",
    permission=RUNS_READ,
    for_teams=True,
    team_label="A deployment or a rollback of a service of the team ended",
)
TITLE = "Runbooks and runs"
KINDS = (REVIEWS, DECISIONS, ASKED, OWNED, RUNS, DEPLOYED)
DEPLOYMENTS = ("deployment", "rollback")


# Versions


def submitted(version, *, by) -> None:
    """Tell approvers of the owner team; all of them where the team has none."""
    text = f"{_name(by)} asks for a review of {_version(version)}.\n\n{_quoted(version.note)}"
    subject, concerned = f"To review: {version.runbook}", [(REVIEWS, _able(version, APPROVE))]
    _tell(
        version,
        "submitted",
        subject,
        f"{text}Review: {absolute(version.review_url)}",
        concerned,
        by,
    )


def approved(version, *, by) -> None:
    """Tell its author; and those who publish, where who approved may not."""
    text = f"{_name(by)} approved {_version(version)}.\n\n{_quoted(version.review_note)}"
    text += f"Publish: {absolute(version.get_absolute_url())}"
    concerned = [(DECISIONS, [version.author])]
    if not by.has_perm(PUBLISH):
        concerned.append((REVIEWS, _able(version, PUBLISH)))
    _tell(version, "approved", f"Approved: {version.runbook}", text, concerned, by)


def restored(version, *, by) -> None:
    """Tell those who publish that an approved text is back, if who restored it may not."""
    text = f"{_name(by)} restored {_version(version)}, a text that was approved before.\n\n"
    text += f"Publish: {absolute(version.get_absolute_url())}"
    concerned = [] if by.has_perm(PUBLISH) else [(REVIEWS, _able(version, PUBLISH))]
    _tell(version, "restored", f"To publish: {version.runbook}", text, concerned, by)


def rejected(version, *, by) -> None:
    text = f"{_name(by)} sent {_version(version)} back.\n\n{_quoted(version.review_note)}"
    text += f"Edit: {absolute(version.get_absolute_url())}"
    concerned = [(DECISIONS, [version.author])]
    _tell(version, "rejected", f"Sent back: {version.runbook}", text, concerned, by)


def published(version, *, by) -> None:
    """Tell who wrote and reviewed it, the owner team, and who watches it."""
    runbook = version.runbook
    text = f"Readers see {_version(version)} from now on.\n\n{_quoted(version.note)}"
    text += f"Read: {absolute(runbook.get_absolute_url())}"
    writers = (DECISIONS, [version.author, version.reviewer])
    concerned = [(OWNED, _team(runbook)), (WATCHED, _watchers(runbook)), writers]
    key, teams = f"published-{version.pk}", [runbook.owner_id]
    _post(key, f"Published: {runbook}", text, concerned, by, teams=teams)


def adopted(version, *, by) -> None:
    """Tell who watches it that files changed it: an import is no news for a team of its own."""
    text = f"Readers see {_version(version)} from now on, as its file has it.\n\n"
    text += f"Read: {absolute(version.runbook.get_absolute_url())}"
    concerned = [(WATCHED, _watchers(version.runbook))]
    _tell(version, "published", f"Published: {version.runbook}", text, concerned, by)


# Runbooks


def archived(runbook, *, by) -> None:
    _changed(runbook, "Archived", f"{_name(by)} archived “{runbook}”: it is in no list.", by)


def unarchived(runbook, *, by) -> None:
    _changed(runbook, "Unarchived", f"“{runbook}” is in lists and search again.", by)


def merged(runbook, other, *, by) -> None:
    said = f"{_name(by)} merged “{runbook}” into “{other}”: its address and alerts lead there."
    _changed(runbook, "Merged", said, by)


def confirmed_review(runbook, *, by) -> None:
    text = f"{_name(by)} read “{runbook}” and found it still true."
    key, where = f"reviewed-{runbook.pk}-{runbook.revision}", absolute(runbook.get_absolute_url())
    concerned = [(WATCHED, _watchers(runbook))]
    _post(key, f"Reviewed: {runbook}", f"{text}\n\nRead: {where}", concerned, by)


def review_asked(runbook, reason: str, *, event: str, by) -> None:
    """Tell the owner team and its address; where there is nobody, who wrote what readers see."""
    text = f"“{runbook}” needs a review.\n\n{_quoted(reason)}"
    text += f"Review: {absolute(runbook.get_absolute_url())}"
    owner: list[User | str] = list(_team(runbook))
    owner += [runbook.owner.email] if runbook.owner and runbook.owner.email else []
    if not owner and runbook.published_id:
        owner = [runbook.published.author]
    concerned = [(ASKED, owner), (WATCHED, _watchers(runbook))]
    key, teams = f"asked-{runbook.pk}-{event}", [runbook.owner_id]
    _post(key, f"Needs a review: {runbook}", text, concerned, by, teams=teams)


def _changed(runbook, what: str, said: str, by) -> None:
    key = f"{what.split()[0].lower()}-{runbook.pk}-{runbook.revision}"
    text = f"{said}\n\nRead: {absolute(runbook.get_absolute_url())}"
    concerned = [(OWNED, _team(runbook)), (WATCHED, _watchers(runbook))]
    teams = [runbook.owner_id] if runbook.published_id else None  # drafts are not for everybody
    _post(key, f"{what}: {runbook}", text, concerned, by, teams=teams)


# Runs


def handed_over(run, entry, *, to, note: str) -> None:
    """Tell who leads the run now; whoever took the lead themselves knows it."""
    what = ", ".join(filter(None, (str(run.runbook), run.environment, run.release)))
    text = f"{entry.by_name or 'Somebody'} handed over run {run.pk} to you: {what}.\n\n"
    text += f"{note}\n\n" if note else ""
    text += f"Continue: {absolute(run.get_absolute_url())}"
    subject = f"Handed over to you: {what}"
    _post(f"handed-over-{entry.pk}", subject, text, [(RUNS, [to])], entry.by)


def confirmed(run, step, entry) -> None:
    """Tell who did a step that a second person agreed."""
    text = f"{entry.by_name} confirmed step {step.number}, “{step.title}”, of run {run.pk}.\n\n"
    text += f"{_quoted(entry.text)}Continue: {absolute(run.get_absolute_url())}"
    subject = f"Confirmed: step {step.number} of {run.runbook}"
    _post(f"confirmed-{entry.pk}", subject, text, [(RUNS, [step.by])], entry.by)


def deployed(run, *, by) -> None:
    """Tell who watches a service, and its team's channels, that a deployment of it ended."""
    if run.kind not in DEPLOYMENTS or run.service_id is None:
        return
    where = f" in {run.environment}" if run.environment else ""
    what = " ".join(filter(None, (str(run.service), run.release))) + where
    ended = f"{run.kind.title()} {run.get_state_display().lower()}"
    text = f"{_name(by)} ended run {run.pk} of “{run.runbook}”: {ended}.\n\n{_quoted(run.outcome)}"
    text += f"Read: {absolute(run.get_absolute_url())}"
    watchers = User.objects.who_may(RUNS_READ).filter(watched_services=run.service_id)
    concerned = [(DEPLOYED, watchers)]
    teams = [run.service.owner_id]
    _post(f"deployed-{run.pk}", f"{ended}: {what}", text, concerned, by, teams=teams)


def watched(user):
    return user.watched_runbooks.visible(user).only("slug", "title")


# To whom, and in which words


def _able(version, permission: str):
    """Who may do that: people of the owner team but its author; without any, all others."""
    able = User.objects.who_may(permission).exclude(pk=version.author_id or 0)
    of_team = able.filter(teams=version.runbook.owner_id or 0)
    return list(of_team) or list(able)


def _team(runbook):
    return _readers(runbook).filter(teams=runbook.owner_id or 0)


def _watchers(runbook):
    return _readers(runbook).filter(watched_runbooks=runbook)


def _readers(runbook):
    """Who may know of it: what was never published is for those who see drafts."""
    return User.objects.who_may(READ if runbook.published_id else DRAFTS)


def _tell(version, what: str, subject: str, text: str, concerned: Concerned, by) -> None:
    _post(f"{what}-{version.pk}", subject, text, concerned, by)


def _post(key: str, subject: str, text: str, concerned: Concerned, by, **more: Any) -> None:
    tell(key=f"{OURS}{key}", subject=subject, text=text, concerned=concerned, by=by, **more)


def _name(user: User | None) -> str:
    return user.display_name if user else "Somebody"


def _version(version) -> str:
    return f"v{version.number} of “{version.runbook}”"


def _quoted(text: str) -> str:
    return f"“{text.strip()}”\n\n" if text.strip() else ""
