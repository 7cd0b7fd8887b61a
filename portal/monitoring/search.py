"""What this app offers to the one search."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.search.registry import OWNER, Kind, Text, register

from .models import AlertName, Heartbeat, Intake, Maintenance


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
    yields=True,  # to the runbook that answers it
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
