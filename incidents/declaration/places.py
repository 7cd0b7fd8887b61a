"""Where something may be wrong: the services that a form offers first."""

from dataclasses import dataclass

from django.db.models import Count

from portal.architecture.models import Service
from portal.monitoring.models import Alert

MOST = 7


@dataclass(frozen=True)
class Place:
    """One service to choose, and how many alerts of it call people now."""

    service: Service
    alerts: int


def places_for(user, *, first: Service | None = None) -> list[Place]:
    """The one that was asked for, those that alert, then those of the person's teams."""
    counts = dict(_alerting()) if user.has_perm("monitoring.view_alert") else {}
    rows = Service.objects.select_related("owner")
    alerting = rows.in_bulk([pk for pk, _ in sorted(counts.items(), key=lambda pair: -pair[1])])
    own = rows.filter(owner__in=user.teams.all()).order_by("tier", "name")[:MOST]
    found = [*([first] if first else []), *alerting.values(), *own]
    return [Place(each, counts.get(each.pk, 0)) for each in dict.fromkeys(found)][:MOST]


def _alerting():
    """(service, how many), those with most alerts first."""
    rows = Alert.objects.calling().filter(service__isnull=False).order_by()
    counted = rows.values("service").annotate(count=Count("pk")).order_by("-count", "service")
    return counted.values_list("service", "count")[:MOST]
