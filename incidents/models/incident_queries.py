"""Finding incidents."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from .choices import OVER
from .entries import Entry
from .escalations import Escalation
from .joined import AffectedService, IncidentAlert
from .participants import Participant
from .severities import MAJOR

READ = "incidents.view_incident"
RESTRICTED = "incidents.view_restricted_incident"
LOOKED_UP = 1000  # entries
COMPARED = 200  # alerts, and affected services, of others


class IncidentQuerySet(models.QuerySet):
    def visible(self, user):
        """All that this person may see. What is restricted exists for nobody else."""
        if not user.has_perm(READ):
            return self.none()
        if user.has_perm(RESTRICTED):
            return self
        own = Participant.objects.filter(person=user).values("incident")
        return self.filter(Q(is_restricted=False) | Q(pk__in=own))

    def naming_merged(self, user):
        """With `merged_seen`, the number of what each was merged into, where this person may see
        that; nobody sees what is restricted.
        """
        seen = self.model.objects.visible(user) if user else self.model.objects.unrestricted()
        into = seen.filter(pk=OuterRef("merged_into")).order_by()
        return self.annotate(merged_seen=Subquery(into.values("pk")[:1]))

    def unrestricted(self):
        """What may be told to anybody who reads incidents: figures, feeds, channels."""
        return self.filter(is_restricted=False)

    def open(self):
        """By the time that only these lack: of a list of states SQLite knows no partial index."""
        return self.filter(resolved_at=None)

    def over(self):
        return self.filter(state__in=OVER)

    def major(self):
        return self.filter(level__lte=MAJOR)

    def real(self):
        """Drills do not count in figures."""
        return self.filter(is_drill=False)

    def unacknowledged(self):
        return self.open().filter(acknowledged_at=None)

    def unanswered(self):
        """Open ones whose policy has ended without an answer."""
        ended = Escalation.objects.unanswered().values("incident")
        return self.open().filter(pk__in=ended)

    def of_group(self, key: str):
        """The one that further alerts of the same group join."""
        return self.open().filter(group_key=key).exclude(group_key="")  # as the index has it

    def before_of_group(self, key: str, *, since: datetime):
        """The newest one of the same group that ended since then."""
        ended = self.over().filter(group_key=key, resolved_at__gte=since).exclude(group_key="")
        return ended.order_by("-declared_at", "-pk")

    def idle(self, at: datetime):
        """Acknowledged, and nothing happened for as long as its severity allows."""
        return self.open().filter(idle_at__lte=at)

    def of_service(self, *slugs: str):
        return self.filter(affected__service__slug__in=slugs).distinct()

    def held_by(self, user):
        """Open ones in which this person has a role."""
        mine = Q(assignments__person=user, assignments__until=None)
        return self.open().filter(mine).distinct()

    def declared_since(self, at: datetime):
        return self.filter(declared_at__gte=at)

    def changed_since(self, at: datetime):
        """Those whose timeline has an entry of then or later.

        Of few entries the incidents are looked up; among many the newest ones are found soon.
        """
        entries = Entry.objects.filter(at__gte=at).order_by("at")
        few = list(entries.values_list("incident", flat=True)[: LOOKED_UP + 1])
        if len(few) <= LOOKED_UP:
            return self.filter(pk__in=set(few))
        return self.filter(Exists(entries.filter(incident=OuterRef("pk")).order_by()))

    def similar_to(self, incident, *, names: Iterable[str], services: Iterable[int]):
        """Earlier ones that are over, by how many alerts and services they share.

        Of very many with one of them the newest are compared.
        """
        names, services = [*names], [*services]
        alike = _newest_over(IncidentAlert.objects.filter(name__in=names))
        alike |= _newest_over(AffectedService.objects.filter(service__in=services))
        alerts = Count(
            "incident_alerts__name", filter=Q(incident_alerts__name__in=names), distinct=True
        )
        shared = Count("affected", filter=Q(affected__service__in=services), distinct=True)
        earlier = Q(declared_at__lt=incident.declared_at)
        earlier |= Q(declared_at=incident.declared_at, pk__lt=incident.pk)
        rows: Any = self.over().filter(earlier, pk__in=alike - {incident.pk})
        rows = rows.annotate(same_alerts=alerts, same_services=shared)
        rows = rows.filter(Q(same_alerts__gt=0) | Q(same_services__gt=0), merged_into=None)
        return rows.order_by("-same_alerts", "-same_services", "-declared_at")


def _newest_over(parts: Any) -> set[int]:
    """The incidents of the newest of these parts of incidents that are over."""
    rows = parts.filter(incident__state__in=OVER).order_by("-pk")
    return set(rows.values_list("incident", flat=True)[:COMPARED])


def idle_after(terms: dict, at: datetime) -> datetime | None:
    """Until when something has to happen, once it is acknowledged."""
    minutes = terms["idle_minutes"]
    return at + timedelta(minutes=minutes) if minutes else None
