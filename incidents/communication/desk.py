"""What the desk shows: whom to tell, when, with which text, what is missing, what was sent."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from incidents.models import (
    AudienceName,
    Clock,
    ClockKind,
    Communication,
    CommunicationTemplate,
    Incident,
    Moment,
    Role,
)
from incidents.models.communication_choices import WHILE_OPEN
from incidents.models.communication_templates import text_for
from incidents.models.communications import audiences_of
from incidents.models.recipients import Recipients, recipients_of
from portal.core.web.status import Status

from . import variables
from .arrival import arrivals
from .forms import MessageForm, values_in
from .previews import Previews, previews_of
from .status import clock_status, status_of

SHOWN_CLOCKS = (ClockKind.NOTICE, ClockKind.UPDATE)
SHOWN = 30
_TEXTS = ("internal_text", "public_text")


class Desk:
    """One message in the making; `draft`: the row that it continues."""

    def __init__(
        self, incident: Incident, user, at: datetime, *, asked, draft: Communication | None = None
    ):
        self.incident, self.user, self.at, self.draft = incident, user, at, draft
        self.audiences = audiences_of(incident)
        self.audience = draft.audience if draft else self._audience(asked.get("to", ""))
        usual = Communication.objects.moment_for(incident, self.audience)
        wanted = draft.moment if draft else asked.get("moment", "")
        self.moment = wanted if wanted in self.moments else usual
        self.template = self._template(asked.get("template", ""))

    def _audience(self, asked: str) -> str:
        if asked in self.audiences or not self.audiences:
            return asked if asked in AudienceName.values else AudienceName.RESPONDERS
        return next(iter(self.awaiting), self.audiences[0])

    @cached_property
    def awaiting(self) -> list[str]:
        """Whose next message is due: they were told before."""
        return Communication.objects.awaiting(self.incident)

    def _template(self, slug: str) -> CommunicationTemplate | None:
        if self.draft:
            return self.draft.template
        rows = CommunicationTemplate.objects.filter(audience=self.audience, moment=self.moment)
        found = rows.filter(slug=slug).first() if slug else None
        return found or CommunicationTemplate.objects.usual(self.audience, self.moment)

    @property
    def moments(self) -> list[str]:
        """Those that fit where the incident stands."""
        return [each for each in Moment if (each in WHILE_OPEN) == self.incident.is_open]

    @cached_property
    def to(self) -> Recipients:
        return recipients_of(self.incident, self.audience)

    def row(self, texts: dict[str, str], values: dict[str, str]) -> Communication:
        """The message as it stands in the form, unsaved."""
        about: dict[str, Any] = {"audience": self.audience, "moment": self.moment}
        row = Communication(incident=self.incident, author=self.user, **about)
        row.subject, row.internal_text, row.public_text = (
            texts["subject"],
            texts["internal_text"],
            texts["public_text"],
        )
        row.values = {name: value for name, value in values.items() if value}
        return row

    def form(self, data=None) -> MessageForm:
        """With a field for each value that the incident does not say itself."""
        source: Any = self.draft or self.template or CommunicationTemplate()
        initial = {name: getattr(source, name) for name in ("subject", *_TEXTS)}
        initial |= {"template": self.template.slug if self.template else ""}
        initial |= {"template_revision": self.template.revision if self.template else None}
        typed = self.draft.values if self.draft else {}
        initial |= {f"value_{name}": value for name, value in typed.items()}
        if self.draft:
            initial["revision"] = self.draft.revision
        texts = {name: initial[name] for name in ("subject", *_TEXTS)}
        if data is not None:
            texts = {name: data.get(name, "") for name in texts}
        sent = values_in(data) if data is not None else [*typed]
        asked, sent_text = self._asked(texts, sent), text_for(self.audience)
        return MessageForm(data, initial=initial, asked=asked, sent_text=sent_text)

    def _asked(self, texts: dict[str, str], sent: list[str]) -> list[str]:
        names = self.row(texts, {}).missing(self.at)
        known = [name for name in (*names, *sent) if name in variables.VARIABLES]
        return list(dict.fromkeys(known))

    def context(self, form: MessageForm) -> dict[str, Any]:
        """For the page."""
        row = self.row(form.texts, form.values)
        return {
            "desk": self,
            "form": form,
            "incident": self.incident,
            "row": row,
            "missing": [variables.label_of(name) for name in row.missing(self.at)],
            "facts": self._facts(row),
            "previews": self._previews(row),
            "refusals": list(_refusals(row)),
            "may_send": row.may_send(self.user),
            "commander": self.incident.holder(Role.COMMANDER),
            "clocks": self.clocks,
            **history_of(self.incident),
            "waiting": self.waiting,
        }

    def _facts(self, row: Communication) -> list[tuple[str, str]]:
        known = row.known(self.at)
        used = variables.used(row.subject, row.internal_text, row.public_text)
        return [(variables.label_of(name), known[name]) for name in used if known.get(name)]

    def _previews(self, row: Communication) -> Previews:
        return previews_of(row, self.to, self.at)

    @cached_property
    def clocks(self) -> list[tuple[Clock, Status, str]]:
        """The newest of each kind that communications meet, and how long it has."""
        rows = self.incident.clocks.filter(kind__in=SHOWN_CLOCKS).order_by("started_at", "pk")
        newest = {each.kind: each for each in rows}
        return [
            (each, clock_status(each.state(self.at)), _left(each.due_at - self.at))
            for each in newest.values()
        ]

    @cached_property
    def waiting(self) -> list[str]:
        """The audiences that nobody has told anything yet."""
        sent = self.incident.communications.sent().values_list("audience", flat=True)
        told = {*sent}
        return [AudienceName(each).label for each in self.audiences if each not in told]

    @property
    def audience_links(self) -> list[tuple[str, str]]:
        return [(each, AudienceName(each).label) for each in self.audiences]

    @property
    def moment_links(self) -> list[tuple[str, str]]:
        return [(each, Moment(each).label) for each in self.moments]

    @property
    def audience_label(self) -> str:
        return AudienceName(self.audience).label


def history_of(incident: Incident) -> dict[str, Any]:
    """What was written, the newest first, with how much of it arrived."""
    rows = list(incident.communications.newest_first().select_related("author", "approver")[:SHOWN])
    arrived = arrivals(rows)
    return {"history": [(row, status_of(row), arrived[row.pk].status) for row in rows]}


def _left(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"in {minutes} min" if minutes >= 0 else f"{-minutes} min ago"


def _refusals(row: Communication):
    for name, is_public in (("internal_text", False), ("public_text", True)):
        if said := variables.refusal_of_names(getattr(row, name), is_public=is_public):
            yield said
