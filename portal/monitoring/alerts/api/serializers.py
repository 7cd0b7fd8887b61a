"""What the API says of alerts, and takes."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.core.api.rows import Row, member
from portal.core.web.address import absolute
from portal.monitoring.models import AlertState, MutedBy, Muting, Rating
from portal.monitoring.models.alerts import LONGEST_NOTE, SUMMARIES
from portal.monitoring.models.silences import LONGEST_REASON
from portal.monitoring.muting.expiry import ExpirySerializer


def _url(pk: int) -> str:
    return absolute(f"/monitoring/alerts/{pk}/")


def _summary(annotations: dict) -> str:
    """As `Alert.summary`."""
    texts = (str(annotations.get(name, "")).strip() for name in SUMMARIES)
    return next(filter(None, texts), "")


def _or_none(text: str) -> str | None:
    return text or None


def _said(is_useful: bool):
    rows = Rating.objects.filter(alert=OuterRef("pk"), is_useful=is_useful).order_by()
    counted = rows.values("alert").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _muting(column: str) -> Subquery:
    """Of what mutes it now."""
    rows = Muting.objects.open().filter(alert=OuterRef("pk")).order_by()
    return Subquery(rows.values(column)[:1])


class AlertEpisodeSerializer(Row):
    """One episode of an alert that a tool sent."""

    id = member(serializers.IntegerField(), "pk")
    name = member(serializers.CharField(help_text="Name of the alert."), "name")
    state = member(serializers.ChoiceField(choices=AlertState.choices), "state")
    severity = member(
        serializers.CharField(help_text="As the tool says it; empty: it says none."), "severity"
    )
    summary = member(
        serializers.CharField(help_text="The annotation that says it in a line."),
        "annotations",
        made=_summary,
    )
    labels = member(
        serializers.DictField(
            child=serializers.CharField(), help_text="What the tool says it is about."
        ),
        "labels",
    )
    annotations = member(
        serializers.DictField(
            child=serializers.CharField(), help_text="What the tool says beside its labels."
        ),
        "annotations",
    )
    starts_at = member(serializers.DateTimeField(help_text="Since when it fires."), "starts_at")
    ends_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When it ended; null: it fires."),
        "ends_at",
    )
    first_received_at = member(
        serializers.DateTimeField(help_text="When it was first heard of here."),
        "first_received_at",
    )
    received_at = member(
        serializers.DateTimeField(help_text="When something of it came last."), "received_at"
    )
    deliveries = member(serializers.IntegerField(help_text="How often it came."), "deliveries")
    fingerprint = member(
        serializers.CharField(help_text="What its episodes have in common, by its tool."),
        "fingerprint",
    )
    intake = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the intake that it came by; null: by none."
        ),
        "intake_id",
    )
    intake_name = member(
        serializers.CharField(allow_null=True, help_text="As it is called."), "intake__name"
    )
    service = member(
        serializers.CharField(allow_null=True, help_text="Slug; null: none was found."),
        "service__slug",
    )
    service_by = member(
        serializers.CharField(help_text="What named the service; empty: nothing did."),
        "service_by",
    )
    runbook = member(
        serializers.CharField(allow_null=True, help_text="Slug; null: none was found."),
        "runbook__slug",
    )
    runbook_by = member(
        serializers.CharField(help_text="What named the runbook; empty: nothing did."),
        "runbook_by",
    )
    runbook_url = member(
        serializers.CharField(help_text="A runbook outside of the portal; empty: none."),
        "runbook_url",
    )
    generator_url = member(
        serializers.CharField(help_text="Where the tool shows it; empty: unknown."),
        "generator_url",
    )
    acknowledged_at = member(
        serializers.DateTimeField(
            allow_null=True, help_text="When somebody took it in hand; null: nobody has."
        ),
        "acknowledged_at",
    )
    acknowledged_by = member(
        serializers.CharField(
            allow_null=True, help_text="User name; null beside a time: in the tool that sent it."
        ),
        "acknowledged_by__username",
    )
    acknowledged_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("acknowledged_by"),
        made=shown_name,
    )
    muted_by = member(
        serializers.ChoiceField(
            choices=MutedBy.choices,
            allow_null=True,
            help_text="What keeps it from calling people now; null: nothing.",
        ),
        "muted_by",
        made=_or_none,
    )
    muted_why = member(
        serializers.CharField(allow_null=True, help_text="Why, as its page says it."), "muted_why"
    )
    muted_until = member(
        serializers.DateTimeField(
            allow_null=True,
            help_text="Until when; null beside a reason: until what it stands under is over.",
        ),
        "muted_until",
    )
    silence = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the silence that mutes it; null: none does."
        ),
        "silence_id",
    )
    under = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the alert that it stands under; null: of none."
        ),
        "under_id",
    )
    resolved_by = member(
        serializers.CharField(
            allow_null=True, help_text="User name of who ended it by hand; null: the tool did."
        ),
        "resolved_by__username",
    )
    resolved_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("resolved_by"),
        made=shown_name,
    )
    resolved_note = member(
        serializers.CharField(help_text="Why it was ended by hand."), "resolved_note"
    )
    useful = member(serializers.IntegerField(help_text="How many called it useful."), "useful")
    noise = member(serializers.IntegerField(help_text="How many called it noise."), "noise")
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)

    @classmethod
    def annotated(cls, rows):
        return rows.annotate(
            useful=_said(True),
            noise=_said(False),
            muted_why=_muting("why"),
            silence_id=_muting("silence"),
            under_id=_muting("under"),
            muted_until=Coalesce(_muting("silence__ends_at"), _muting("window__ends_at")),
        )


class VerdictSerializer(serializers.Serializer):
    useful = serializers.BooleanField(help_text="Whether it was useful; false: it was noise.")


class EndedSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=LONGEST_NOTE, help_text="Why it is over.")


class SnoozeSerializer(ExpirySerializer):
    reason = serializers.CharField(
        required=False, max_length=LONGEST_REASON, help_text="Why; it is shown with the alert."
    )
