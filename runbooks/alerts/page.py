"""What the page of an alert shows that no runbook answers: what helps whoever was called by it."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.models import AlertName, Gap, Runbook, Version

from .nearest import by_words, is_same, nearest

LONGEST = 200
TEAMS, SERVICES = 3, 3
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(alert: str) -> str:
    """KubePodCrashLooping, “kube pod crash looping”."""
    words = (
        word if word.isupper() and len(word) > 1 else word.lower() for word in WORD.findall(alert)
    )
    return " ".join(words) or alert


def title_of(alert: str) -> str:
    """A title for the runbook of an alert: “Kube pod crash looping”."""
    text = words_of(alert)
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class AlertPage:
    """The nearest runbooks, whom to call, and a draft that answers it, as a person may see it."""

    name: str
    user: object
    draft_of: Runbook | None  # that answers it, and that readers do not see yet

    @property
    def is_name(self) -> bool:
        """Whether an alert can be called so."""
        return AlertName.allows(self.name)

    @cached_property
    def gap(self) -> Gap | None:
        """Its line among the alerts without a runbook, or among those that were dismissed."""
        rows = Gap.objects.unanswered().select_related("dismissed_by")
        return None if self.draft_of else rows.filter(name=self.name).first()

    @property
    def words(self) -> str:
        return words_of(self.name)[:LONGEST]

    @cached_property
    def near(self) -> list[Runbook]:
        found = nearest(self.name[:LONGEST], user=self.user)
        found = [runbook for runbook in found if runbook != self.draft_of]
        prefetch_related_objects(found, "owner", "services__owner", "alerts")
        return found

    @property
    def likely(self) -> Runbook | None:
        """The first that can be followed and answers an alert whose name says the same."""
        return next((each for each in self.near if each.invites_run and self._answers(each)), None)

    def _answers(self, runbook: Runbook) -> bool:
        return any(is_same(self.name, alert.name) for alert in runbook.alerts.all())

    @cached_property
    def draft(self) -> Version | None:
        return self.draft_of.newest if self.draft_of else None

    @property
    def teams(self) -> list[tuple[Team, object]]:
        """Whom to call, each with what they own: the nearest runbooks first, then services."""
        found: dict[Team, object] = {}
        owning: list[Runbook | Service] = [self.draft_of] if self.draft_of else []
        for owned in [*owning, *self.near, *self._services()]:
            if owned.owner:
                found.setdefault(owned.owner, owned)
        return list(found.items())[:TEAMS]

    def _services(self) -> list[Service]:
        """Those of the nearest runbooks, and those with the words of the alert."""
        of_runbooks = [service for runbook in self.near for service in runbook.services.all()]
        keys = by_words(self.name[:LONGEST], self.user, kind="service")[:SERVICES]
        rows = Service.objects.visible(self.user).select_related("owner").in_bulk(keys)
        return [*of_runbooks, *(rows[key] for key in keys if key in rows)]
