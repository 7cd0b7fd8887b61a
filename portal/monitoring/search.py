"""What this app offers to the one search."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.core.web.days import minute_of
from portal.search.registry import OWNER, Kind, Text, register
from runbooks.models import Runbook

from .models import Alert, AlertName, Heartbeat, Intake, Maintenance


def key_of(row) -> str:
    return str(row.pk)


def name_text(row: AlertName) -> Text:
    return Text(title=row.name, names=[row.name], line="Each time that it fired")


def heartbeat_text(row: Heartbeat) -> Text:
    return Text(title=row.name, names=[row.slug], about=row.when)


def plan_text(row: Maintenance) -> Text:
    return Text(
        title=row.title,
        body=row.note,
        line=row.note,
        about="Recurring" if row.cron else "Once",
        is_current=row.cancelled_at is None,
    )


def intake_text(row: Intake) -> Text:
    about = row.get_kind_display()
    return Text(title=row.name, about=about, is_current=row.revoked_at is None)


def offer(name: str, rows, label: str, plural: str, icon: str, **more) -> None:
    """Of rows that have no other name in an address than their number."""
    model = rows().model._meta.model_name
    permission = more.pop("permission", f"monitoring.view_{model}")
    kind = {"name": name, "label": label, "plural": plural, "icon": icon, "rows": rows}
    known = {"slug": key_of, "permission": permission, "unpublished": permission}
    register(Kind(**kind, **known | more))


def names() -> QuerySet:
    return AlertName.objects.all()


def answers_to(key: int) -> QuerySet:
    """The runbook that answers this name; tools differ in case."""
    name = AlertName.objects.values_list("name", flat=True).filter(pk=key).first()
    return Runbook.objects.filter(alerts__name__iexact=name or "")


def states_of(names: Iterable[str]) -> dict[str, str]:
    """Whether each of these names fires, or when it fired last."""
    own = Alert.objects.filter(name=OuterRef("name")).order_by("-starts_at", "-pk")
    began = own.values("starts_at")[:1]
    rows = AlertName.objects.filter(name__in=list(names)).annotate(
        newest=Subquery(began), fires=Subquery(own.firing().values("starts_at")[:1])
    )
    found = rows.values_list("name", "newest", "fires")
    return {name: _state(newest, since) for name, newest, since in found if newest}


def _state(newest: datetime, since: datetime | None) -> str:
    return f"Firing since {minute_of(since)}" if since else f"Fired last {minute_of(newest)}"


offer(
    "alert",
    names,
    "Alert",
    "Alerts",
    "bell",
    text=name_text,
    slug=lambda row: row.name,
    address=lambda name: f"{reverse('monitoring:alert-history')}?{urlencode({'name': name})}",
    permission="monitoring.view_alert",
    filters={SERVICE: "service__slug"},
    yields=answers_to,
    state=states_of,
)
offer(
    "heartbeat",
    Heartbeat.objects.all,
    "Heartbeat",
    "Heartbeats",
    "pulse",
    text=heartbeat_text,
    address=lambda key: reverse("monitoring:heartbeat", args=[key]),
    filters={SERVICE: "service__slug", OWNER: "owner__slug"},
)
offer(
    "maintenance",
    Maintenance.objects.all,
    "Maintenance",
    "Maintenance",
    "calendar",
    text=plan_text,
    address=lambda key: reverse("monitoring:maintenance-plan", args=[key]),
    filters={SERVICE: "services__slug"},
)
offer(
    "intake",
    Intake.objects.all,
    "Intake",
    "Intakes",
    "inbox",
    text=intake_text,
    address=lambda key: reverse("monitoring:intake", args=[key]),
)
