"""What the API says of maintenance, and takes."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.architecture.models import Service
from portal.core.api.checks import checked_by
from portal.core.api.rows import Row, TaggedRow, member
from portal.core.api.slugs import KnownSlugField
from portal.core.data import clock
from portal.core.data.columns import longest
from portal.core.data.queries import SEPARATOR, joined
from portal.core.web.address import absolute
from portal.monitoring.models import Maintenance, Window
from portal.monitoring.models.maintenance import LONGEST, SHORTEST, tag_of
from portal.monitoring.models.phases import phase_of
from portal.monitoring.models.schedule import validate_cron, validate_zone

MINUTE = timedelta(minutes=1)
STATES = ("active", "upcoming", "past", "cancelled")
SERVICES = "Slugs of the services; empty: all of them."


def _url(pk: int) -> str:
    return absolute(reverse("monitoring:maintenance-plan", args=[pk]))


def _minutes(duration: timedelta) -> int:
    return int(duration / MINUTE)


def _split(slugs: str) -> list[str]:
    return sorted(filter(None, slugs.split(SEPARATOR)))


def _plan_state(cancelled_at: datetime | None, is_active: bool, is_to_come: bool) -> str:
    if cancelled_at:
        return "cancelled"
    return "active" if is_active else "upcoming" if is_to_come else "past"


def _window_state(
    starts_at: datetime,
    ends_at: datetime,
    cancelled_at: datetime | None,
    plan_cancelled_at: datetime | None,
    at: datetime,
) -> str:
    """As `Window.objects.kept` tells them apart."""
    if cancelled_at or (plan_cancelled_at and ends_at > plan_cancelled_at):
        return "cancelled"
    return phase_of(starts_at, ends_at, at).value


def _services_of(rows, owner: str):
    """A column with the slugs of the services of each row's maintenance."""
    through = Maintenance.services.through.objects.all()
    slugs = joined(through, F("service__slug"), owner="maintenance_id", outer=owner)
    return rows.annotate(service_slugs=slugs)


class MaintenanceSerializer(TaggedRow):
    """Planned work: alerts of its services call nobody during its windows."""

    id = member(serializers.IntegerField(), "pk")
    title = member(serializers.CharField(help_text="What is done."), "title")
    note = member(serializers.CharField(help_text="More about it; may be empty."), "note")
    services = member(
        serializers.ListField(child=serializers.CharField(), help_text=SERVICES),
        "service_slugs",
        made=_split,
    )
    is_for_all = member(
        serializers.BooleanField(
            help_text="Whether it is for all services, and alerts without any."
        ),
        "is_for_all",
    )
    starts_at = member(
        serializers.DateTimeField(help_text="Of what recurs: no window begins before."),
        "starts_at",
    )
    minutes = member(
        serializers.IntegerField(help_text="How long a window is."), "duration", made=_minutes
    )
    cron = member(
        serializers.CharField(help_text="When it recurs, in its time zone; empty: once."), "cron"
    )
    zone = member(serializers.CharField(help_text="The time zone of `cron`."), "zone")
    until = member(
        serializers.DateTimeField(
            allow_null=True, help_text="No window begins after; null: until it is cancelled."
        ),
        "until",
    )
    state = member(
        serializers.ChoiceField(
            choices=STATES, help_text="`active`: a window runs; `past`: all of them are over."
        ),
        "cancelled_at",
        "is_active",
        "is_to_come",
        made=_plan_state,
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    planned_by = member(
        serializers.CharField(allow_null=True, help_text="User name; null: who has left."),
        "planned_by__username",
    )
    planned_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("planned_by"),
        made=shown_name,
    )
    cancelled_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When it was cancelled; null: no."),
        "cancelled_at",
    )
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)

    @classmethod
    def annotated(cls, rows):
        mine, at = Window.objects.filter(maintenance=OuterRef("pk")), clock.now()
        return _services_of(rows, "pk").annotate(
            is_active=Exists(mine.active(at)), is_to_come=Exists(mine.upcoming(at))
        )


class WindowSerializer(Row):
    """One time at which maintenance takes place."""

    id = member(serializers.IntegerField(), "pk")
    maintenance = member(serializers.IntegerField(help_text="Its plan."), "maintenance_id")
    title = member(serializers.CharField(help_text="What is done."), "maintenance__title")
    services = member(
        serializers.ListField(child=serializers.CharField(), help_text=SERVICES),
        "service_slugs",
        made=_split,
    )
    is_for_all = member(
        serializers.BooleanField(
            help_text="Whether it is for all services, and alerts without any."
        ),
        "maintenance__is_for_all",
    )
    state = member(
        serializers.ChoiceField(choices=STATES, help_text="As it stands now."),
        "starts_at",
        "ends_at",
        "cancelled_at",
        "maintenance__cancelled_at",
        "asked_at",
        made=_window_state,
    )
    starts_at = member(serializers.DateTimeField(help_text="From when."), "starts_at")
    ends_at = member(serializers.DateTimeField(help_text="Until when."), "ends_at")
    cancelled_at = member(
        serializers.DateTimeField(
            allow_null=True, help_text="When it was cancelled before it began; null: no."
        ),
        "cancelled_at",
    )
    ended_by = member(
        serializers.CharField(
            allow_null=True, help_text="Who ended or cancelled it; null: nobody did."
        ),
        "ended_by__username",
    )
    ended_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("ended_by"),
        made=shown_name,
    )
    url = member(
        serializers.CharField(help_text="The page for people."), "maintenance_id", made=_url
    )

    @classmethod
    def annotated(cls, rows):
        return _services_of(rows, "maintenance_id").asked(clock.now())


class NewMaintenanceSerializer(serializers.Serializer):
    title = serializers.CharField(
        max_length=longest(Maintenance, "title"), help_text="What is done."
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=longest(Maintenance, "note"),
        help_text="More about it.",
    )
    services = KnownSlugField(
        slug_field="slug",
        queryset=Service.objects.all(),
        many=True,
        required=False,
        help_text="Slugs of the services; or `is_for_all`.",
    )
    is_for_all = serializers.BooleanField(
        required=False, help_text="Mute all services, and alerts for which none was found."
    )
    starts_at = serializers.DateTimeField(
        required=False, help_text="When it begins; not said: now. Of what recurs: not before."
    )
    minutes = serializers.IntegerField(
        min_value=_minutes(SHORTEST), max_value=_minutes(LONGEST), help_text="Of one window."
    )
    cron = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=longest(Maintenance, "cron"),
        validators=[checked_by(validate_cron)],
        help_text="Five fields, such as `0 3 * * 0`; empty: once.",
    )
    zone = serializers.CharField(
        required=False,
        max_length=longest(Maintenance, "zone"),
        validators=[checked_by(validate_zone)],
        help_text="The time zone of `cron`, such as Europe/Berlin; UTC if not said.",
    )
    until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="No window begins after; null: none is the last."
    )
