"""What the API says of silences, and takes."""

from datetime import datetime

from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.core.api.checks import checked_by
from portal.core.api.rows import TaggedRow, member
from portal.core.data import clock
from portal.core.web.address import absolute
from portal.monitoring.models import Phase, matchers
from portal.monitoring.models.phases import phase_of
from portal.monitoring.models.silences import LONGEST_REASON, tag_of
from portal.monitoring.muting.expiry import ExpirySerializer


def _url(pk: int) -> str:
    return absolute(reverse("monitoring:silence", args=[pk]))


def _state(starts_at: datetime, ends_at: datetime, at: datetime) -> str:
    return phase_of(starts_at, ends_at, at).value


class MatcherSerializer(serializers.Serializer):
    """What one label must be, as Alertmanager has it; a label that is missing is empty."""

    name = serializers.CharField(max_length=matchers.LONGEST_NAME, help_text="Name of the label.")
    operator = serializers.RegexField(  # as choices, their names would be no words of any language
        "^(=|!=|=~|!~)$",
        help_text="`=` equal, `!=` not equal, `=~` matches, `!~` does not match.",
        error_messages={"invalid": f"Use one of {' '.join(matchers.OPERATORS)}"},
    )
    value = serializers.CharField(
        max_length=matchers.LONGEST_VALUE,
        allow_blank=True,
        trim_whitespace=False,
        help_text="The text, or an expression (RE2) that matches all of it.",
    )

    def validate(self, attrs):
        checked_by(matchers.validate_one)(matchers.Matcher(**attrs))
        return attrs


class SilenceSerializer(TaggedRow):
    """Alerts with such labels, or one alert, call nobody until it ends; all is recorded."""

    id = member(serializers.IntegerField(), "pk")
    matchers = member(
        serializers.ListField(
            child=MatcherSerializer(),
            help_text="All of them match what it mutes; empty: it is the snooze of one alert.",
        ),
        "matchers",
    )
    alert = member(
        serializers.CharField(help_text="Of a snooze: the name of the alert; else empty."),
        "alert_name",
    )
    fingerprint = member(
        serializers.CharField(help_text="Of a snooze: that of the alert; else empty."),
        "fingerprint",
    )
    state = member(
        serializers.ChoiceField(choices=Phase.choices, help_text="As it stands now."),
        "starts_at",
        "ends_at",
        "asked_at",
        made=_state,
    )
    starts_at = member(serializers.DateTimeField(help_text="From when."), "starts_at")
    ends_at = member(serializers.DateTimeField(help_text="Until when."), "ends_at")
    reason = member(serializers.CharField(help_text="Why."), "reason")
    created_at = member(serializers.DateTimeField(), "created_at")
    created_by = member(
        serializers.CharField(allow_null=True, help_text="User name; null: who has left."),
        "created_by__username",
    )
    created_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("created_by"),
        made=shown_name,
    )
    ended_by = member(
        serializers.CharField(
            allow_null=True, help_text="Who ended it before its time; null: nobody did."
        ),
        "ended_by__username",
    )
    ended_by_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("ended_by"),
        made=shown_name,
    )
    replaces = member(
        serializers.IntegerField(
            allow_null=True, help_text="The silence that ended as this one began in its place."
        ),
        "replaces_id",
    )
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)

    @classmethod
    def annotated(cls, rows):
        return rows.asked(clock.now())


def _validate(column) -> None:
    matchers.validate([dict(each) for each in column])


class ChangeSilenceSerializer(ExpirySerializer):
    """`minutes` count from now, or from when it begins. Other matchers make a new silence."""

    matchers = serializers.ListField(
        child=MatcherSerializer(),
        max_length=matchers.MOST,
        validators=[checked_by(_validate)],
        help_text="All of them have to match; one at least does not match the empty text.",
    )
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Why.")


class NewSilenceSerializer(ChangeSilenceSerializer):
    """`minutes` count from when it begins."""

    starts_at = serializers.DateTimeField(
        required=False, help_text="From when; not said, or past: now."
    )


class ExtendSerializer(ExpirySerializer):
    """`minutes` count from now, or from when it begins, not from when it would end."""
