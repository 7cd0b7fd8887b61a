"""What the API says and takes about how somebody is reached."""

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from rest_framework import serializers

from portal.core.api.rows import Row, member
from portal.core.data.columns import longest
from portal.core.web.address import absolute
from portal.notifications.models import ContactKind, ContactMethod, Delivery, Urgency, WakeLevel
from portal.notifications.models.contact_methods import DIGITS, FAILING, MOST_METHODS
from portal.notifications.transports.service import LONGEST_ADDRESS

STATES = ("unverified", "verified", "failing")
GETS = "`high`: only what is urgent; `low`: everything."


class ClockField(serializers.RegexField):
    """Hours and minutes of a clock on the wall: RFC 3339 has no time without an offset."""

    def __init__(self, **more):
        super().__init__(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", **more)


def _state(verified_at: datetime | None, failures: int) -> str:
    if verified_at is None:
        return "unverified"
    return "failing" if failures >= FAILING else "verified"


def _url(pk: int) -> str:
    return absolute(reverse("notifications:contact-method", args=[pk]))


class ContactMethodSerializer(Row):
    """A contact method, beside the address in your profile."""

    id = member(serializers.IntegerField(), "pk")
    kind = member(
        serializers.ChoiceField(choices=ContactKind.choices, help_text="How it is reached."), "kind"
    )
    label = member(
        serializers.CharField(allow_blank=True, help_text="As you call it, such as “Phone”."),
        "label",
    )
    to = member(
        serializers.CharField(
            help_text="Where it leads. Of a service only its name and what is no secret."
        ),
        "shown",
    )
    least_urgency = member(
        serializers.ChoiceField(choices=Urgency.choices, help_text=GETS), "least_urgency"
    )
    position = serializers.IntegerField(
        min_value=1,
        help_text="1 is the first. What is urgent goes to all at once; what is not, to the first "
        "that gets everything.",
    )
    state = member(
        serializers.ChoiceField(
            choices=STATES,
            help_text="`unverified`: it gets its code and nothing else; `failing`: it took none of "
            "the last messages.",
        ),
        "verified_at",
        "failures",
        made=_state,
    )
    failing_since = member(
        serializers.DateTimeField(allow_null=True, help_text="Null: it does not fail."),
        "failing_since",
    )
    last_error = member(
        serializers.CharField(
            allow_null=True, help_text="Why its newest message that failed did; null: none did."
        ),
        "newest_error",
    )
    code_until = member(
        serializers.DateTimeField(allow_null=True, help_text="Until when its code holds, if any."),
        "code_until",
    )
    verified_at = member(
        serializers.DateTimeField(allow_null=True, help_text="Null: not yet."), "verified_at"
    )
    created_at = member(serializers.DateTimeField(), "created_at")
    etag = serializers.CharField()
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)

    @classmethod
    def annotated(cls, rows):
        failed = Delivery.objects.filter(contact_method=OuterRef("pk")).exclude(last_error="")
        newest = failed.order_by("-pk").values("last_error")[:1]
        return rows.annotate(newest_error=Subquery(newest))


class QuietHoursSerializer(serializers.Serializer):
    """When you are left alone."""

    is_on = serializers.BooleanField(
        help_text="Whether you have quiet hours; if not, the rest is when they would be."
    )
    starts = ClockField(help_text="By the clock of `time_zone`, such as `22:00`.")
    ends = ClockField(help_text="On the next day, if it is earlier than `starts`.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        help_text="On which they begin; Monday is 0.",
    )
    wakes_for = serializers.ChoiceField(
        choices=WakeLevel.choices, help_text="What reaches you nevertheless. Mail always does."
    )
    time_zone = serializers.CharField(help_text="That of your profile.")
    etag = serializers.CharField()


# What is taken


class ChangeMethodSerializer(serializers.Serializer):
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=longest(ContactMethod, "label"),
        allow_blank=True,
        required=False,
        help_text="As you call it.",
    )
    least_urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, help_text=GETS)
    position = serializers.IntegerField(
        min_value=1, max_value=MOST_METHODS, required=False, help_text="1: make it the first."
    )


class NewMethodSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(
        choices=ContactKind.choices, help_text="How it is reached; it never changes."
    )
    to = serializers.CharField(
        source="address",
        max_length=LONGEST_ADDRESS,
        help_text="An e-mail address, or the apprise address of a service, whole; no answer has "
        "its secrets.",
    )
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=longest(ContactMethod, "label"),
        allow_blank=True,
        required=False,
        help_text="As you call it.",
    )
    least_urgency = serializers.ChoiceField(
        choices=Urgency.choices, required=False, help_text=f"{GETS} `high` if not given."
    )


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField(
        max_length=20, help_text=f"The {DIGITS} digits of the message that came."
    )


class WriteQuietHoursSerializer(serializers.Serializer):
    """Also as GET answers it."""

    is_on = serializers.BooleanField(help_text="False: none now; their times stay for later.")
    starts = ClockField(
        required=False, help_text="By the clock of your time zone; at first `22:00`."
    )
    ends = ClockField(
        required=False,
        help_text="On the next day, if it is earlier than `starts`; at first `07:00`.",
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        max_length=7,
        help_text="On which they begin; Monday is 0. At first every day.",
    )
    wakes_for = serializers.ChoiceField(
        choices=WakeLevel.choices,
        required=False,
        help_text="What reaches you then; at first `urgent`.",
    )
    time_zone = serializers.CharField(
        required=False, max_length=64, help_text="That of your profile: another one is refused."
    )
    etag = serializers.CharField(
        required=False, max_length=100, help_text="Changes nothing: If-Match names the tag."
    )
