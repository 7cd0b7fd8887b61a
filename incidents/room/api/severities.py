"""Severities: what each means, read and changed."""

from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from incidents.models import Severity
from incidents.models.severities import (
    AUDIENCES,
    HIGHEST,
    LONGEST_DAYS,
    LONGEST_MINUTES,
    LOWEST,
    name_of,
)
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.rows import TaggedRow, member

BY_LEVEL = Ordering(("level",))
CHANGED = sent("Updates more often", update_minutes=15)


def _tag(level: int, revision: int) -> str:
    """As `Severity.etag`."""
    return f'"sev{level}-{revision}"'


def _minutes(help_text: str) -> Any:
    return serializers.IntegerField(
        min_value=1, max_value=LONGEST_MINUTES, allow_null=True, help_text=help_text
    )


def _days(help_text: str) -> Any:
    return serializers.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, allow_null=True, help_text=help_text
    )


def _fields() -> dict[str, Any]:
    """What may be changed, by the column of the same name."""
    fields = serializers
    return {
        "title": fields.CharField(max_length=60, help_text="In a word or two."),
        "definition": fields.CharField(max_length=1000, help_text="When it is this bad."),
        "examples": fields.CharField(
            max_length=2000, allow_blank=True, help_text="One on each line."
        ),
        "calls": fields.BooleanField(help_text="Whether people are called; false: a ticket only."),
        "is_urgent": fields.BooleanField(help_text="Whether people are reached at any hour."),
        "acknowledge_minutes": _minutes("Until somebody has it; null: no clock."),
        "notice_minutes": _minutes("Until the first notice; null: no clock."),
        "update_minutes": _minutes("Between two updates; null: no clock."),
        "slow_after_minutes": _minutes("After so long updates may be slower; null: never."),
        "slow_update_minutes": _minutes("Between two updates then; null: never slower."),
        "idle_minutes": _minutes("Idle for so long, people are called again; null: never."),
        "review_days": _days("Until the review, from the resolution; null: none is due."),
        "review_in_business_days": fields.BooleanField(help_text="Whether business days count."),
        "action_days": _days("Until the actions of the review are done; null: no clock."),
        "actions_in_business_days": fields.BooleanField(help_text="Whether business days count."),
        "needs_approval": fields.BooleanField(
            help_text="Whether the commander approves what is sent to others than responders."
        ),
        "audiences": fields.ListField(
            child=fields.CharField(max_length=20),
            max_length=len(AUDIENCES),
            help_text=f"Who may be told: {', '.join(AUDIENCES)}.",
        ),
        "source": fields.CharField(
            max_length=500, allow_blank=True, help_text="Where the values come from."
        ),
    }


class _Severity(TaggedRow):
    name = member(
        serializers.CharField(help_text="SEV1 is the worst, SEV5 the mildest."),
        "level",
        made=name_of,
    )
    level = member(serializers.IntegerField(help_text="1 to 5."), "level")


class SeverityRowSerializer(_Severity):
    """What a severity means for incidents that are opened from now on."""

    locals().update({name: member(field, name) for name, field in _fields().items()})
    etag = member(serializers.CharField(), "level", "revision", made=_tag)


class ChangeSeveritySerializer(serializers.Serializer):
    """What an incident has been opened with stays with it."""

    locals().update(_fields())


class SeveritiesView(AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_severity"}

    def rows(self, name: str):
        """The query of one, named `sev2` or `SEV2`."""
        level = name.upper().removeprefix("SEV")
        if level not in map(str, range(HIGHEST, LOWEST + 1)):
            raise Http404
        return Severity.objects.visible(self.request.user).filter(level=int(level))


class Severities(SeveritiesView):
    @extend_schema(
        operation_id="severities_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(SeverityRowSerializer),
    )
    def get(self, request):
        """SEV1 to SEV5: definitions, clocks, who is called and who may be told."""
        rows = Severity.objects.visible(request.user)
        return self.listed(SeverityRowSerializer, rows, BY_LEVEL, "severities")


class SeverityDetail(SeveritiesView):
    permissions = {"GET": "incidents.view_severity", "PATCH": "incidents.change_severity"}

    @extend_schema(
        operation_id="severities_read", parameters=FIELDS, responses=SeverityRowSerializer
    )
    def get(self, request, name):
        """One severity."""
        names = SeverityRowSerializer.chosen(request.query_params)
        return self.tagged(SeverityRowSerializer, self.rows(name), names=names)

    @extend_schema(
        operation_id="severities_change",
        request=ChangeSeveritySerializer(partial=True),
        parameters=IF_MATCH,
        responses=SeverityRowSerializer,
        examples=CHANGED,
    )
    def patch(self, request, name):
        """Change the members that you send, for incidents that are opened from now on."""
        given = dict(self.checked(ChangeSeveritySerializer, partial=True))
        with transaction.atomic():
            severity = self.found(self.rows(name).select_for_update())
            require_match(request, severity.etag)
            severity.change(given, by=request.user)
        return self.tagged(SeverityRowSerializer, self.rows(name))
