"""Finding incidents."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, Q

from .choices import OPEN, OVER
from .escalations import Escalation
from .participants import Participant
from .severities import MAJOR

READ = "incidents.view_incident"
RESTRICTED = "incidents.view_restricted_incident"


class IncidentQuerySet(models.QuerySet):
    def visible(self, user):
        """All that this person may see. What is restricted exists for nobody else."""
        if not user.has_perm(READ):
            return self.none()
        if user.has_perm(RESTRICTED):
            return self
        own = Participant.objects.filter(person=user).values("incident")
        return self.filter(Q(is_restricted=False) | Q(pk__in=own))

    def unrestricted(self):
        """What may be told to anybody who reads incidents: figures, feeds, channels."""
        return self.filter(is_restricted=False)

    def open(self):
        return self.filter(state__in=OPEN)

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
        return self.open().filter(group_key=key)

    def before_of_group(self, key: str, *, since: datetime):
        """The newest one of the same group that ended since then."""
        ended = self.over().filter(group_key=key, resolved_at__gte=since)
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

    def similar_to(self, incident, *, names: Iterable[str], services: Iterable[int]):
        """Earlier ones with the same alerts or services, those that share most first."""
        alerts = Count(
            "incident_alerts__name", filter=Q(incident_alerts__name__in=[*names]), distinct=True
        )
        shared = Count("affected", filter=Q(affected__service__in=[*services]), distinct=True)
        rows = self.exclude(pk=incident.pk).annotate(same_alerts=alerts, same_services=shared)
        rows = rows.filter(Q(same_alerts__gt=0) | Q(same_services__gt=0), merged_into=None)
        return rows.order_by("-same_alerts", "-same_services", "-declared_at")


def idle_after(terms: dict, at: datetime) -> datetime | None:
    """Until when something has to happen, once it is acknowledged."""
    minutes = terms["idle_minutes"]
    return at + timedelta(minutes=minutes) if minutes else None
