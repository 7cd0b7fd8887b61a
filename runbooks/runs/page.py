"""Everything that the page of a run shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.core.markdown.beside import contents, filled_whole
from portal.core.markdown.substitution import (
    Filled,
    fill_command,
    fill_html,
    fill_text,
    fill_words,
    only_code,
    variable_of,
)
from runbooks.documents.status import step_status
from runbooks.models import Entry, EntryKind, Image, Run, RunState, RunStep, StepState, Version
from runbooks.models.entries import message_to

from .forms import EndForm, HandOverForm
from .rows import Pictures, entries_of, pictures_of, rollbacks_of, steps_of
from .statistics import identities, seconds, usual_times

LATEST = 200

BARS: dict[str, str] = {
    StepState.DONE: "done",
    StepState.FAILED: "fail",
    StepState.SKIPPED: "skip-s",
}


@dataclass
class Line:
    """One step: what became of it, and what the text says."""

    step: RunStep
    text: dict
    title: str
    usual: timedelta | None = None
    images: list[Image] = field(default_factory=list)

    title_html: Filled | None = None  # of a title with code in it

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def title_command(self) -> str:
        """The command that the title itself is; none where the text has blocks to copy."""
        return only_code(self.text.get("title_html", "")) if not self.text["commands"] else ""


class RunPage:
    """A run as one person sees it, at the step they chose or at the one that is next."""

    def __init__(self, run: Run, *, user, step: int | None = None, most=LATEST, now: datetime):
        self.run, self.user, self.most, self.now = run, user, most, now
        usual = usual_times(run.runbook)
        texts = {text["number"]: text for text in run.version.steps}
        steps = steps_of(run)
        named = zip(identities(step.title for step in steps), steps, strict=True)
        self.lines = [
            self._lined(step, texts[step.number], usual.get(identity)) for identity, step in named
        ]
        self.shown = self._line(step) or self.next_line or self.lines[-1]

    def _lined(self, step: RunStep, text: dict, usual: timedelta | None) -> Line:
        html = text.get("title_html")  # older versions have none
        filled = fill_html(html, [], self.values) if html else None
        images = self.pictures.by_step.get(step.pk, [])
        title = fill_text(step.title, self.values)
        return Line(step, text, title, usual, images, title_html=filled)

    @cached_property
    def pictures(self) -> Pictures:
        return pictures_of(self.run)

    def _line(self, number: int | None) -> Line | None:
        return next((line for line in self.lines if line.number == number), None)

    @cached_property
    def bar(self) -> list[str]:
        """What each step looks like in the bar: done, fail, skip-s, now or nothing."""
        return [BARS.get(StepState(line.step.state), self._now(line)) for line in self.lines]

    def _now(self, line: Line) -> str:
        return "now" if line.number == self.shown.number and self.run.is_running else ""

    @property
    def bar_in_words(self) -> str:
        pairs = ((line.number, step_status(line.step.state, self.run)) for line in self.lines)
        return ", ".join(f"{number} {status.word.lower()}" for number, status in pairs)

    @cached_property
    def may_follow(self) -> bool:
        """Whether this person has its buttons: all but notes wait while it is rolled back."""
        may = self.run.is_running and self.user.has_perm("runbooks.change_run")
        return may and self.rolled_back_by is None

    @cached_property
    def next_line(self) -> Line | None:
        """The first step that is not settled."""
        left = (StepState.OPEN, StepState.WAITING, StepState.FAILED)
        return next((line for line in self.lines if line.step.state in left), None)

    @cached_property
    def following(self) -> Line | None:
        return self._line(self.shown.number + 1)

    @cached_property
    def is_all_settled(self) -> bool:
        return self.next_line is None

    @cached_property
    def usual_total(self) -> timedelta | None:
        """How long it takes as a rule, where that is known of every step."""
        times = [line.usual for line in self.lines if line.usual]
        return sum(times, timedelta()) if len(times) == len(self.lines) else None

    @cached_property
    def gate(self) -> RunStep | None:
        """The earlier step that has to be checked or confirmed before the shown one."""
        return next((line.step for line in self.lines if self._blocks(line.step)), None)

    def _blocks(self, step: RunStep) -> bool:
        asks = step.asks_check or step.asks_second
        settled = step.state in (StepState.DONE, StepState.SKIPPED)
        return step.number < self.shown.number and asks and not settled

    @cached_property
    def rollbacks(self) -> list:
        """What to follow to go back, once something failed or was deployed."""
        if not self.user.has_perm("runbooks.add_run") or not self.run.may_be_taken_back():
            return []
        return self.run.rollback_runbooks(self.user)

    @property
    def carries(self) -> bool:
        """Whether any of these takes over a value of this run."""
        return any(self.run.carried_to(runbook) for runbook in self.rollbacks)

    @property
    def lacks_rollback(self) -> bool:
        """Whether something failed and nobody wrote how to go back."""
        if not self.may_follow or self.run.is_taken_back():
            return False
        return not self.run.rollback_runbooks(self.user)

    @property
    def is_bad(self) -> bool:
        """Whether going back is urgent."""
        return self.run.state != RunState.SUCCEEDED

    @cached_property
    def hand_over_form(self) -> HandOverForm:
        return HandOverForm()

    @cached_property
    def end_form(self) -> EndForm:
        return EndForm()

    @property
    def has_refused_form(self) -> bool:
        return bool(self.hand_over_form.errors or self.end_form.errors)

    @cached_property
    def handed_over(self) -> tuple[Entry, str] | None:
        """How this person came to lead it, with what they were told; None once they did something.

        Nor of who began it or took the lead themselves.
        """
        if not self.run.is_running or self.run.holder_id != self.user.pk:
            return None
        of_both = (e for e in self.entries if e.kind == EntryKind.HANDED_OVER or self._by_me(e))
        newest = next(of_both, None)
        if newest is None or self._by_me(newest):
            return None
        return newest, message_to(self.user, newest.text)

    def _by_me(self, entry: Entry) -> bool:
        return entry.by_id == self.user.pk

    @cached_property
    def taken_back_by(self) -> list[Run]:
        """The runs that take this one back, the newest first."""
        return rollbacks_of(self.run)

    @cached_property
    def rolled_back_by(self) -> Run | None:
        """The rollback of it that goes on now."""
        return next((run for run in self.taken_back_by if run.is_running), None)

    @cached_property
    def newer(self) -> int | None:
        """The number of the version that readers see now, if it is another."""
        published = self.run.runbook.published
        other = published is not None and published.pk != self.run.version_id
        return published.number if other else None

    @cached_property
    def values(self) -> dict[str, str | None]:
        """The value of each declared name; None for a secret, which nobody here knows."""
        kept = self.run.parameters
        return {
            each["name"]: None if each["secret"] else kept.get(each["name"], "")
            for each in self.run.version.parameters
        }

    @cached_property
    def secrets(self) -> list[dict]:
        """The secret parameters, each with the shell variable that its commands read."""
        secret = (each for each in self.run.version.parameters if each["secret"])
        return [{**each, "variable": variable_of(each["name"])} for each in secret]

    @cached_property
    def asks_secret(self) -> bool:
        """Whether the shown step uses a value that only its reader knows."""
        title = self.shown.title_html
        used = self.filled.html + (title.html if title else "")
        return any(f'data-param="{each["name"]}"' in used for each in self.secrets)

    @cached_property
    def filled(self) -> Filled:
        """The shown step with the values in place."""
        text = self.shown.text
        return fill_html(text["html"], text["commands"], self.values)

    @property
    def whole(self) -> Filled:
        """The whole text that this run follows, with the values in place."""
        return filled_whole(self._version.html, self.values)

    @property
    def contents(self) -> list[dict]:
        """Its sections, as `whole` has them."""
        return contents(self._version.toc)

    @cached_property
    def _version(self) -> Version:
        """The version, with what only the panel shows read in one query."""
        version = self.run.version
        missing = version.get_deferred_fields().intersection(("html", "toc"))
        if missing:
            version.refresh_from_db(fields=missing)
        return version

    @cached_property
    def entries(self) -> list[Entry]:
        """The log, the newest first."""
        return entries_of(self.run, self.most)

    @property
    def log(self) -> list[tuple[Entry, list[Image]]]:
        """Each line of the log with what was taken then."""
        return [(entry, self.pictures.by_entry.get(entry.pk, [])) for entry in self.entries]

    @cached_property
    def steps_html(self) -> SafeString:
        """The list of the steps: it stands on the page twice, and is written once."""
        return render_to_string("runbooks/_run_steps.html", {"page": self, "run": self.run})

    @property
    def has_older_entries(self) -> bool:
        return len(self.entries) == self.most and self.run.entries.count() > len(self.entries)

    @cached_property
    def typed(self) -> str:
        """What this person typed for the shown step and has not sent."""
        note = self.shown.step.typed.filter(user=self.user).first()
        return note.text if note else ""


def filled_steps(run: Run) -> list[dict]:
    """The steps of a run for programs: state, text, commands with the values in place."""
    values = {
        each["name"]: None if each["secret"] else run.parameters.get(each["name"], "")
        for each in run.version.parameters
    }
    texts = {text["number"]: text for text in run.version.steps}
    usual = usual_times(run.runbook, before=run.started_at)
    confirmed = dict(
        run.entries.filter(kind=EntryKind.CONFIRMED).order_by("pk").values_list("step", "by_name")
    )
    steps = list(run.steps.select_related("by", "confirmed_by").order_by("number"))
    named = zip(identities(step.title for step in steps), steps, strict=True)
    return [
        {
            **_step(step, texts[step.number], values),
            "confirmed_by": confirmed.get(step.pk) if step.confirmed_by_id else None,
            "confirmed_by_user": step.confirmed_by.username if step.confirmed_by else None,
            "usual": seconds(usual.get(identity)),
        }
        for identity, step in named
    ]


def _step(step: RunStep, text: dict, values) -> dict:
    return {
        "number": step.number,
        "title": fill_text(step.title, values),
        "state": step.state,
        "by": step.by_name or None,
        "by_user": step.by.username if step.by else None,
        "opened_at": step.opened_at,
        "ended_at": step.ended_at,
        "note": step.note,
        "check": step.asks_check,
        "second_person": step.asks_second,
        "text": fill_words(text["text"], text["commands"], values),
        "commands": [
            {
                "language": command["language"],
                "text": fill_command(command["text"], command["language"], values)[0],
                "alternative": command.get("alternative", ""),
            }
            for command in text["commands"]
        ],
    }
