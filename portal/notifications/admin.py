"""What the portal sent to whom: to read, to send again, and not to send any more."""

from django.contrib import admin, messages

from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part, Wait
from portal.core.web.narrow import Narrow
from portal.core.web.read_only import ReadOnly, each

from .channels.status import status_of as status_of_channel
from .contacts.status import status_of as status_of_method
from .deliveries.status import status_of
from .models import Attempt, Channel, ContactMethod, Delivery, DeliveryState


class AttemptInline(admin.TabularInline):
    """Every time that it was handed over, to read."""

    model = Attempt
    extra = 0
    can_delete = False
    fields = ("number", "began_at", "seconds", "answer", "error")
    readonly_fields = fields

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("notifications.view_delivery")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Delivery)
class DeliveryAdmin(Narrow, admin.ModelAdmin):
    list_display = ("subject", "to", "standing", "attempts", "due_at", "sent_at")
    list_filter = ("state", "urgency", "transport")
    list_per_page = 50
    search_fields = ("subject", "to", "key")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        *("subject", "to", "recipient", "channel", "urgency", "transport", "standing"),
        *("text", "key", "message_id"),
        *("created_at", "due_at", "sent_at", "attempts", "last_error"),
    )
    readonly_fields = fields
    inlines = (AttemptInline,)
    actions = ("send_again", "expire")

    @admin.display(description="state", ordering="state")
    def standing(self, delivery):
        return shown(status_of(delivery), delivery.last_error)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("notifications.send_delivery")

    @admin.action(description="Send the chosen deliveries again", permissions=["send"])
    def send_again(self, request, deliveries):
        sent = 0
        for delivery in deliveries.select_related("recipient"):
            try:
                delivery.send_again(by=request.user)
            except DomainError as refusal:
                messages.warning(request, f"{delivery}: {refusal.detail}")
            else:
                sent += 1
        messages.success(request, f"Queued: {sent}. The engine sends them.")

    @admin.action(description="Do not send the chosen deliveries any more", permissions=["send"])
    def expire(self, request, deliveries):
        now = clock.now()
        expired = sum(delivery.expire(by=request.user, at=now) for delivery in deliveries)
        messages.success(request, f"Expired: {expired}. What has ended or is being sent stays.")


@admin.register(Channel)
class ChannelAdmin(ReadOnly):
    """Made and changed on its page; neither its address nor a secret is shown."""

    list_display = ("name", "standing", "kind", "shown_address", "team", "least_urgency")
    list_filter = ("kind", "is_active")
    list_select_related = ("team",)
    search_fields = ("name", "slug", "team__name")
    fields = (
        *("name", "standing", "kind", "shown_address", "team", "kinds", "least_urgency"),
        *("failing_since", "created_at", "created_by"),
    )
    readonly_fields = fields
    actions = ("switch_off", "switch_on")

    def has_switch_permission(self, request):
        return request.user.has_perm("notifications.change_channel")

    @admin.display(description="address")
    def shown_address(self, channel):
        return channel.shown_address

    @admin.display(description="state")
    def standing(self, channel):
        return shown(status_of_channel(channel))

    @admin.action(description="Switch the chosen channels off", permissions=["switch"])
    def switch_off(self, request, channels):
        self._switch(request, channels.filter(is_active=True), False, "Switched off")

    @admin.action(description="Switch the chosen channels on", permissions=["switch"])
    def switch_on(self, request, channels):
        self._switch(request, channels.filter(is_active=False), True, "Switched on")

    def _switch(self, request, channels, is_active: bool, done: str) -> None:
        def act(row):
            row.change(by=request.user, is_active=is_active)

        each(request, channels, act, done)


@admin.register(ContactMethod)
class ContactMethodAdmin(ReadOnly):
    """Who can be reached how: each person's own to change, and its address is a secret."""

    list_display = ("person", "label", "shown", "kind", "standing", "least_urgency", "position")
    list_filter = ("kind", "least_urgency")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__name", "label")
    fields = (
        *("person", "label", "shown", "kind", "standing", "least_urgency", "position"),
        *("verified_at", "failing_since", "created_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).filter(removed_at=None)

    @admin.display(description="state")
    def standing(self, method):
        return shown(status_of_method(method))


def failed():
    return Delivery.objects.filter(state=DeliveryState.FAILED)


DESK = (
    Line(
        Part.OPERATIONS,
        10,
        "Deliveries",
        "Messages by e-mail and to channels; send again or stop",
        "send",
        "notifications.delivery",
        waits=(Wait(failed, "failed", "state__exact=failed", "bad"),),
        rail=("Deliveries", "inbox"),
        below=("notifications.channel", "notifications.contactmethod"),
    ),
    Line(
        Part.OPERATIONS,
        12,
        "Channels",
        "Where teams hear of things; switch several off or on",
        "send",
        "notifications.channel",
    ),
    Line(
        Part.OPERATIONS,
        14,
        "Contact methods",
        "How each person is reached, and what fails",
        "user",
        "notifications.contactmethod",
    ),
)
