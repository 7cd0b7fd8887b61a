"""What explains an alert, as its page does: what came, what muted it, who was told, ratings."""

from django.db.models import Max, OuterRef, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.rows import Row, member
from portal.monitoring.models import MutedBy
from portal.notifications.models import ContactKind, Delivery, DeliveryState
from portal.notifications.models.routes import NOT_MAILED

from .views import AlertsView

LIST = [*FIELDS, *PAGED]
NEWEST = Ordering(("at",), descending=True)
LAST_BEGUN = Ordering(("began_at",), descending=True)
LAST_WRITTEN = Ordering(("created_at",), descending=True)


def _is_on_page_only(state: str, error: str) -> bool:
    """As `Delivery.is_here_only`."""
    return state == DeliveryState.EXPIRED and error == NOT_MAILED


class EventSerializer(Row):
    """What one delivery of a tool said of an alert, and what that changed."""

    at = member(serializers.DateTimeField(help_text="When it came."), "at")
    state = member(serializers.CharField(help_text="As the tool said it."), "state")
    change = member(serializers.CharField(help_text="What it changed, in words."), "change")
    sender = member(
        serializers.CharField(
            allow_null=True, help_text="As the tool calls itself; null: not kept any more."
        ),
        "received__sender",
    )
    answer = member(
        serializers.IntegerField(
            allow_null=True, help_text="The status it was answered; null: not kept any more."
        ),
        "received__answer",
    )


class AlertMutingSerializer(Row):
    """From when to when one thing kept an alert from calling people."""

    muted_by = member(
        serializers.ChoiceField(choices=MutedBy.choices, help_text="What kept it from calling."),
        "by",
    )
    muted_why = member(serializers.CharField(help_text="As its page says it."), "why")
    silence = member(
        serializers.IntegerField(allow_null=True, help_text="Number of the silence."), "silence"
    )
    maintenance = member(
        serializers.IntegerField(allow_null=True, help_text="Number of the planned maintenance."),
        "window__maintenance",
    )
    under = member(
        serializers.IntegerField(allow_null=True, help_text="Number of the alert it stood under."),
        "under",
    )
    began_at = member(serializers.DateTimeField(help_text="From when."), "began_at")
    ended_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Null: it lasts."), "ended_at"
    )
    is_withheld = member(
        serializers.BooleanField(help_text="Whether nobody was told that the alert fires."),
        "is_withheld",
    )
    was_told_after = member(
        serializers.BooleanField(help_text="Whether it still fired at the end, and people heard."),
        "told_key",
        made=bool,
    )


class NoticeSerializer(Row):
    """One message about an alert: to whom, by what kind of channel, and how far it got."""

    delivery = member(
        serializers.IntegerField(
            allow_null=True, help_text="Number of the delivery; null: you may not see that."
        ),
        "seen",
    )
    created_at = member(serializers.DateTimeField(help_text="When it was written."), "created_at")
    subject = member(serializers.CharField(), "subject")
    recipient = member(
        serializers.CharField(allow_null=True, help_text="User name; null: a channel."),
        "recipient__username",
    )
    recipient_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("recipient"),
        made=shown_name,
    )
    channel = member(
        serializers.CharField(allow_null=True, help_text="Slug of the channel, if it is one."),
        "channel__slug",
    )
    contact_method = member(
        serializers.ChoiceField(
            choices=ContactKind.choices,
            allow_null=True,
            help_text="Kind of the contact method; null: the address in the profile, or a channel.",
        ),
        "contact_method__kind",
    )
    transport = member(
        serializers.CharField(help_text="The kind of channel: `mail`, `webhook` or `service`."),
        "transport",
    )
    state = member(serializers.ChoiceField(choices=DeliveryState.choices), "state")
    is_on_page_only = member(
        serializers.BooleanField(
            help_text="Whether the person chose to read such messages on their page, unsent."
        ),
        "state",
        "last_error",
        made=_is_on_page_only,
    )
    attempts = member(serializers.IntegerField(min_value=0), "attempts")
    tried_at = member(
        serializers.DateTimeField(
            allow_null=True, help_text="When it was tried last; null: never, or not kept any more."
        ),
        "tried_at",
    )
    sent_at = member(serializers.DateTimeField(allow_null=True), "sent_at")

    @classmethod
    def annotated(cls, rows):
        return rows.annotate(tried_at=Max("attempt__began_at"))


class RatingSerializer(Row):
    """What one person made of an alert; their last word counts."""

    user = member(serializers.CharField(help_text="User name."), "person__username")
    user_name = member(
        serializers.CharField(help_text="As colleagues know them."),
        *names_of("person"),
        made=shown_name,
    )
    useful = member(serializers.BooleanField(help_text="False: noise."), "is_useful")
    at = member(serializers.DateTimeField(), "at")


class Events(AlertsView):
    @extend_schema(
        operation_id="alerts_events", parameters=LIST, responses=page_of(EventSerializer)
    )
    def get(self, request, pk):
        """What came of this episode and what it changed, the newest first."""
        return self.listed(EventSerializer, self.alert(pk).events.all(), NEWEST, "events")


class Mutings(AlertsView):
    @extend_schema(
        operation_id="alerts_mutings", parameters=LIST, responses=page_of(AlertMutingSerializer)
    )
    def get(self, request, pk):
        """What muted this episode, the newest first."""
        rows = self.alert(pk).mutings.all()
        return self.listed(AlertMutingSerializer, rows, LAST_BEGUN, "mutings")


class Notices(AlertsView):
    @extend_schema(
        operation_id="alerts_notices", parameters=LIST, responses=page_of(NoticeSerializer)
    )
    def get(self, request, pk):
        """Who was told of this episode, the newest message first; addresses are left out."""
        mine = Delivery.objects.visible(request.user).filter(pk=OuterRef("pk"))
        seen = Subquery(mine.order_by().values("pk")[:1])
        rows = Delivery.objects.filter(key__in=self.alert(pk).told).annotate(seen=seen)
        return self.listed(NoticeSerializer, rows, LAST_WRITTEN, "notices")


class Ratings(AlertsView):
    @extend_schema(
        operation_id="alerts_ratings", parameters=LIST, responses=page_of(RatingSerializer)
    )
    def get(self, request, pk):
        """How people rated this episode, the newest first."""
        return self.listed(RatingSerializer, self.alert(pk).ratings.all(), NEWEST, "ratings")
